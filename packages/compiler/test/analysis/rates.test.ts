/** How many planted changes the search finds in real policies. What means the same as before cannot be found and is set aside. */
import {
  assertViolated,
  conditionsBy,
  decideTable,
  findTable,
  loadProgram,
  slotsOfAtom,
  type AssertClaim,
  type Atom,
  type Condition,
  type LoweredAssert,
  type Operand,
  type Program,
  type Table,
} from "@wardline/core";
import {
  boundaryRequests,
  diffPrograms,
  mutatePrograms,
  searchAssert,
  type Mutant,
} from "@wardline/core/search";
import { randomFrom } from "@wardline/core/testing";
import { expect, test } from "vitest";
import { realPolicies } from "./real-policies.ts";

/** The most atoms whose answers are all tried; beyond it answers are drawn. */
const [maxAtoms, draws] = [15, 40_000];

/** True if some answers of atoms, such as presence allows, are decided differently in two programs with the same atoms. */
function isTold(before: Program, after: Program): boolean {
  return before.tables.some((table) => {
    const other = findTable(after, table.principal, table.action, table.resource);
    return (
      other !== undefined &&
      JSON.stringify(table) !== JSON.stringify(other) &&
      isTableTold(before, table, after, other)
    );
  });
}

function isTableTold(before: Program, table: Table, after: Program, other: Table): boolean {
  const asked = [...askedBy(table)].map((index) => [before, index] as const);
  const askedAfter = [...askedBy(other)].map((index) => [after, index] as const);
  const atoms = [
    ...new Set([...asked, ...askedAfter].flatMap(([program, index]) => [...atomsOf(program, index)])),
  ];
  const random = randomFrom(1, "answers");
  const isAll = atoms.length <= maxAtoms;
  const rows = Array.from({ length: isAll ? 2 ** atoms.length : draws }, (_, i) =>
    atoms.map((__, at) => (isAll ? Math.floor(i / 2 ** at) % 2 === 1 : random.chance(0.5))),
  );
  const columns = columnsOf(rows, atoms);
  const bitsOf = (column: bigint) => column.toString(2).padStart(rows.length, "0");
  const present = bitsOf(columns.present(after));
  const asks = [
    ...new Set(
      [...asked, ...askedAfter].map(([program, index]) => bitsOf(columns.condition(program, index))),
    ),
  ];
  const tried = new Set<string>();
  return rows.some((answers, i) => {
    if (present[i] !== "1") return false;
    // What is answered alike is decided alike: once is enough.
    const key = asks.map((bits) => bits[i]).join("");
    if (tried.has(key)) return false;
    tried.add(key);
    return [true, false].some((home) => {
      const decide = (program: Program, of: Table) =>
        JSON.stringify(
          decideTable(program, of, {
            holds: conditionsBy(program, (atom) => answers[atoms.indexOf(atom)] ?? false),
            fact: () => 1,
            home,
          }),
        );
      return decide(before, table) !== decide(after, other);
    });
  });
}

interface Columns {
  /** Where a condition holds: a bit for each row of answers, the first one highest. */
  readonly condition: (program: Program, index: number) => bigint;
  /** Where what an atom that holds reads is there. */
  readonly present: (program: Program) => bigint;
}

/** The values of conditions for many rows of answers at once. */
function columnsOf(rows: readonly (readonly boolean[])[], atoms: readonly number[]): Columns {
  const all = (1n << BigInt(rows.length)) - 1n;
  const answers = new Map(
    atoms.map((atom, at) => [atom, BigInt(`0b${rows.map((row) => (row[at] === true ? 1 : 0)).join("")}`)]),
  );
  const condition = (program: Program, index: number): bigint => {
    const of = program.conditions[index] as Condition;
    switch (of.kind) {
      case "constant":
        return of.value ? all : 0n;
      case "atom":
        return (answers.get(of.atom) ?? 0n) ^ (of.negated ? all : 0n);
      case "and":
        return of.of.reduce((value, child) => value & condition(program, child), all);
      case "or":
        return of.of.reduce((value, child) => value | condition(program, child), 0n);
    }
  };
  const present = (program: Program): bigint => {
    let value = all;
    for (const [id, holds] of answers) {
      const atom = program.atoms[id] as Atom;
      const needed = slotsOfAtom(atom).filter((slot) => !hasFallback(atom, slot));
      for (const [other, isThere] of answers) {
        const has = program.atoms[other] as Atom;
        if (has.kind === "has" && needed.includes(has.slot)) value &= (holds ^ all) | isThere;
      }
    }
    return value;
  };
  return { condition, present };
}

function hasFallback(atom: Atom, slot: number): boolean {
  return Object.values(atom).some((part: unknown) => {
    const operand = part as Operand | undefined;
    return operand?.kind === "slot" && operand.slot === slot && operand.fallback !== null;
  });
}

/** The conditions by which a table decides. */
function askedBy(table: Table): ReadonlySet<number> {
  const texts = table.passes.map((pass) => JSON.stringify(pass));
  return new Set(
    texts.flatMap((text) => [...text.matchAll(/"(?:ceiling|when|met)":(\d+)/g)].map(([, at]) => Number(at))),
  );
}

