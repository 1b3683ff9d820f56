/**
 * An explanation for somebody who may not see every fact that it is made of. Invariant: what is left out cannot be found from what is
 * left: an answer is shown where the facts that are shown give it by themselves, or where the decision names its rule, and nowhere else.
 */
import type { Program } from "../ir/program.ts";
import type { Slot } from "../ir/slot.ts";
import type { ConditionTree, ReadFact } from "./condition-tree.ts";
import type { ExplainedPass, ExplainedRule, Explanation, Reason, Standing } from "./explanation.ts";

/** A fact; `withheld`: there may be one, and it is not shown. */
export type ShownFact =
  | (ReadFact & { readonly withheld: false })
  | { readonly slot: number; readonly path: string; readonly withheld: true };

/** As a {@link ConditionTree}, with null for what is not shown. */
export type ShownTree =
  | { readonly kind: "constant"; readonly value: boolean }
  | {
      readonly kind: "atom";
      readonly value: boolean | null;
      readonly negated: boolean;
      readonly text: string;
      readonly place: Extract<ConditionTree, { kind: "atom" }>["place"];
      readonly facts: readonly ShownFact[];
    }
  | { readonly kind: "and" | "or"; readonly value: boolean | null; readonly of: readonly ShownTree[] }
  | { readonly kind: "cut"; readonly value: null };

export interface ShownRule extends Omit<ExplainedRule, "condition" | "preconditions" | "standing" | "limit"> {
  /** Null where it would tell of a fact that is not shown. */
  readonly standing: Standing | null;
  readonly condition: ShownTree;
  readonly preconditions: readonly {
    readonly obligation: ExplainedRule["preconditions"][number]["obligation"];
    readonly met: boolean | null;
    readonly condition: ShownTree;
  }[];
  readonly limit: ExplainedRule["limit"];
}

export interface ShownPass extends Pick<ExplainedPass, "row"> {
  readonly ceiling: ExplainedPass["ceiling"] | null;
  readonly ceilings: readonly ShownRule[];
  readonly grants: readonly ShownRule[];
  readonly forbids: readonly ShownRule[];
  readonly requires: readonly ShownRule[];
}

export interface ShownExplanation extends Pick<Explanation, "decision" | "home"> {
  readonly reasons: readonly Reason[];
  readonly passes: readonly ShownPass[];
  /** Whether anything is left out of it. */
  readonly partial: boolean;
}

/** `facts`: values are left out, and what came of them stands. `answers`: also what could be told of them. */
export type Withholding = "facts" | "answers";

export function withhold(
  program: Program,
  { decision, home, reasons, passes }: Explanation,
  isShown: (slot: Slot) => boolean,
  what: Withholding,
): ShownExplanation {
  let partial = false;
  const treeOf = (tree: ConditionTree): ShownTree => {
    switch (tree.kind) {
      case "constant":
        return { kind: "constant", value: tree.value };
      case "cut":
        partial = true;
        return { kind: "cut", value: null };
      case "atom": {
        const facts = tree.facts.map((fact): ShownFact => {
          if (isShown(program.slots[fact.slot] as Slot)) return { ...fact, withheld: false };
          partial = true;
          return { slot: fact.slot, path: fact.path, withheld: true };
        });
        const isHidden = what === "answers" && facts.some(({ withheld }) => withheld);
        const { negated, text, place } = tree;
        return { kind: "atom", value: isHidden ? null : tree.value, negated, text, place, facts };
      }
      case "and":
      case "or": {
        const of = tree.of.map(treeOf);
        return { kind: tree.kind, value: what === "facts" ? tree.value : combined(tree.kind, of), of };
      }
    }
  };
  const ruleOf = (rule: ExplainedRule): ShownRule => {
    const condition = treeOf(rule.condition);
    const preconditions = rule.preconditions.map(({ obligation, met, condition: given }) => {
      const shown = treeOf(given);
      return { obligation, met: what === "facts" || shown.value !== null ? met : null, condition: shown };
    });
    const isKnown =
      what === "facts" ||
      decision.rules.includes(rule.rule) ||
      (condition.value !== null && preconditions.every(({ met }) => met !== null));
    // What is left of a limit may be what others drew.
    const limit = what === "facts" ? rule.limit : null;
    return { ...rule, condition, preconditions, limit, standing: isKnown ? rule.standing : null };
  };
  const shown = passes.map((pass): ShownPass => {
    const ceilings = pass.ceilings.map(ruleOf);
    const rules = {
      grants: pass.grants.map(ruleOf),
      forbids: pass.forbids.map(ruleOf),
      requires: pass.requires.map(ruleOf),
    };
    // What became of one rule, such as that it is clipped or overruled, tells of the others.
    const isWhole = [ceilings, ...Object.values(rules)].flat().every(({ standing }) => standing !== null);
    const plain = (some: readonly ShownRule[]) =>
      isWhole ? some : some.map((rule) => alone(rule, decision.rules));
    return {
      row: pass.row,
      ceiling: isWhole ? pass.ceiling : null,
      ceilings: plain(ceilings),
      grants: plain(rules.grants),
      forbids: plain(rules.forbids),
      requires: plain(rules.requires),
    };
  });
  const isTold = what === "facts" || !partial;
  return {
    decision,
    home,
    // Those of a denial that names no rules say how far the request came.
    reasons: isTold
      ? reasons
      : reasons.flatMap((reason) => (toldByDecision.has(reason.kind) ? [plainReason(reason)] : [])),
    passes: shown,
    partial,
  };
}

const toldByDecision: ReadonlySet<Reason["kind"]> = new Set([
  "granted",
  "unmet",
  "forbidden",
  "limit",
  "invalid_input",
  "other_tenant",
  "foreign_row",
]);

function plainReason(reason: Reason): Reason {
  return reason.kind === "invalid_input" ? { kind: "invalid_input", problems: [] } : reason;
}

/** What a rule comes to by itself: that it does not match, or that the decision names it. */
function alone(rule: ShownRule, named: readonly string[]): ShownRule {
  const isOwn = rule.standing === "no_match" || named.includes(rule.rule);
  return isOwn ? rule : { ...rule, standing: null };
}

/** The value of a node by the parts that are shown. */
function combined(kind: "and" | "or", of: readonly ShownTree[]): boolean | null {
  const decides = kind === "or";
  if (of.some(({ value }) => value === decides)) return decides;
  return of.every(({ value }) => value === !decides) ? !decides : null;
}
