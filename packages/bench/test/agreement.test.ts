import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PGlite } from "@electric-sql/pglite";
import { compileViews } from "@wardline/backends";
import type { Atom, Condition, Pass, Program, SqlExpression, SqlSelect } from "@wardline/core";
import { generateCase, withStatements } from "@wardline/core/testing";
import { describeMismatch, runAgreement, type RunOptions } from "../src/agree/run.ts";
import { allViews, type ViewMaker } from "../src/agree/list-check.ts";
import { closureTarget, readingTarget, wasmTarget, type TargetMaker } from "../src/agree/target.ts";

let pglite: PGlite;
beforeAll(async () => {
  pglite = await PGlite.create();
});
afterAll(async () => {
  await pglite.close();
});

const effort = { requests: 8, lists: 2 };
const whole = (seed: number): RunOptions => ({
  cases: 2000,
  policies: 208,
  seed,
  effort,
  databases: { pglite },
});

describe("oracle = closure = wasm = SQL", () => {
  test("over 2,000 questions to 208 policies of 26 models, which cover every construct", async () => {
    const { tally, mismatch } = await runAgreement(whole(0));
    process.stdout.write(`${tally.report()}\n`);
    expect(mismatch && describeMismatch(mismatch)).toBeUndefined();
    expect(tally.cases()).toBeGreaterThanOrEqual(2000);
    expect(tally.faults()).toEqual([]);
  });

  const random = Number(process.env["WARDLINE_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
  test(`over 2,000 questions from the seed ${random} (WARDLINE_SEED=${random} repeats them)`, async () => {
    process.stdout.write(`agreement: WARDLINE_SEED=${random}\n`);
    const { tally, mismatch } = await runAgreement(whole(random));
    expect(mismatch && describeMismatch(mismatch)).toBeUndefined();
    expect(tally.cases()).toBeGreaterThanOrEqual(2000);
    // So few models may miss a rare construct; the answers must be mixed all the same.
    expect(tally.faults().filter((fault) => fault.startsWith("more than"))).toEqual([]);
  });
});

describe("a planted fault is found", () => {
  const found = async (engines: NonNullable<RunOptions["engines"]>) => {
    const { mismatch } = await runAgreement({
      cases: 1500,
      policies: 1,
      seed: 0,
      effort,
      databases: { pglite },
      engines,
      // What every backend has carried out from the start: a fault is found soon.
      caseOf: (seed) => generateCase(seed),
    });
    return mismatch;
  };
  const withAtoms = (change: (atom: Atom) => Atom) => (program: Program) => ({
    ...program,
    atoms: program.atoms.map(change),
  });
  const withPasses = (change: (pass: Pass) => Pass) => (program: Program) => ({
    ...program,
    tables: program.tables.map((table) => ({ ...table, passes: table.passes.map(change) })),
  });
  const withoutOperand = (atom: Atom): Atom =>
    atom.kind === "compare" && atom.left.kind === "slot"
      ? { ...atom, left: { ...atom.left, fallback: null } }
      : atom;

  const faults: readonly (readonly [string, (program: Program) => Program])[] = [
    [
      "`<=` as `<`",
      withAtoms((atom) => (atom.kind === "compare" && atom.op === "le" ? { ...atom, op: "lt" } : atom)),
    ],
    ["a fallback lost", withAtoms(withoutOperand)],
    [
      "a hierarchy that is not reflexive",
      withAtoms((atom) => (atom.kind === "within" ? { ...atom, same: false } : atom)),
    ],
    [
      "a negation lost",
      (program) => ({
        ...program,
        conditions: program.conditions.map((c): Condition =>
          c.kind === "atom" ? { ...c, negated: false } : c,
        ),
      }),
    ],
    ["requires skipped", withPasses((pass) => ({ ...pass, requires: [] }))],
    ["forbids skipped", withPasses((pass) => ({ ...pass, forbids: [] }))],
    [
      "a mask one step milder",
      withPasses((pass) => ({
        ...pass,
        grants: pass.grants.map((grant) => ({
          ...grant,
          effects: grant.effects.map(({ field, mask }) => ({
            field,
            mask: mask.kind === "partial" && mask.last < 64 ? { kind: "partial", last: mask.last + 1 } : mask,
          })),
        })),
      })),
    ],
  ];
  const through =
    (make: TargetMaker, fault: (program: Program) => Program): TargetMaker =>
    (program, made) =>
      make(fault(program), made);

  test.each(faults)("in the closures: %s", async (_, fault) => {
    const mismatch = await found({ targets: [through(closureTarget, fault)] });
    expect(mismatch?.question.kind).toBe("request");
  });

  test.each(faults)("in the views: %s", async (_, fault) => {
    const mismatch = await found({ targets: [], views: (program) => allViews(fault(program)) });
    expect(mismatch?.question.kind).toBe("list");
  });

  test("in the module: an atom", async () => {
    const [[, fault]] = faults as [(typeof faults)[number]];
    const mismatch = await found({ targets: [through(wasmTarget, fault)] });
    expect(mismatch?.answers["oracle"]).not.toBe(mismatch?.answers["wasm"]);
    // What is reported is small: no statement can be left out of it.
    expect(mismatch?.case.statements.policy.length).toBeLessThanOrEqual(3);
  });

  test.each(["unless", "when", "because"])("in a text that is read without its `%s`", async (clause) => {
    const without = (statements: readonly string[]) =>
      statements.map((statement) =>
        statement
          .split("\n")
          .filter((line) => !line.startsWith(`  ${clause} `))
          .join("\n"),
      );
    const careless: TargetMaker = (program, made) => {
      const { platform, policy, roles } = made.statements;
      const statements = { platform: without(platform), policy: without(policy), roles };
      return readingTarget(program, withStatements(made, statements));
    };
    const mismatch = await found({ targets: [careless] });
    // A reason is said to people and decides nothing.
    expect(mismatch?.question.kind).toBe(clause === "because" ? undefined : "request");
  });

  test("in an engine that permits where it should deny for a malformed fact", async () => {
    const careless: TargetMaker = (program, made) => {
      const target = closureTarget(program, made);
      return {
        name: "careless",
        decide: (request) => {
          const answer = target.decide(request) as { readonly reason: string | null };
          return answer.reason === "invalid_input" ? { ...answer, reason: "not_granted" } : answer;
        },
      };
    };
    expect((await found({ targets: [careless] }))?.question.kind).toBe("request");
  });

  const rewritten =
    (change: (select: SqlSelect) => SqlSelect): ViewMaker =>
    (program) => {
      const views = compileViews(program);
      return {
        ...views,
        bind: (...args) => {
          const view = views.bind(...args);
          return { ...view, select: change(view.select) };
        },
      };
    };
  const withWhere = (change: (where: SqlExpression) => SqlExpression) =>
    rewritten((select) => ({ ...select, where: select.where === null ? null : change(select.where) }));

  test("in a view without its first conjunct, the tenant's", async () => {
    const dropped = withWhere((where) =>
      where.kind === "and" ? { ...where, of: where.of.slice(1) } : where,
    );
    expect((await found({ targets: [], views: dropped }))?.question.kind).toBe("list");
  });

  test("in a view without its last conjunct, the policy's", async () => {
    const dropped = withWhere((where) =>
      where.kind === "and" ? { ...where, of: where.of.slice(0, -1) } : where,
    );
    expect((await found({ targets: [], views: dropped }))?.question.kind).toBe("list");
  });

  test("in a view that shows one column bare", async () => {
    const bare = rewritten((select) => ({
      ...select,
      columns: select.columns.map((column) =>
        column.expression.kind === "case" && column.expression.when[0] !== undefined
          ? { ...column, expression: column.expression.otherwise }
          : column,
      ),
    }));
    expect((await found({ targets: [], views: bare }))?.question.kind).toBe("list");
  });
});
