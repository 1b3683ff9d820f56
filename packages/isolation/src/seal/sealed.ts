/**
 * The value of a sealed cell on its way through the process. Whoever wants its text asks for it; whatever prints, logs, clones or
 * serialises it gets the sign. It must never show its text in any other way.
 */
import type { Shown } from "./masked.ts";

/** What stands for the text wherever a value is printed. */
export const sealedSign = "[sealed]";

let textOf: (value: Sealed) => string;
let isOurs: (value: object) => boolean;

export class Sealed {
  readonly #text: string;

  /** A text that is to be written into a sealed field. */
  constructor(text: string) {
    if (typeof text !== "string") throw new TypeError("only a text is sealed");
    this.#text = text;
    Object.freeze(this);
  }

  static {
    textOf = (value) => value.#text;
    isOurs = (value) => #text in value;
  }

  /** The text. */
  reveal(): string {
    return this.#text;
  }

  /** Whether both hold the same text. */
  equals(other: unknown): boolean {
    return isSealedValue(other) && textOf(other) === this.#text;
  }

  toJSON(): string {
    return sealedSign;
  }

  toString(): string {
    return sealedSign;
  }

  [Symbol.toPrimitive](): string {
    return sealedSign;
  }

  get [Symbol.toStringTag](): string {
    return "Sealed";
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return sealedSign;
  }
}

Object.freeze(Sealed.prototype);

/** By its private part: no other object, and no subclass that answers otherwise, passes for one. */
export function isSealedValue(value: unknown): value is Sealed {
  return typeof value === "object" && value !== null && isOurs(value);
}

/** The text of a value, by no method that could have been replaced. */
export function revealed(value: Sealed): string {
  return textOf(value);
}

/** A type of rows with texts in place of sealed values, and plain values in place of masked ones. */
export type RevealedRow<Row> = {
  [Name in keyof Row]: Shown<Exclude<Row[Name], Sealed>> | (Sealed extends Row[Name] ? string : never);
};

/** A row with the texts of its sealed cells, for whoever hands them out on purpose. */
export function revealRow<Row extends object>(row: Row): RevealedRow<Row> {
  const shown = Object.create(null) as Record<string, unknown>;
  for (const [name, cell] of Object.entries(row)) shown[name] = isSealedValue(cell) ? revealed(cell) : cell;
  return shown as RevealedRow<Row>;
}
