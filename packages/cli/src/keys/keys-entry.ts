/** What stands in a file of keys, checked: nothing unknown, nothing of another kind, and all that is needed. */
import { UsageError } from "../exit-code.ts";

export interface Field {
  readonly kind: "text" | "number" | "flag" | "texts";
  readonly needed?: true;
}

export type Fields = Readonly<Record<string, Field>>;

export interface Entry {
  readonly text: (key: string) => string;
  readonly textMaybe: (key: string) => string | undefined;
  /** Those of the keys that are given, as they stand there. */
  readonly present: (...keys: readonly string[]) => Readonly<Record<string, unknown>>;
}

const words: Readonly<Record<Field["kind"], string>> = {
  text: "a text",
  number: "a number",
  flag: "true or false",
  texts: "an object of texts",
};

/** Throws {@link UsageError}. No message holds a value: one that stands in a wrong place may be a secret. */
export function checkEntry(name: string, given: Readonly<Record<string, unknown>>, fields: Fields): Entry {
  for (const [key, value] of Object.entries(given)) {
    const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (field === undefined)
      throw new UsageError(
        `${name}: unknown key \`${key}\` for this provider`,
        `known keys: ${["provider", ...Object.keys(fields)].join(", ")}`,
      );
    if (!isOf(field.kind, value)) throw new UsageError(`${name}: \`${key}\` must be ${words[field.kind]}`);
  }
  for (const [key, { needed, kind }] of Object.entries(fields))
    if (needed === true && !Object.hasOwn(given, key))
      throw new UsageError(`${name}: \`${key}\` is missing`, `it is ${words[kind]}`);
  const textMaybe = (key: string): string | undefined =>
    Object.hasOwn(given, key) ? (given[key] as string) : undefined;
  return {
    textMaybe,
    text: (key) => textMaybe(key) ?? "",
    present: (...keys) =>
      Object.fromEntries(keys.filter((key) => Object.hasOwn(given, key)).map((key) => [key, given[key]])),
  };
}

function isOf(kind: Field["kind"], value: unknown): boolean {
  switch (kind) {
    case "text":
      return typeof value === "string" && value !== "";
    case "number":
      return typeof value === "number";
    case "flag":
      return typeof value === "boolean";
    case "texts":
      return (
        typeof value === "object" &&
        value !== null &&
        !Array.isArray(value) &&
        Object.values(value).every((one) => typeof one === "string")
      );
  }
}
