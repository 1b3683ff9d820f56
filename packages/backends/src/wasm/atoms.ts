/** Code that puts the value of an atom on the stack: 1 or 0. An atom that reads an absent fact is 0. */
import { parseNetwork, type Atom, type CompareOp, type Operand } from "@wardline/core";
import {
  i32And,
  i32Const,
  i32Eq,
  i32Ne,
  i32Or,
  i64Add,
  i64And,
  i64Const,
  i64Eq,
  i64Eqz,
  i64GeS,
  i64GtS,
  i64LeS,
  i64LtS,
  i32Eqz,
  loadAt,
  loadByteAt,
  loadLong,
  loadLongAt,
  type Code,
} from "./assembler.ts";
import type { Cells } from "./cells.ts";
import { commonFamily, familyOf, numberOf, textOf } from "./fact-type.ts";
import type { Image } from "./image.ts";
import { cell } from "./layout.ts";
import type { Functions } from "./linker.ts";

export interface AtomContext {
  readonly cells: Cells;
  readonly image: Image;
  readonly functions: Functions;
}

export function atomCode(atom: Atom, context: AtomContext): Code {
  const { cells, functions } = context;
  switch (atom.kind) {
    case "compare":
      return compare(atom.op, atom.left, atom.right, context);
    case "truth": {
      if (cells.type(atom.of).kind !== "bool") throw new TypeError("only a Bool is true");
      return both(cells.present(atom.of), [...value(atom.of, context), ...i64Eqz, ...i32Eqz]);
    }
    case "one_of":
      return oneOf(atom, context);
    case "contains":
      return contains(atom, context);
    case "empty":
      return cells.empty(atom.set);
    case "text":
      return [
        ...text(atom.of, context),
        ...text(atom.part, context),
        ...functions.call(textFunctions[atom.op]),
      ];
    case "in_network":
      return inNetwork(atom, context);
    case "has":
      return loadAt(cells.of(atom.slot) + cell.present);
    case "role":
      return holdsOne(atom.slot, atom.roles, context);
    case "within": {
      const entity = text(atom.entity, context);
      const group = text(atom.group, context);
      const same = atom.same ? [...entity, ...group, ...functions.call("sameText")] : i32Const(0);
      if (atom.ancestors === null) return same;
      const set = cells.set(atom.ancestors);
      if (familyOf(set.type) !== "text") throw new TypeError("ancestors are ids");
      // The group's presence is asked where the ancestors are searched.
      const above = both(cells.present(atom.entity), [
        ...i32Const(set.at),
        ...group,
        ...functions.call("hasText"),
      ]);
      return atom.same ? [...same, ...above, ...i32Or] : above;
    }
    case "related":
      return [
        ...i32Const(cells.relation(atom.slot)),
        ...text(atom.from, context),
        ...text(atom.to, context),
        ...functions.call("related"),
      ];
  }
}

const textFunctions = { starts_with: "startsWith", ends_with: "endsWith", contains: "includes" } as const;

function inNetwork(atom: Extract<Atom, { kind: "in_network" }>, context: AtomContext): Code {
  const { cells, functions, image } = context;
  if (cells.type(atom.of).kind !== "ip") throw new TypeError("only an Ip lies in a network");
  // Nothing lies in what is no network.
  const networks = atom.networks.flatMap((network) => parseNetwork(network) ?? []);
  const list = networks.flatMap(({ version, prefix, bits }) => {
    const [high, low] = version === 4 ? [bits << 32n, 0n] : [bits >> 64n, BigInt.asUintN(64, bits)];
    return [BigInt(version) | (BigInt(prefix) << 32n), high, low];
  });
  return [
    ...cells.address(atom.of),
    ...i32Const(image.longs(list)),
    ...i32Const(networks.length),
    ...functions.call("inNetworks"),
  ];
}

