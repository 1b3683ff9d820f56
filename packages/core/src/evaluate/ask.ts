/** What one pass of a table finds: the request asked of one row. */
import type { Obligation } from "../decision/obligation.ts";
import type {
  Entry,
  FieldEffect,
  LimitUse,
  Pass,
  Precondition,
  Program,
  RequireEntry,
  Rule,
} from "../ir/program.ts";
import { mildest, strictest, type Mask } from "../value/mask.ts";
import type { Fact } from "./facts.ts";

/** What is known of one request when its rules are asked. */
export interface Answers {
  /** The value of a condition, by index. */
  readonly holds: (condition: number) => boolean;
  /** What stands in a slot: asked of limits alone. */
  readonly fact: (slot: number) => Fact;
  /** The principal belongs to the tenant. */
  readonly home: boolean;
}

/** A rule, and which of its preconditions are not met. */
export interface Unmet {
  readonly rule: number;
  readonly unmet: readonly Obligation[];
}

/** A rule whose limit is exhausted, and the microseconds until it is not, where that is known. */
export interface Limited {
  readonly rule: number;
  readonly wait: number | undefined;
}

export interface Asked {
  /** The forbids that deny, by rule. */
  readonly forbids: readonly number[];
  /** The grants of the request, without those whose limits are exhausted. */
  readonly grants: readonly Unmet[];
  /** The grants all of whose preconditions are met. */
  readonly counted: readonly Unmet[];
  /** Grants whose limits are exhausted. */
  readonly spent: readonly Limited[];
  /** Requires whose limits are exhausted. */
  readonly exhausted: readonly Limited[];
  /** Requires with a precondition that is not met. */
  readonly unmet: readonly Unmet[];
  readonly masks: ReadonlyMap<string, Mask>;
  readonly duties: readonly Obligation[];
  /**
   * The limits that a permit draws from: of every grant that counts, so that saying a rule twice gains nothing, but of none
   * if some grant that counts has no limit; and of every require.
   */
  readonly draws: readonly LimitUse["obligation"][];
}

export const show: Mask = { kind: "show" };

export function ask(program: Program, pass: Pass, { holds, fact, home }: Answers): Asked {
  const applies = (entry: Entry) => holds(entry.when);
  const ruleOf = (entry: Entry) => program.rules[entry.rule] as Rule;
  const unmetOf = (of: readonly Precondition[] = []) =>
    of.filter((precondition) => !holds(precondition.met)).map((precondition) => precondition.obligation);
  const isSpent = (entry: { readonly limit?: LimitUse }) =>
    entry.limit !== undefined && fact(entry.limit.left) === 0;
  const limited = (entry: Entry & { readonly limit?: LimitUse }): Limited => ({
    rule: entry.rule,
    wait: entry.limit === undefined ? undefined : (fact(entry.limit.retryAfter) as number | undefined),
  });

  const matching = pass.grants.filter((grant) => {
    const { kind } = ruleOf(grant);
    return home === (kind !== "share") && applies(grant);
  });
  const floors = matching.filter((grant) => ruleOf(grant).kind === "floor");
  const isFloored = floors.length > 0;
  const matched = pass.forbids.filter(applies);
  const tenants = matched.filter((forbid) => ruleOf(forbid).layer === "tenant");
  const isOpen = holds(pass.ceiling) && tenants.length === 0;
  const all = isOpen ? matching : floors;
  const grants = all.filter((grant) => !isSpent(grant));
  const counted = grants.filter((grant) => unmetOf(grant.preconditions).length === 0);
  // What a floor grants, a tenant can only add duties to.
  const binds = (require: RequireEntry) => !isFloored || ruleOf(require).layer === "platform";
  const requires = pass.requires.filter(applies);
  const binding = requires.filter(binds);
  const withUnmet = (entry: Entry & { readonly preconditions?: readonly Precondition[] }): Unmet => ({
    rule: entry.rule,
    unmet: unmetOf(entry.preconditions),
  });
  const limitsOf = (entries: readonly { readonly limit?: LimitUse }[]) =>
    entries.flatMap(({ limit }) => limit?.obligation ?? []);
  const isFree = counted.some((grant) => grant.limit === undefined);
  return {
    forbids: (isFloored ? matched.filter((f) => ruleOf(f).layer === "platform") : matched).map((f) => f.rule),
    grants: grants.map(withUnmet),
    counted: counted.map(withUnmet),
    spent: all.filter(isSpent).map(limited),
    exhausted: binding.filter(isSpent).map(limited),
    unmet: binding.map(withUnmet).filter(({ unmet }) => unmet.length > 0),
    masks: masksOf(
      counted.map((grant) => grant.effects),
      binding.map((require) => require.effects),
    ),
    duties: [...counted, ...requires].flatMap((entry) => entry.duties ?? []),
    draws: [...(isFree ? [] : limitsOf(counted)), ...limitsOf(binding)],
  };
}

/** Per field the mildest over the grants, then the strictest over the requires. A rule that does not name a field shows it. */
function masksOf(
  grants: readonly (readonly FieldEffect[])[],
  requires: readonly (readonly FieldEffect[])[],
): ReadonlyMap<string, Mask> {
  const named = new Set([...grants, ...requires].flat().map((effect) => effect.field));
  return new Map(
    [...named].map((field) => {
      const maskIn = (effects: readonly FieldEffect[]) =>
        effects.find((effect) => effect.field === field)?.mask ?? show;
      return [field, strictest([mildest(grants.map(maskIn)), ...requires.map(maskIn)])];
    }),
  );
}
