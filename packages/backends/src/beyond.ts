/**
 * What the backends do not carry out yet. A program that has any of it is refused whole, with the rule and its place,
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

/** Throws {@link BeyondTarget}, or what `make` makes of it, if the program says what no backend carries out yet. */
export function refuseBeyond(
  program: Program,
  make: (what: string) => Error = (what) => new BeyondTarget(what),
): void {
  for (const entity of program.model.entities)
    if (entity.shared === true) throw make(`the shared entity ${entity.name}`);
  const reads = new Map<number, string | null>();
  for (const table of program.tables)
    for (const { rule, what } of beyondIn(program, table, reads))
      throw make(`${rule.kind} ${rule.id} (${rule.file}:${rule.line}): ${what}`);
}

interface Found {
  readonly rule: Rule;
  readonly what: string;
}

function beyondIn(program: Program, table: Table, reads: Map<number, string | null>): readonly Found[] {
  return table.passes.flatMap((pass) => {
    const terms = [...pass.grants, ...pass.requires];
    const ceilings = program.rules.filter((rule) => rule.kind === "ceiling");
    const ceiling = inCondition(program, pass.ceiling, reads);
    const [first] = ceilings;
    return [
      ...(ceiling === null || first === undefined ? [] : [{ rule: first, what: ceiling }]),
      ...[...pass.forbids, ...terms].flatMap((entry) =>
        named(program, entry, inEntry(program, entry, reads)),
      ),
      ...terms.flatMap((entry) => named(program, entry, inTerms(program, entry, reads))),
      ...pass.grants.flatMap((entry) =>
        named(program, entry, (entry.preconditions ?? []).length === 0 ? null : "a precondition of a grant"),
      ),
    ];
  });
}

function named(program: Program, entry: Entry, what: string | null): readonly Found[] {
  const rule = program.rules[entry.rule];
  return what === null || rule === undefined ? [] : [{ rule, what }];
}

function inEntry(program: Program, entry: Entry, reads: Map<number, string | null>): string | null {
  const kind = program.rules[entry.rule]?.kind;
  if (kind === "floor" || kind === "share") return `a ${kind}`;
  return inCondition(program, entry.when, reads);
}

function inTerms(
  program: Program,
  entry: Table["passes"][number]["requires"][number] | Table["passes"][number]["grants"][number],
  reads: Map<number, string | null>,
): string | null {
  if (entry.limit !== undefined) return "`limit`";
  const [duty] = entry.duties ?? [];
  if (duty !== undefined) return `\`${duty.type}\``;
  for (const { obligation, met } of entry.preconditions ?? []) {
    if (obligation.type === "approval") return "`approval`";
    const found = inCondition(program, met, reads);
    if (found !== null) return found;
  }
  return entry.effects.map(ofEffect).find((what) => what !== null) ?? null;
}

/** Masks of the ladder that no backend carries out yet. */
const laterMasks: ReadonlySet<Mask["kind"]> = new Set([
  "partial_first",
  "bucket",
  "month",
  "year",
  "token",
  "hash",
]);

function ofEffect({ mask }: FieldEffect): string | null {
  return laterMasks.has(mask.kind) ? `the mask \`${mask.kind}\`` : null;
}

function inCondition(program: Program, index: number, reads: Map<number, string | null>): string | null {
  const known = reads.get(index);
  if (known !== undefined) return known;
  // Where the program is not one that loads, the backend says so.
  reads.set(index, null);
  const condition: Condition = program.conditions[index] ?? { kind: "constant", value: true };
  const found =
    condition.kind === "atom"
      ? inAtom(program, program.atoms[condition.atom])
      : ((condition.kind === "constant" ? [] : condition.of)
          .map((child) => inCondition(program, child, reads))
          .find((what) => what !== null) ?? null);
  reads.set(index, found);
  return found;
}

function inAtom(program: Program, atom: Atom | undefined): string | null {
  if (atom === undefined) return null;
  if (atom.kind === "empty") return "`is_empty`";
  if (atom.kind === "text") return `\`${atom.op}\``;
  if (atom.kind === "in_network") return "a network";
  const operands: readonly Operand[] = atom.kind === "compare" ? [atom.left, atom.right] : [];
  if (operands.some((operand) => operand.kind === "now")) return "`now` moved by a duration";
  for (const id of slotsOfAtom(atom)) {
    const slot: Slot | undefined = program.slots[id];
    if (slot === undefined) continue;
    const { source, type } = slot;
    if (source.from === "clock") return "`clock`";
    if (source.from === "reference") return "reading through a reference";
    if (source.from === "ancestors" && source.of.further !== undefined)
      return "the ancestors of a second reference";
    const of = type.kind === "set" ? type.of : type;
    if (atom.kind !== "has" && (of.kind === "ip" || of.kind === "date" || of.kind === "time"))
      return `a value of type ${of.kind}`;
  }
  return null;
}
