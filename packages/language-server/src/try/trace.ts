/** The rules of a question with what came of each, down to conditions and values, decisive ones first. */
import {
  rowText,
  slotText,
  type ConditionTree,
  type ExplainedRule,
  type Explanation,
  type Program,
  type ReadFact,
  type Standing,
} from "@wardline/core";
import type { Snapshot } from "../workspace/snapshot.ts";
import type { TracedCondition, TriedRule } from "./answer.ts";
import { placeAt, placeOfRule } from "./places.ts";
import { obligationWords, ruleName, shownText } from "./words.ts";

export function tracedRules(
  snapshot: Snapshot,
  program: Program,
  explanation: Explanation,
): readonly TriedRule[] {
  const { passes, decision } = explanation;
  const rules = passes.flatMap((pass) => {
    const of = passes.length > 1 ? rowText(pass.row) : null;
    const all = [...pass.forbids, ...pass.grants, ...pass.requires, ...pass.ceilings];
    return all.map((rule) => tracedRule(snapshot, program, rule, of, decision.rules));
  });
  const rank = ({ decides, standing }: TriedRule) => (decides ? 0 : standing === "no_match" ? 2 : 1);
  return rules.toSorted((a, b) => rank(a) - rank(b));
}

function tracedRule(
  snapshot: Snapshot,
  program: Program,
  explained: ExplainedRule,
  of: string | null,
  decisive: readonly string[],
): TriedRule {
  const rule = program.rules.find(({ id }) => id === explained.rule);
  const trace = (tree: ConditionTree) => traced(snapshot, program, tree);
  return {
    rule: explained.rule,
    name: ruleName(explained.rule),
    kind: explained.kind,
    whose: rule?.pack ?? (explained.layer === "platform" ? "the platform" : "this policy"),
    of,
    place: rule === undefined ? null : placeOfRule(snapshot, rule),
    standing: explained.standing,
    says: standingWords(explained.standing),
    decides: decisive.includes(explained.rule),
    because: explained.because,
    documentation: rule?.doc ?? null,
    condition: trace(explained.condition),
    preconditions: explained.preconditions.map(({ obligation, met, condition }) => ({
      words: obligationWords(obligation),
      met,
      condition: trace(condition),
    })),
  };
}

function traced(snapshot: Snapshot, program: Program, tree: ConditionTree): TracedCondition {
  const holds = tree.value;
  switch (tree.kind) {
    case "constant":
      return { kind: "question", holds, text: holds ? "always" : "never", place: null, facts: [] };
    case "cut":
      return {
        kind: "question",
        holds,
        text: "a part that is too large to be shown",
        place: null,
        facts: [],
      };
    case "atom":
      return {
        kind: "question",
        holds,
        text: tree.negated ? `not ${tree.text}` : tree.text,
        place: placeAt(snapshot, tree.place, tree.text.length),
        facts: tree.facts.map((fact) => factText(program, fact)),
      };
    case "and":
    case "or":
      return {
        kind: tree.kind === "and" ? "all" : "any",
        holds,
        of: tree.of.map((part) => traced(snapshot, program, part)),
      };
  }
}

/** The longest value that is shown whole. */
const mostText = 120;

function factText(program: Program, { slot, path, present, value }: ReadFact): string {
  if (!present) return `${path} is absent`;
  const { type, source } = program.slots[slot] ?? {};
  const isPairs = source?.from === "relation";
  const text = isPairs || type === undefined ? pairsText(value) : shownText(value, type);
  return `${path === "" ? slotText(program, slot) : path} is ${text.length > mostText ? `${text.slice(0, mostText)}…` : text}`;
}

function pairsText(value: unknown): string {
  if (!Array.isArray(value) || value.length === 0) return "none";
  const pairs = value as readonly { readonly from?: unknown; readonly to?: unknown }[];
  return pairs.map(({ from, to }) => `(${String(from)}, ${String(to)})`).join(", ");
}

function standingWords(standing: Standing): string {
  switch (standing) {
    case "no_match":
      return "does not apply";
    case "counts":
      return "allows it";
    case "unmet":
      return "asks for something first";
    case "spent":
      return "has nothing left of its limit";
    case "clipped":
      return "would allow it, but the platform does not let it";
    case "stopped":
      return "would allow it, but a rule forbids it";
    case "abroad":
      return "is for people of this tenant";
    case "at_home":
      return "is for people of other tenants";
    case "holds":
      return "lets it through";
    case "denies":
      return "forbids it";
    case "overruled":
      return "applies, but the platform guarantees this access";
    case "binds":
      return "applies";
  }
}
