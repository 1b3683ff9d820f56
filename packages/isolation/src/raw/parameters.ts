/** Numbers of parameters: the tenant's is `$1`, the caller's follow in their order, and those of the views come last. */
import type { SelectStmt } from "libpg-query";
import { Refused } from "../final-check/rules.ts";

/** In a view's tree. What follows below it are the view's own parameters. */
export const tenantNumber = -1;

export interface Counts {
  /** One where some view names the tenant. */
  readonly tenants: number;
  readonly callers: number;
  readonly views: number;
}

/** The numbers that a caller's statement names. Throws for one that no statement has. */
export function callerNumbers(select: SelectStmt): ReadonlySet<number> {
  const found = new Set<number>();
  mapNumbers(select, (number) => {
    // Invariant: numbers from zero down are the views' own.
    if (number < 1) throw new Refused("parameter/number");
    found.add(number);
    return number;
  });
  return found;
}

export function renumbered(select: SelectStmt, { tenants, callers, views }: Counts): SelectStmt {
  return mapNumbers(select, (number) => {
    if (number === tenantNumber && tenants === 1) return 1;
    if (number >= 1 && number <= callers) return tenants + number;
    const own = tenantNumber - number;
    if (own < 1 || own > views) throw new Refused("parameter/number");
    return tenants + callers + own;
  });
}

/** The tree with each parameter's number replaced. */
export function mapNumbers<T>(part: T, change: (number: number) => number): T {
  if (Array.isArray(part)) return part.map((item: unknown) => mapNumbers(item, change)) as T;
  if (typeof part !== "object" || part === null) return part;
  return Object.fromEntries(
    Object.entries(part).map(([key, value]: [string, unknown]) => {
      if (key !== "ParamRef") return [key, mapNumbers(value, change)];
      const { number = 0 } = value as { readonly number?: number };
      return [key, { ...(value as object), number: change(number) }];
    }),
  ) as T;
}
