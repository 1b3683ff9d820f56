/** A fault: a mistake that one could make in a backend, as a change of one place of its sources. */
export interface Fault {
  readonly name: string;
  /** From `packages/backends`. */
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly from: string;
  readonly to: string;
}

export const backends = ["closure", "wasm", "rego", "sql"] as const;
export type Backend = (typeof backends)[number];

/** The text with the fault in it. Throws where its place is not there exactly once: a fault that no longer fits is an error. */
export function withFault(text: string, { name, file, from, to }: Fault): string {
  const places = text.split(from).length - 1;
  if (places !== 1 || from === to)
    throw new RangeError(`the fault "${name}" fits ${places} places of ${file}, not one`);
  return text.replace(from, () => to);
}
