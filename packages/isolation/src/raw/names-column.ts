/** Whether a statement names a column anywhere, behind whatever relation. Only to say why it was refused. */
export function namesColumn(part: unknown, name: string): boolean {
  if (Array.isArray(part)) return part.some((item) => namesColumn(item, name));
  if (typeof part !== "object" || part === null) return false;
  const { ColumnRef: reference } = part as {
    readonly ColumnRef?: { readonly fields?: readonly { readonly String?: { readonly sval?: string } }[] };
  };
  if (reference !== undefined) return reference.fields?.at(-1)?.String?.sval === name;
  return Object.values(part).some((child) => namesColumn(child, name));
}