function compare(op: CompareOp, left: Operand, right: Operand, context: AtomContext): Code {
  const { cells, functions } = context;
  const family = commonFamily(cells.type(left), cells.type(right));
  if (family === "text") {
    if (op !== "eq") throw new TypeError(`values of type ${cells.type(left).kind} have no order`);
    const [slot, constant] = left.kind === "constant" ? [right, left] : [left, right];
    // A constant is a name, and an absent fact has the number of none.
    if (constant.kind === "constant" && typeof constant.value === "string")
      return [
        ...cells.name(slot),
        ...i32Const(cells.names.number(textOf(constant.value, constant.type))),
        ...i32Eq,
      ];
    return [...cells.address(left), ...cells.address(right), ...functions.call("sameText")];
  }
  if (op !== "eq" && cells.type(left).kind === "bool")
    throw new TypeError("values of type bool have no order");
  const present = both(cells.present(left), cells.present(right));
  return both(present, [...moved(left, context), ...moved(right, context), ...comparison(op)]);
}

function comparison(op: CompareOp): Code {
  switch (op) {
    case "eq":
      return i64Eq;
    case "lt":
      return i64LtS;
    case "le":
      return i64LeS;
    case "gt":
      return i64GtS;
    case "ge":
      return i64GeS;
  }
}

function oneOf(atom: Extract<Atom, { kind: "one_of" }>, context: AtomContext): Code {
  const { cells, functions, image } = context;
  if (commonFamily(cells.type(atom.of), atom.type) === "text") {
    const numbers = atom.values
      .map((v) => cells.names.number(textOf(v, atom.type)))
      .toSorted((a, b) => a - b);
    return [
      ...cells.name(atom.of),
      ...i32Const(image.words(numbers)),
      ...i32Const(numbers.length),
      ...functions.call("inNumbers"),
    ];
  }
  const values = atom.values
    .map((v) => numberOf(v, atom.type))
    .toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const found = [...i32Const(image.longs(values)), ...i32Const(values.length), ...functions.call("inValues")];
  return both(cells.present(atom.of), [...value(atom.of, context), ...found]);
}

function contains(atom: Extract<Atom, { kind: "contains" }>, context: AtomContext): Code {
  const { cells, functions } = context;
  const set = cells.set(atom.set);
  commonFamily(set.type, atom.type);
  const family = commonFamily(set.type, cells.type(atom.of));
  if (family === "text" && atom.of.kind === "constant")
    return holdsOne(atom.set, [textOf(atom.of.value, atom.of.type)], context);
  const search = functions.call(family === "text" ? "hasText" : "hasValue");
  return [...i32Const(set.at), ...cells.address(atom.of), ...search];
}

/** The set holds at least one of the names: a test of bits, 64 at once. */
function holdsOne(slot: number, names: readonly string[], { cells }: AtomContext): Code {
  if (familyOf(cells.set(slot).type) !== "text")
    throw new TypeError(`the set of slot ${slot} holds no names`);
  if (names.length === 0) return i32Const(0);
  const numbers = names.map((name) => cells.names.inSets(name));
  const at = cells.bits(slot);
  if (numbers.length === 1) {
    const number = numbers[0] as number;
    return [
      ...loadByteAt(at + (number >> 3)),
      ...i32Const(1 << (number & 7)),
      ...i32And,
      ...i32Const(0),
      ...i32Ne,
    ];
  }
  const words = new Map<number, bigint>();
  for (const n of numbers) words.set(n >> 6, (words.get(n >> 6) ?? 0n) | (1n << BigInt(n & 63)));
  const tests = [...words].map(([word, mask]) => [
    ...loadLongAt(at + word * 8),
    ...i64Const(BigInt.asIntN(64, mask)),
    ...i64And,
    ...i64Eqz,
    ...i32Eqz,
  ]);
  return tests.reduce((all, test) => [...all, ...test, ...i32Or]);
}

function text(operand: Operand, { cells }: AtomContext): Code {
  if (familyOf(cells.type(operand)) !== "text") throw new TypeError("an id is text");
  return cells.address(operand);
}

function value(operand: Operand, { cells }: AtomContext): Code {
  return [...cells.address(operand), ...loadLong(cell.value)];
}

/** The value of one side of a comparison: `now` may be moved. Instants and offsets are far from what 64 bits hold. */
function moved(operand: Operand, context: AtomContext): Code {
  const here = value(operand, context);
  return operand.kind === "now" ? [...here, ...i64Const(BigInt(operand.offset)), ...i64Add] : here;
}

function both(a: Code, b: Code): Code {
  const always = i32Const(1).join();
  if (a.join() === always) return b;
  return b.join() === always ? a : [...a, ...b, ...i32And];
}
