/**
 * SQL text under construction: literals of this source, quoted names and parameters, nothing else.
 * A value never becomes text, and no text of a caller does.
 */
type Piece =
  | string
  | { readonly value: unknown }
  | { readonly tenant: unknown }
  | { readonly late: () => string };

export type Sql = readonly Piece[];

/** A template whose holes are filled with other SQL. */
export function sql(strings: TemplateStringsArray, ...parts: readonly Sql[]): Sql {
  const pieces: Piece[] = [];
  for (const [index, text] of strings.entries()) {
    pieces.push(text);
    const part = parts[index];
    if (part !== undefined) pieces.push(...part);
  }
  return pieces;
}

export const nothing: Sql = [];

export function parameter(value: unknown): Sql {
  return [{ value }];
}

/** The tenant, which is `$1` wherever a statement names it. */
export function tenantParameter(tenant: unknown): Sql {
  return [{ tenant }];
}

/** A quoted identifier. */
export function named(...path: readonly string[]): Sql {
  return [path.map((name) => `"${name.replaceAll('"', '""')}"`).join(".")];
}

/** A word of the grammar, an operator or a function: always one of a list in this package. */
export function word(text: string): Sql {
  return [text];
}

/** Words of the grammar that are settled when the whole statement has been seen. */
export function late(text: () => string): Sql {
  return [{ late: text }];
}

export function joined(parts: readonly Sql[], separator: ", " | " and " | " " | " union all "): Sql {
  return parts.flatMap((part, index) => (index === 0 ? part : [separator, ...part]));
}

/** Text with a hole before each parameter, as the printer of SQL trees gives it. */
export function printed(
  fragments: readonly string[],
  parameters: readonly { readonly value: unknown; readonly tenant?: true }[],
): Sql {
  if (fragments.length !== parameters.length + 1)
    throw new RangeError("fragments and parameters do not alternate");
  return fragments.flatMap((text, index) => {
    const parameter = parameters[index];
    if (parameter === undefined) return [text];
    const { value, tenant } = parameter;
    return [text, tenant === true ? { tenant: value } : { value }];
  });
}

/** The text with numbered parameters. A statement that names the tenant does so by `$1`, and nothing else has that number. */
export function render(statement: Sql): { readonly text: string; readonly parameters: readonly unknown[] } {
  const tenants = new Set(
    statement.flatMap((piece) => (typeof piece === "object" && "tenant" in piece ? [piece.tenant] : [])),
  );
  if (tenants.size > 1) throw new RangeError("a statement names two tenants");
  const parameters: unknown[] = [...tenants];
  let text = "";
  for (const piece of statement) {
    if (typeof piece === "string") text += piece;
    else if ("late" in piece) text += piece.late();
    else if ("tenant" in piece) text += "$1";
    else text += `$${parameters.push(piece.value)}`;
  }
  return { text, parameters };
}
