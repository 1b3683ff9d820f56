/** Whether an answer to one tenant shows anything of another: its marks, which stand in every text of its rows, and its rows' ids. */

export interface Canaries {
  /** By tenant. */
  readonly marks: ReadonlyMap<string, string>;
  readonly ids: ReadonlyMap<string, ReadonlySet<string>>;
}

export const markOf = (tenant: string): string => ` canary-of-${tenant}`;

const uuids = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** What of other tenants stands in a text; nothing, if all is as it should be. */
export function foreignIn(text: string, tenant: string, { marks, ids }: Canaries): readonly string[] {
  const found: string[] = [];
  for (const [other, mark] of marks)
    if (other !== tenant && text.includes(mark.trim())) found.push(mark.trim());
  const named = text.match(uuids) ?? [];
  for (const [other, known] of ids) if (other !== tenant) found.push(...named.filter((id) => known.has(id)));
  return found;
}

/** How many rows of its own a text shows: without any, nothing would be said by finding none of others. */
export function ownIn(text: string, tenant: string, { ids }: Canaries): number {
  const known = ids.get(tenant);
  return (text.match(uuids) ?? []).filter((id) => known?.has(id) === true).length;
}
