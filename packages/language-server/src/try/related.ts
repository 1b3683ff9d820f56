/** The questions that rules ask of relations, as yes or no: whether *this* person and *this* row stand in one. */
import {
  conditionsOf,
  slotPath,
  sourceText,
  valueAt,
  type Operand,
  type Pair,
  type Program,
  type Slot,
  type Table,
} from "@wardline/core";
import { put, type Draft } from "./document.ts";
import { capital, plain } from "../plain-words.ts";

export interface RelatedFact {
  readonly id: string;
  readonly relation: string;
  readonly from: Operand;
  readonly to: Operand;
  readonly path: string;
  /** `The person → the record's project` */
  readonly words: string;
}

/** Each pair that the table asks for, once, in the order of the program. */
export function relatedFacts(program: Program, table: Table): readonly RelatedFact[] {
  const asked = atomsAsked(program, table);
  const facts = program.atoms.flatMap((atom, index): readonly RelatedFact[] => {
    if (atom.kind !== "related" || !asked.has(index)) return [];
    const source = program.slots[atom.slot]?.source;
    if (source?.from !== "relation") return [];
    const { from, to } = atom;
    const path = `${source.name}(${operandText(program, from)}, ${operandText(program, to)})`;
    const words = `${capital(operandWords(program, from))} → ${operandWords(program, to)}`;
    return [{ id: path, relation: source.name, from, to, path, words }];
  });
  return [...new Map(facts.map((fact) => [fact.id, fact])).values()];
}

/** Undefined where one of the two is absent. */
export function pairOf(program: Program, request: unknown, { from, to }: RelatedFact): Pair | undefined {
  const ids = [from, to].map((operand) => {
    if (operand.kind === "constant") return operand.value;
    return valueAt(request, slotPath((program.slots[operand.slot] as Slot).source));
  });
  const [first, second] = ids;
  return typeof first === "string" && typeof second === "string" ? { from: first, to: second } : undefined;
}

export function isRelated(program: Program, request: unknown, fact: RelatedFact): boolean {
  const pair = pairOf(program, request, fact);
  return (
    pair !== undefined &&
    pairsAt(request, fact.relation).some((one) => one.from === pair.from && one.to === pair.to)
  );
}

/** The draft with just these relations: those who they are between may have changed. */
export function putRelated(program: Program, draft: Draft, table: Table, held: ReadonlySet<string>): void {
  const facts = relatedFacts(program, table);
  for (const relation of new Set(facts.map((fact) => fact.relation))) {
    const pairs = facts
      .filter((fact) => fact.relation === relation && held.has(fact.id))
      .flatMap((fact) => pairOf(program, draft, fact) ?? []);
    put(draft, ["relations", relation], pairs);
  }
}

function pairsAt(request: unknown, relation: string): readonly Pair[] {
  const pairs = valueAt(request, ["relations", relation]);
  return Array.isArray(pairs)
    ? (pairs as readonly Pair[]).filter((pair) => typeof pair === "object" && pair !== null)
    : [];
}

function operandText(program: Program, operand: Operand): string {
  if (operand.kind === "constant") return JSON.stringify(operand.value);
  return sourceText((program.slots[operand.slot] as Slot).source);
}

const rootWords: Readonly<Record<string, string>> = {
  principal: "the person",
  resource: "the record",
  prior: "the record",
  next: "the new record",
};

function operandWords(program: Program, operand: Operand): string {
  const path = operandText(program, operand);
  const [root, ...rest] = path.split(".");
  const whose = root === undefined || !Object.hasOwn(rootWords, root) ? path : (rootWords[root] as string);
  return rest.length === 0 || whose === path ? whose : `${whose}'s ${rest.map(plain).join(" › ")}`;
}

function atomsAsked(program: Program, table: Table): ReadonlySet<number> {
  const atoms = new Set<number>();
  const seen = new Set<number>();
  const open = [...conditionsOf(table)];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    const condition = program.conditions[index];
    if (seen.has(index) || condition === undefined) continue;
    seen.add(index);
    if (condition.kind === "atom") atoms.add(condition.atom);
    if (condition.kind === "and" || condition.kind === "or") open.push(...condition.of);
  }
  return atoms;
}
