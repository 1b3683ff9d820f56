/** Cells of facts and of constants: what operands of atoms are made of. */
import type { Operand, Program, ScalarType, Slot, SlotSource, ValueType, WireScalar } from "@wardline/core";
import { i32And, i32Const, i32Eqz, load, loadAt, select, type Code } from "./assembler.ts";
import { familyOf, numberOf, textOf } from "./fact-type.ts";
import type { Image } from "./image.ts";
import { cell, cellSize } from "./layout.ts";
import type { Names } from "./names.ts";

export class Cells {
  readonly #program: Program;
  readonly #slots: number;
  readonly #setBits: ReadonlyMap<number, number>;
  readonly #image: Image;
  readonly names: Names;

  /** `slots`: the address of the cell of slot 0. `setBits`: by slot, the address of the name bits of a set. */
  constructor(
    program: Program,
    slots: number,
    setBits: ReadonlyMap<number, number>,
    image: Image,
    names: Names,
  ) {
    this.#program = program;
    this.#slots = slots;
    this.#setBits = setBits;
    this.#image = image;
    this.names = names;
  }

  slot(id: number): Slot {
    const slot = this.#program.slots[id];
    if (slot === undefined) throw new RangeError(`no slot ${id}`);
    return slot;
  }

  /** The address of a slot's cell. The cell of a slot that the table does not read stays absent. */
  of(slot: number): number {
    this.slot(slot);
    return this.#slots + slot * cellSize;
  }

  /** The address of a set's cell, and the type of its members. */
  set(slot: number): { readonly at: number; readonly type: ScalarType } {
    const { type, source } = this.slot(slot);
    if (type.kind !== "set" || source.from === "relation") throw new TypeError(`slot ${slot} is no set`);
    return { at: this.of(slot), type: type.of };
  }

  /** Puts 1 on the stack if a set has a value without members, else 0. */
  empty(slot: number): Code {
    const { type } = this.slot(slot);
    if (type.kind !== "set") throw new TypeError(`slot ${slot} is no set`);
    const at = this.of(slot);
    return [...loadAt(at + cell.present), ...loadAt(at + cell.length), ...i32Eqz, ...i32And];
  }

  /** The address of the bits that say which names the set of a slot holds. */
  bits(slot: number): number {
    const bits = this.#setBits.get(slot);
    if (bits === undefined) throw new RangeError(`the set of slot ${slot} was not to be asked for names`);
    return bits;
  }

  /** The address of the cell of what is left of a limit, or of how long until there is more. */
  count(slot: number): number {
    const { type } = this.slot(slot);
    if (type.kind !== "int" && type.kind !== "duration") throw new TypeError(`slot ${slot} counts nothing`);
    return this.of(slot);
  }

  relation(slot: number): number {
    if (this.slot(slot).source.from !== "relation") throw new TypeError(`slot ${slot} is no relation`);
    return this.of(slot);
  }

  type(operand: Operand): ScalarType {
    return operand.kind === "constant" ? operand.type : scalar(this.slot(operand.slot).type, operand.slot);
  }

  /** Puts the address of the operand's cell on the stack. */
  address(operand: Operand): Code {
    if (operand.kind === "constant") return i32Const(this.constant(operand.value, operand.type));
    const at = this.of(operand.slot);
    const type = this.type(operand);
    if (operand.kind === "now" || operand.fallback === null) return i32Const(at);
    return [
      ...i32Const(at),
      ...i32Const(this.constant(operand.fallback, type)),
      ...loadAt(at + cell.present),
      ...select,
    ];
  }

  /** Puts 1 on the stack if the operand has a value, else 0. */
  present(operand: Operand): Code {
    if (operand.kind === "constant" || (operand.kind === "slot" && operand.fallback !== null))
      return i32Const(1);
    return loadAt(this.of(operand.slot) + cell.present);
  }

  /** The number of the name that the operand's text is; 0 if it is absent or no name. */
  name(operand: Operand): Code {
    return [...this.address(operand), ...load(cell.name)];
  }

  /** The address of the cell of a constant. */
  constant(value: WireScalar, type: ScalarType): number {
    const words = (at: number, length: number, name: number) =>
      [1, at, length, name].flatMap((word) => [
        word & 255,
        (word >>> 8) & 255,
        (word >>> 16) & 255,
        word >>> 24,
      ]);
    if (familyOf(type) === "text") {
      const name = textOf(value, type);
      const text = this.#image.text(name);
      return this.#image.row([...words(text.at, text.length, this.names.number(name)), ...long(0n)], 8);
    }
    return this.#image.row([...words(0, 0, 0), ...long(numberOf(value, type))], 8);
  }
}

/** True if both lead to one place of the request. */
export function sameSource(a: SlotSource, b: SlotSource): boolean {
  const key = (source: SlotSource) =>
    JSON.stringify(Object.entries(source).toSorted(([x], [y]) => (x < y ? -1 : 1)));
  return key(a) === key(b);
}

function scalar(type: ValueType, slot: number): ScalarType {
  if (type.kind === "set") throw new TypeError(`slot ${slot} is a set`);
  return type;
}

function long(value: bigint): readonly number[] {
  return Array.from({ length: 8 }, (_, i) => Number((value >> BigInt(8 * i)) & 255n));
}