function atomsOf(program: Program, index: number): ReadonlySet<number> {
  const condition = program.conditions[index];
  if (condition?.kind === "atom") return new Set([condition.atom]);
  if (condition?.kind !== "and" && condition?.kind !== "or") return new Set();
  return new Set(condition.of.flatMap((child) => [...atomsOf(program, child)]));
}

const policies = realPolicies();

test("there are policies to look at", () => {
  expect(policies.length).toBeGreaterThan(1);
});

test.each(policies.map(({ name, compiled }) => [name, compiled] as const))(
  "%s: of 100 planted changes at least 95 are found",
  { timeout: 300_000 },
  (name, { program, sourceMap }) => {
    if (program === null) return console.log(`${name}: left out, it does not compile yet`);
    const mutants = randomFrom(1, name).some([...mutatePrograms(program, sourceMap)], 100);
    const missed: Mutant[] = [];
    const same: Mutant[] = [];
    for (const mutant of mutants) {
      expect(loadProgram(JSON.parse(JSON.stringify(mutant.program))), mutant.description).toHaveProperty(
        "program",
      );
      const { differences } = diffPrograms(program, mutant.program, { seed: 1 });
      if (differences.length > 0) continue;
      (isTold(program, mutant.program) ? missed : same).push(mutant);
    }
    const told = mutants.length - same.length;
    const list = (some: readonly Mutant[]) => some.map(({ description }) => `\n    ${description}`).join("");
    console.log(
      `${name}: ${told - missed.length} of ${told} planted changes found; missed:${list(missed)}\n  ${same.length} mean the same:${list(same)}`,
    );
    expect(told).toBeGreaterThan(20);
    expect((told - missed.length) / told).toBeGreaterThanOrEqual(0.95);
  },
);

/** What a policy's forbids and masks promise, as asserts: nobody is permitted what is forbidden, no field that is masked shows. */
function promisesOf(program: Program): readonly LoweredAssert[] {
  return program.rules.flatMap((rule, index): readonly LoweredAssert[] => {
    const promise = (claim: AssertClaim): LoweredAssert => ({
      id: `${rule.layer === "platform" ? "platform" : program.tenant}/promise_${index}`,
      layer: rule.layer,
      file: rule.file,
      line: rule.line,
      span: { file: rule.file, start: 0, end: 1 },
      claim,
      because: null,
      doc: null,
      cases: program.tables.flatMap(({ principal, action, resource, passes }) => {
        const entries = passes.map((pass) =>
          [...pass.forbids, ...pass.requires].find((e) => e.rule === index),
        );
        const whens = entries.flatMap((entry, i) =>
          entry === undefined ? [] : [{ row: passes[i]?.row ?? "resource", when: entry.when }],
        );
        return whens.length < passes.length
          ? []
          : [{ principal, action, resource, passes: whens, except: [] }];
      }),
    });
    if (rule.kind === "forbid") return [promise({ kind: "never_permit" })];
    const fields = program.tables
      .flatMap((table) => table.passes.flatMap((pass) => pass.requires))
      .filter((entry) => entry.rule === index)
      .flatMap((entry) => entry.effects.map(({ field }) => field));
    return [...new Set(fields)].map((field) => promise({ kind: "never_show", field }));
  });
}

test(
  "of the planted changes that break a promise at least 95 in 100 are found by asserting it",
  { timeout: 300_000 },
  () => {
    let [planted, kept] = [0, 0];
    const missed: string[] = [];
    for (const { name, compiled } of policies) {
      const { analysis, sourceMap, asserts } = compiled;
      if (analysis === null) continue;
      const promises = [...asserts, ...promisesOf(analysis)].filter(
        (promise) => searchAssert(analysis, promise, { seed: 1 }).counterexample === null,
      );
      kept += promises.length;
      for (const mutant of randomFrom(2, name).some([...mutatePrograms(analysis, sourceMap)], 60)) {
        const { differences } = diffPrograms(analysis, mutant.program, { seed: 2 });
        const tables = new Set(
          differences.map((d) => findTable(mutant.program, d.principal, d.action, d.resource)),
        );
        const known = [
          ...differences.map(({ witness }) => witness),
          ...[...tables].flatMap((table) =>
            table === undefined ? [] : boundaryRequests(mutant.program, table, { seed: 3, limit: 100 }),
          ),
        ];
        for (const promise of promises) {
          if (!known.some((request) => assertViolated(mutant.program, promise, request))) continue;
          planted += 1;
          const found = searchAssert(mutant.program, promise, { seed: 4 });
          if (found.counterexample === null) missed.push(`${promise.id}: ${mutant.description}`);
          else expect(assertViolated(mutant.program, promise, found.counterexample)).toBe(true);
        }
      }
    }
    console.log(
      `${planted - missed.length} of ${planted} broken promises found, of ${kept} that are kept`,
      missed,
    );
    expect(planted).toBeGreaterThan(8);
    expect((planted - missed.length) / planted).toBeGreaterThanOrEqual(0.95);
  },
);
