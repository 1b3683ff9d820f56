/** How often a rule may be used: `limit(20, per: day, by: principal)`. */
import { maxInt, type LimitKey, type LimitWindow, type Obligation } from "@wardline/core";
import type { Argument } from "../ast/statement.ts";
import { finding } from "../diagnostics/table.ts";
import { misformed, type Call } from "./misformed.ts";
import type { Setting } from "./scope.ts";

type Limit = Extract<Obligation, { type: "limit" }>;

export const windows: readonly LimitWindow[] = ["second", "minute", "hour", "day"];
export const keys: readonly LimitKey[] = ["principal", "tenant", "resource"];

/** The limit of a rule, or null. It has one at most. `rule`: its id. */
export function limitOf(setting: Setting, rule: string, calls: readonly Call[]): Limit | null {
  const [first, ...others] = calls;
  if (first === undefined) return null;
  for (const other of others)
    setting.report.add(
      finding(
        "obligation/second-limit",
        other.span,
        {},
        { related: [{ span: first.span, message: "the first" }] },
      ),
    );
  const count = countOf(first.args[0]);
  if (count === undefined) {
    misformed(setting, first, "`limit` says first how many, a whole number from 1");
    return null;
  }
  const rest = first.args.slice(1);
  const problem = problemIn(rest);
  const per = windows.find((window) => window === wordOf(rest, "per"));
  const by = keys.find((key) => key === (wordOf(rest, "by") ?? "principal"));
  if (problem !== null || per === undefined || by === undefined) {
    misformed(setting, first, problem ?? "`limit` does not say in which time");
    return null;
  }
  return { type: "limit", rule, count, per, by };
}

function problemIn(args: readonly Argument[]): string | null {
  const labels = args.map((argument) => argument.label?.text ?? null);
  const odd = labels.find((label) => label !== "per" && label !== "by");
  if (odd === null) return "`limit` takes one number, and then `per:` and `by:`";
  if (odd !== undefined) return `\`${odd}:\` has no meaning in \`limit\``;
  if (new Set(labels).size < labels.length) return "`limit` says `per:` and `by:` once";
  const [per, by] = [wordOf(args, "per"), wordOf(args, "by")];
  if (labels.includes("per") && !windows.some((window) => window === per))
    return `\`per:\` is one of ${listed(windows)}`;
  if (labels.includes("by") && !keys.some((key) => key === by)) return `\`by:\` is one of ${listed(keys)}`;
  return null;
}

function listed(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(", ");
}

/** The word after a label; null where something else stands there, undefined without the label. */
function wordOf(args: readonly Argument[], label: string): string | null | undefined {
  const term = args.find((argument) => argument.label?.text === label)?.term;
  if (term === undefined) return undefined;
  if (term.kind === "keyword") return term.word;
  return term.kind === "call" && term.args.length === 0 ? term.name.text : null;
}

function countOf(argument: Argument | undefined): number | undefined {
  if (argument === undefined || argument.label !== null) return undefined;
  const { term } = argument;
  if (term.kind !== "literal" || term.type !== "int") return undefined;
  const count = Number(term.text.replaceAll("_", ""));
  return count >= 1 && count <= maxInt ? count : undefined;
}
