/** Rego text as `opa fmt` would leave it: rules, literals and comments. Whatever comes from a program is quoted here. */
import type { WireScalar } from "@wardline/core";

/** A JSON value as a Rego term. */
export function term(value: unknown): string {
  if (typeof value === "string") return quote(value);
  if (Array.isArray(value)) return `[${value.map(term).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, item]) => `${quote(key)}: ${term(item)}`);
  return `{${entries.join(", ")}}`;
}

/** A set of constants; `set()` if there are none, since `{}` is an object. */
export function setTerm(values: readonly WireScalar[]): string {
  return values.length === 0 ? "set()" : `{${values.map(term).join(", ")}}`;
}

/** JSON's escapes are Rego's. What does not print is escaped too, so that no text looks like another. */
function quote(text: string): string {
  return JSON.stringify(text).replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, (char) =>
    Array.from(
      { length: char.length },
      (_, i) => `\\u${char.charCodeAt(i).toString(16).padStart(4, "0")}`,
    ).join(""),
  );
}

/** A rule with a body. One line of body stays on the line of the head; none at all makes a rule without `if`. */
export function rule(head: string, body: readonly string[]): string {
  const [only] = body;
  if (only === undefined) return head;
  if (body.length === 1 && !only.includes("\n")) return `${head} if ${only}`;
  return [`${head} if {`, ...body.flatMap(indent), "}"].join("\n");
}

/** A condition by name that is false unless one of its bodies holds, and so never undefined. */
export function truth(name: string, bodies: readonly (readonly string[])[]): readonly string[] {
  return [
    `default ${name} := false`,
    ...bodies.map((body) => (body.length === 0 ? `${name} := true` : rule(name, body))),
  ];
}

export function indent(text: string): readonly string[] {
  return text.split("\n").map((line) => `\t${line}`);
}

/** A comment, one line for each line of the text. Nothing in a text can end its comment, or become an annotation. */
export function comment(text: string): string {
  const lines = text.split(/\r\n|[\n\r\u0085\u2028\u2029]/u);
  return lines
    .map((line) => line.replaceAll(/\p{C}/gu, " ").trimEnd())
    .map((line) => (line.trim() === "METADATA" ? "# (METADATA)" : `# ${line}`.trimEnd()))
    .join("\n");
}

/** Gives out names that are legal in Rego and never the same twice. */
export function createNames(): (wanted: string) => string {
  const taken = new Set<string>();
  return (wanted) => {
    const name = wanted.replaceAll(/[^A-Za-z0-9_]+/g, "_").replace(/_+$/, "");
    let free = name;
    for (let i = 2; taken.has(free); i += 1) free = `${name}_${i}`;
    taken.add(free);
    return free;
  };
}
