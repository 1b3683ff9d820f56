/**
 * What a backend does not carry out yet. A program that has any of it is refused whole, with the rule and its place,
 * before anything is made: nothing is ever left out or approximated instead.
 */
import {
  slotsOfAtom,
  type Atom,
  type Condition,
  type Entry,
  type FieldEffect,
  type Mask,
  type Operand,
  type Program,
  type Rule,
  type Slot,
  type Table,
} from "@wardline/core";

/** Parts of the language that a backend may lack. */
export type Construct =
  | "floor"
  | "share"
  | "shared entity"
  | "precondition of a grant"
  | "limit"
  | "duty"
  | "approval"
  | "is_empty"
  | "text method"
  | "network"
  | "now moved"
  | "clock"
  | "reference"
  | "ancestors of a second reference"
  | "ip, date or time"
  | Exclude<Mask["kind"], "show" | "hide" | "initials" | "partial" | "redact">;

/** Everything: where a backend starts from. Each keeps a list of its own and makes it shorter. */
export const everyConstruct: ReadonlySet<Construct> = new Set<Construct>([
  "floor",
  "share",
  "shared entity",
  "precondition of a grant",
  "limit",
  "duty",
  "approval",
  "is_empty",
  "text method",
  "network",
  "now moved",
  "clock",
  "reference",
  "ancestors of a second reference",
  "ip, date or time",
  "partial_first",
  "bucket",
  "month",
  "year",
  "token",
  "hash",
]);

export class BeyondTarget extends Error {
  readonly code = "target/beyond";

  constructor(what: string) {
    super(`${what} cannot be compiled yet`);
    this.name = "BeyondTarget";
  }
}

/** For a kind that {@link refuseBeyond} has refused already. */
export function beyond(what: string): never {
  throw new BeyondTarget(what);
}

/** Throws {@link BeyondTarget}, or what `make` makes of it, if the program says what a backend lacks. */
export function refuseBeyond(
  program: Program,
  lacks: ReadonlySet<Construct>,
  make: (what: string) => Error = (what) => new BeyondTarget(what),
): void {
  if (lacks.size === 0) return;
  if (lacks.has("shared entity"))
    for (const entity of program.model.entities)
      if (entity.shared === true) throw make(`the shared entity ${entity.name}`);
  const looked: Looked = { lacks, reads: new Map() };
  for (const table of program.tables)
    for (const { rule, what } of beyondIn(program, table, looked))
      throw make(`${rule.kind} ${rule.id} (${rule.file}:${rule.line}): ${what}`);
}

interface Looked {
  readonly lacks: ReadonlySet<Construct>;
  /** What was found in a condition, by its index. */
  readonly reads: Map<number, string | null>;
}

interface Found {
  readonly rule: Rule;
  readonly what: string;
}

function beyondIn(program: Program, table: Table, looked: Looked): readonly Found[] {
  return table.passes.flatMap((pass) => {
    const terms = [...pass.grants, ...pass.requires];
    const ceiling = inCondition(program, pass.ceiling, looked);
    const first = ceiling === null ? undefined : program.rules.find((rule) => rule.kind === "ceiling");
    return [
      ...(ceiling === null || first === undefined ? [] : [{ rule: first, what: ceiling }]),
      ...[...pass.forbids, ...terms].flatMap((entry) =>
        named(program, entry, inEntry(program, entry, looked)),
      ),
      ...terms.flatMap((entry) => named(program, entry, inTerms(program, entry, looked))),
      ...pass.grants.flatMap((entry) =>
        named(
          program,
          entry,
          looked.lacks.has("precondition of a grant") && (entry.preconditions ?? []).length > 0
            ? "a precondition of a grant"
            : null,
        ),
      ),
    ];
  });
}

function named(program: Program, entry: Entry, what: string | null): readonly Found[] {
  const rule = program.rules[entry.rule];
  return what === null || rule === undefined ? [] : [{ rule, what }];
}

function inEntry(program: Program, entry: Entry, looked: Looked): string | null {
  const kind = program.rules[entry.rule]?.kind;
  if ((kind === "floor" || kind === "share") && looked.lacks.has(kind)) return `a ${kind}`;
  return inCondition(program, entry.when, looked);
}

function inTerms(
  program: Program,
  entry: Table["passes"][number]["requires"][number] | Table["passes"][number]["grants"][number],
  looked: Looked,
): string | null {
  const { lacks } = looked;
  if (entry.limit !== undefined && lacks.has("limit")) return "`limit`";
  const [duty] = entry.duties ?? [];
  if (duty !== undefined && lacks.has("duty")) return `\`${duty.type}\``;
  for (const { obligation, met } of entry.preconditions ?? []) {
    if (obligation.type === "approval" && lacks.has("approval")) return "`approval`";
    const found = inCondition(program, met, looked);
    if (found !== null) return found;
  }
  return entry.effects.map((effect) => ofEffect(effect, looked)).find((what) => what !== null) ?? null;
}

function ofEffect({ mask }: FieldEffect, { lacks }: Looked): string | null {
  const isLacking = (lacks as ReadonlySet<string>).has(mask.kind);
  return isLacking ? `the mask \`${mask.kind}\`` : null;
}

function inCondition(program: Program, index: number, looked: Looked): string | null {
  const { reads } = looked;
  const known = reads.get(index);
  if (known !== undefined) return known;
  // Where the program is not one that loads, the backend says so.
  reads.set(index, null);
  const condition: Condition = program.conditions[index] ?? { kind: "constant", value: true };
  const found =
    condition.kind === "atom"
      ? inAtom(program, program.atoms[condition.atom], looked)
      : ((condition.kind === "constant" ? [] : condition.of)
          .map((child) => inCondition(program, child, looked))
          .find((what) => what !== null) ?? null);
  reads.set(index, found);
  return found;
}

function inAtom(program: Program, atom: Atom | undefined, { lacks }: Looked): string | null {
  if (atom === undefined) return null;
  if (atom.kind === "empty" && lacks.has("is_empty")) return "`is_empty`";
  if (atom.kind === "text" && lacks.has("text method")) return `\`${atom.op}\``;
  if (atom.kind === "in_network" && lacks.has("network")) return "a network";
  const operands: readonly Operand[] = atom.kind === "compare" ? [atom.left, atom.right] : [];
  if (lacks.has("now moved") && operands.some((operand) => operand.kind === "now"))
    return "`now` moved by a duration";
  for (const id of slotsOfAtom(atom)) {
    const slot: Slot | undefined = program.slots[id];
    if (slot === undefined) continue;
    const { source, type } = slot;
    if (source.from === "clock" && lacks.has("clock")) return "`clock`";
    if (source.from === "reference" && lacks.has("reference")) return "reading through a reference";
    if (
      source.from === "ancestors" &&
      source.of.further !== undefined &&
      lacks.has("ancestors of a second reference")
    )
      return "the ancestors of a second reference";
    const of = type.kind === "set" ? type.of : type;
    if (!lacks.has("ip, date or time") || atom.kind === "has") continue;
    if (of.kind === "ip" || of.kind === "date" || of.kind === "time") return `a value of type ${of.kind}`;
  }
  return null;
}
