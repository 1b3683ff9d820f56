/**
 * Lists that modules answer, over cases of the whole language: by the stock SDK and by the thin host, against what
 * `answerFilter` gives; and the residual that follows decides every row as the oracle does.
 */
import {
  answerFilter,
  bindResidual,
  compileWasm,
  filterFor,
  loadWasmPolicy,
  residualFromAnswer,
  type FilterAnswer,
} from "@wardline/backends";
import {
  evaluate,
  slotsOfAtom,
  valueAt,
  type Atom,
  type KnownFacts,
  type Program,
  type RequestDocument,
  type Slot,
} from "@wardline/core";
import {
  generateCase,
  generateLists,
  generateRequests,
  type Case,
  type GeneratedList,
} from "@wardline/core/testing";
import * as sdk from "@open-policy-agent/opa-wasm";
import { expect, test } from "vitest";
import { compileCase } from "../../src/agree/compile-case.ts";

const opa = (sdk as unknown as { readonly default: typeof sdk }).default;
const text = (value: unknown) => JSON.stringify(value);

/** The rows' facts, and pairs that are not among what is known: an atom over them may be left open. */
function mayBeOpen(program: Program, atom: Atom, known: KnownFacts): boolean {
  return slotsOfAtom(atom).some((id) => {
    const { source } = program.slots[id] as Slot;
    switch (source.from) {
      case "row":
      case "row_attribute":
        return true;
      case "reference":
      case "ancestors":
        return source.of.root !== "principal";
      case "relation":
        return (known.relations?.[source.name] ?? null) === null;
      case "principal":
      case "principal_attribute":
      case "tenant":
      case "tenant_attribute":
      case "context":
      case "now":
      case "clock":
      case "limit":
        return false;
    }
  });
}

function atomsOf(program: Program, table: number): readonly number[] {
  const found = new Set<number>();
  const walk = (index: number): void => {
    const condition = program.conditions[index];
    if (condition?.kind === "atom") found.add(condition.atom);
    if (condition?.kind === "and" || condition?.kind === "or") for (const child of condition.of) walk(child);
  };
  for (const pass of program.tables[table]?.passes ?? []) {
    walk(pass.ceiling);
    for (const { when } of [...pass.forbids, ...pass.grants, ...pass.requires]) walk(when);
    for (const { preconditions } of [...pass.grants, ...pass.requires])
      for (const { met } of preconditions ?? []) walk(met);
  }
  return [...found].toSorted((a, b) => a - b);
}

/** The answer as `answerFilter` has it, with open what the module leaves open by right. */
function opened(
  program: Program,
  wanted: FilterAnswer,
  found: FilterAnswer,
  known: KnownFacts,
): FilterAnswer {
  if ("refused" in wanted || "refused" in found) return wanted;
  const atoms = atomsOf(program, wanted.table).map((id, at) => {
    const isOpen = found.atoms[at] === "o" && mayBeOpen(program, program.atoms[id] as Atom, known);
    return isOpen ? "o" : (wanted.atoms[at] ?? "");
  });
  return { ...wanted, atoms: atoms.join("") };
}

/** Lists of what is created or deleted: of a request without its row. */
function otherLists(made: Case, program: Program): readonly Asked[] {
  return generateRequests(made, program, 12).flatMap(({ request, damage }) => {
    const [action, entity] = [valueAt(request, ["action", "name"]), valueAt(request, ["resource", "type"])];
    const kind = program.model.actions.find(({ name }) => name === action)?.kind;
    if (typeof action !== "string" || typeof entity !== "string") return [];
    if (kind !== "creates" && kind !== "deletes") return [];
    const { prior: _prior, next: _next, ...rest } = request as RequestDocument;
    return [{ action, entity, known: rest, rows: [], damage }];
  });
}

type Asked = Pick<GeneratedList, "action" | "entity" | "known" | "rows" | "damage">;

interface Seen {
  readonly counts: Map<string, number>;
}

function count({ counts }: Seen, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function firstMismatch(from: number, cases: number, seen: Seen): unknown {
  for (let seed = from; seed < from + cases; seed += 1) {
    const made = generateCase(seed, "whole", "rules");
    const { program } = compileCase(made);
    if (program === null) continue;
    const module = compileWasm(program, { filter: true });
    const stock = opa.loadPolicySync(module);
    const thin = loadWasmPolicy(module);
    for (const { action, entity, known, rows, damage } of [
      ...generateLists(made, program, 8),
      ...otherLists(made, program),
    ]) {
      if (rows.length === 0) count(seen, "of no rows");
      const asked = { ...known, action: { name: action }, resource: { type: entity } };
      const bytes = new TextEncoder().encode(text(asked));
      const [only] = stock.evaluate(asked, "wardline/filter") as readonly { readonly result: FilterAnswer }[];
      const found = only?.result as FilterAnswer;
      const wanted = opened(program, answerFilter(program, action, entity, known), found, known);
      const answers: Record<string, boolean> = {
        stock: text(found) === text(wanted),
        thin: text(thin.filter(bytes)) === text(found),
      };
      count(seen, "refused" in found ? found.refused : "answered");
      if (damage !== null) count(seen, "damaged");
      if (!("refused" in found)) {
        if (/[tf]/.test(found.atoms)) count(seen, "known atoms");
        if (found.spent.length > 0) count(seen, "spent");
        if (!found.home) count(seen, "abroad");
      }
      const residual = residualFromAnswer(program, action, entity, known, found);
      answers["residual"] = text(residual) === text(filterFor(program, action, entity, known));
      const bound = bindResidual(residual);
      for (const { request } of rows.slice(0, 6)) {
        const { resource, ancestors, references, relations } = request;
        const row = { ...resource, ancestors, references, relations };
        const decision = evaluate(program, request);
        count(seen, decision.outcome);
        answers["rows"] = (answers["rows"] ?? true) && text(bound.decide(row)) === text(decision);
        const bytesOfRow = new TextEncoder().encode(text(request));
        answers["decisions"] =
          (answers["decisions"] ?? true) && text(thin.decide(bytesOfRow)) === text(decision);
      }
      const wrong = Object.entries(answers).filter(([, isRight]) => !isRight);
      if (wrong.length > 0) return { seed, wrong, found, wanted, asked, damage };
    }
  }
  return undefined;
}

test("modules answer lists as answerFilter does, over 40 policies", () => {
  const seen: Seen = { counts: new Map() };
  expect(firstMismatch(0, 40, seen)).toBeUndefined();
  if (process.env["WARDLINE_SHOW"]) process.stdout.write(`${text([...seen.counts])}\n`);
  for (const key of [
    "answered",
    "invalid_input",
    "out_of_scope",
    "damaged",
    "known atoms",
    "spent",
    "abroad",
    "of no rows",
  ])
    expect(seen.counts.get(key) ?? 0, key).toBeGreaterThan(4);
  for (const key of ["permit", "challenge", "deny"])
    expect(seen.counts.get(key) ?? 0, key).toBeGreaterThan(20);
});

const random = Number(process.env["WARDLINE_SEED"] ?? Math.floor(Math.random() * 2 ** 20));
test(`over 10 policies from the seed ${random} (WARDLINE_SEED=${random} repeats them)`, () => {
  const cases = Number(process.env["WARDLINE_CASES"] ?? 10);
  expect(firstMismatch(random, cases, { counts: new Map() })).toBeUndefined();
}, 600_000);
