/** What access changes between two programs, in words for people, each with a request that shows it. */
import { requestWords } from "@wardline/compiler";
import type { Decision, Program } from "@wardline/core";
import { diffPrograms, type AccessDifference } from "@wardline/core/search";
import { isField, isPrecondition } from "../try/try-it.ts";
import { andText, plain, withArticle } from "../plain-words.ts";
import { obligationWords } from "../try/words.ts";
import type { TemplateChange } from "./template.ts";

/** The most that are shown. */
const most = 12;

/** A step for each kind of request: who goes through them can do something else in between. */
export function* changesBetween(before: Program, after: Program): Generator<void, readonly TemplateChange[]> {
  const differences: AccessDifference[] = [];
  for (const table of before.tables) {
    const one = { ...before, tables: [table] };
    differences.push(...diffPrograms(one, after, { seed: 1, tries: 2, probes: 40 }).differences);
    yield;
  }
  // Who may not do it for another reason than before is told of where nothing else changes.
  const telling = differences.filter(
    ({ kind, after: { outcome } }) => kind !== "other" || outcome !== "deny",
  );
  const shown = telling.length > 0 ? telling : differences;
  const ordered = shown.toSorted((a, b) => Number(a.kind === "other") - Number(b.kind === "other"));
  const first = new Map<string, TemplateChange>();
  for (const change of ordered.map((one) => changeOf(after, one)))
    if (!first.has(change.text) && first.size < most) first.set(change.text, change);
  return [...first.values()];
}

function changeOf(after: Program, one: AccessDifference): TemplateChange {
  const { roles } = one.witness.principal;
  const who = roles.length === 0 ? `${withArticle(one.principal)} without a role` : andText(roles.map(plain));
  const what = `${plain(one.action)} ${withArticle(one.resource)}`;
  const words = requestWords(after, one.witness);
  const facts = [...words.given, ...words.unsaid];
  const given = facts.length === 0 ? "" : `, given ${facts.join(", ")}`;
  return {
    kind: one.kind,
    text: `${who}: ${changeWords(one, what)}`,
    before: decisionWords(one.before),
    after: decisionWords(one.after),
    witness: withoutMadeUpIds(`${words.principal} to ${words.action} ${words.resource}${given}`),
  };
}

/** Ids that a search made up say nothing. */
export function withoutMadeUpIds(words: string): string {
  return words.replaceAll(/ "0198c0de-[0-9a-f-]+"/g, "");
}

function changeWords({ kind, before, after, shown }: AccessDifference, what: string): string {
  switch (kind) {
    case "gained":
      if (before.outcome === "permit") return `may now ${what} more often`;
      return after.outcome === "challenge" ? `may now ${what} after a further step` : `may now ${what}`;
    case "lost":
      if (after.outcome === "permit") return `may now ${what} less often`;
      if (after.outcome === "challenge") return `is now asked for something before they ${what}`;
      // Of all denies for want of a grant only those by a limit name rules.
      return after.reason === "not_granted" && after.rules.length > 0
        ? `may no longer ${what} once the limit is used up`
        : `may no longer ${what}`;
    case "other": {
      const parts = [
        ...(shown.less.length === 0 ? [] : [`sees less of ${andText(shown.less.map(plain))}`]),
        ...(shown.more.length === 0 ? [] : [`sees more of ${andText(shown.more.map(plain))}`]),
      ];
      if (after.outcome === "deny")
        return `still may not ${what}${before.reason === after.reason ? "" : ", now because a rule forbids it"}`;
      const duties = newDuties(before, after);
      if (parts.length === 0 && duties.length > 0) return `may ${what} as before, and now ${andText(duties)}`;
      return parts.length === 0
        ? `may ${what} as before, by other rules or with other duties`
        : `${andText(parts)} when they ${what}`;
    }
  }
}

function newDuties(before: Decision, after: Decision): readonly string[] {
  const known = new Set(before.obligations.map((one) => JSON.stringify(one)));
  return after.obligations
    .filter((one) => !isField(one) && !isPrecondition(one) && !known.has(JSON.stringify(one)))
    .map(obligationWords);
}

function decisionWords({ outcome, reason, obligations }: Decision): string {
  switch (outcome) {
    case "permit": {
      const effects = obligations.filter(isField).map(obligationWords);
      return effects.length === 0 ? "allowed" : `allowed: ${andText(effects)}`;
    }
    case "challenge":
      return `allowed after ${andText(obligations.filter(isPrecondition).map(obligationWords))}`;
    case "deny":
      return reason === "forbidden" ? "forbidden" : "not allowed";
  }
}
