/** What each rule of one pass came to. It reads the answers of the oracle and never decides anything itself. */
import { ask, type Answers, type Asked } from "../evaluate/ask.ts";
import type { Entry, GrantEntry, Pass, Program, RequireEntry, Rule } from "../ir/program.ts";
import { conditionTree, type Values } from "./condition-tree.ts";
import type { ExplainedPass, ExplainedRule, Standing } from "./explanation.ts";
import type { SourceMap } from "./source-map.ts";

/** A pass, and what the oracle found in it. */
export interface AskedPass {
  readonly asked: Asked;
  readonly explained: ExplainedPass;
}

export function explainPass(
  program: Program,
  sourceMap: SourceMap | null,
  pass: Pass,
  values: Values,
  home: boolean,
): AskedPass {
  const answers: Answers = { holds: values.condition, fact: values.fact, home };
  const asked = ask(program, pass, answers);
  const explained = (entry: Entry | GrantEntry | RequireEntry, standing: Standing): ExplainedRule => {
    const rule = program.rules[entry.rule] as Rule;
    const tree = (condition: number) => conditionTree(program, sourceMap, values, condition, entry.rule);
    const { id, kind, layer, file, line, because } = rule;
    const preconditions = ("preconditions" in entry ? entry.preconditions : undefined) ?? [];
    return {
      rule: id,
      kind,
      layer,
      file,
      line,
      because,
      standing,
      condition: tree(entry.when),
      preconditions: preconditions.map(({ obligation, met }) => ({
        obligation,
        met: values.condition(met),
        condition: tree(met),
      })),
      limit: limitOf(entry, values),
    };
  };
  const applies = (entry: Entry) => values.condition(entry.when);
  const isOpen = values.condition(pass.ceiling);
  return {
    asked,
    explained: {
      row: pass.row,
      ceiling: !isOpen ? "closed" : pass.ceilings === undefined ? "open" : "holds",
      ceilings: (pass.ceilings ?? []).map((entry) => explained(entry, applies(entry) ? "holds" : "no_match")),
      grants: pass.grants.map((entry) =>
        explained(entry, applies(entry) ? grantStanding(program, asked, entry, home, isOpen) : "no_match"),
      ),
      forbids: pass.forbids.map((entry) => {
        const standing = asked.forbids.includes(entry.rule) ? "denies" : "overruled";
        return explained(entry, applies(entry) ? standing : "no_match");
      }),
      requires: pass.requires.map((entry) =>
        explained(entry, applies(entry) ? requireStanding(program, asked, entry) : "no_match"),
      ),
    },
  };
}

function grantStanding(
  program: Program,
  asked: Asked,
  { rule }: Entry,
  home: boolean,
  isOpen: boolean,
): Standing {
  const isShare = (program.rules[rule] as Rule).kind === "share";
  if (isShare === home) return isShare ? "at_home" : "abroad";
  const among = (some: readonly { readonly rule: number }[]) => some.some((other) => other.rule === rule);
  if (among(asked.spent)) return "spent";
  if (among(asked.counted)) return "counts";
  if (among(asked.grants)) return "unmet";
  return isOpen ? "stopped" : "clipped";
}

function requireStanding(program: Program, asked: Asked, { rule }: Entry): Standing {
  const among = (some: readonly { readonly rule: number }[]) => some.some((other) => other.rule === rule);
  if (among(asked.exhausted)) return "spent";
  if (among(asked.unmet)) return "unmet";
  const isFloored = asked.grants.some((grant) => (program.rules[grant.rule] as Rule).kind === "floor");
  return isFloored && (program.rules[rule] as Rule).layer === "tenant" ? "overruled" : "binds";
}

function limitOf(entry: Entry | GrantEntry | RequireEntry, values: Values): ExplainedRule["limit"] {
  if (!("limit" in entry) || entry.limit === undefined) return null;
  const number = (slot: number) => {
    const value = values.fact(slot);
    return typeof value === "number" ? value : null;
  };
  return { left: number(entry.limit.left), retry_after: number(entry.limit.retryAfter) };
}
