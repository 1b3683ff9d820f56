/** A filter of a prepared table: made with next to no work, its document and its closures when they are first asked for. */
import type { Decision, Program, Slot, Table } from "@wardline/core";
import { compileRows, type BoundRows, type RowValues } from "./row/decide-row.ts";
import type { Filter } from "./filter.ts";
import type { KnownValues } from "./fold/known-values.ts";
import { isCertain, type LeftRules } from "./rules/left-rules.ts";
import { refuse } from "./rules/refuse.ts";
import type { Residual, ResidualTerms } from "./residual.ts";
import { testOfTree, type RowTest } from "./row/row-test.ts";
import type { Skeleton } from "./rules/skeleton.ts";
import type { Folded } from "./fold/tree.ts";
import { writeResidual } from "./write-residual.ts";

/** What all askers with one pattern of answers share. */
export interface ListRules {
  readonly program: Program;
  readonly table: Table;
  readonly skeleton: Skeleton;
  /** The names of the program's rules. */
  readonly names: readonly string[];
  readonly tenant: string | null;
  /** The slots that come with the row. */
  readonly facts: readonly number[];
  /** Compiled at the first row. */
  rows: ((values: RowValues) => BoundRows) | null;
}

export class ListFilter implements Filter {
  readonly kind: Residual["kind"];
  readonly #rules: ListRules;
  readonly #values: KnownValues;
  readonly #folded: (place: number) => Folded;
  #bound: BoundRows | null = null;
  #residual: Residual | null = null;

  constructor(rules: ListRules, values: KnownValues, folded: (place: number) => Folded) {
    this.kind = rules.skeleton.kind;
    this.#rules = rules;
    this.#values = values;
    this.#folded = folded;
  }

  get residual(): Residual {
    return (this.#residual ??= writeResidual(
      { ...this.#rules, values: this.#values, folded: this.#folded },
      this.#rules.skeleton,
    ));
  }

  readonly matches = (row: unknown): boolean => (this.#bound ??= this.#bind()).matches(row);

  readonly decide = (row: unknown): Decision => (this.#bound ??= this.#bind()).decide(row);

  #bind(): BoundRows {
    const rules = this.#rules;
    const { skeleton, names, tenant } = rules;
    rules.rows ??= compileListRows(rules);
    const left = withWaits(skeleton.left, this.#values);
    const isSettled = skeleton.kind === "never" && isCertain(left);
    return rules.rows({
      tests: skeleton.atoms.map((place) => testOf(this.#folded(place))),
      tenant,
      rules: names,
      left,
      decision: isSettled ? refuse(names, left, (condition) => condition === 1) : null,
    });
  }
}

function compileListRows({ program, skeleton, facts }: ListRules): (values: RowValues) => BoundRows {
  return compileRows({
    ...skeleton,
    facts: facts.map((id) => program.slots[id] as Slot),
    numbers: facts,
  });
}

function testOf(folded: Folded): RowTest {
  if (typeof folded === "boolean") throw new RangeError("an atom of a skeleton is not open");
  return testOfTree(folded);
}

/** The rules with the waits that this asking knows of. */
function withWaits(left: LeftRules, values: KnownValues): LeftRules {
  const waiting = <T extends ResidualTerms>(terms: T): T =>
    terms.wait === null ? terms : { ...terms, wait: (values[terms.wait] as number | undefined) ?? null };
  return { ...left, grants: left.grants.map(waiting), requires: left.requires.map(waiting) };
}
