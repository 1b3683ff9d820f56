/** The limits that the rules of a program have. */
import { findTable, type Obligation, type Program } from "@wardline/core";

export type LimitObligation = Extract<Obligation, { readonly type: "limit" }>;

const known = new WeakMap<Program, ReadonlyMap<string, LimitObligation>>();

/** All of them, by rule. */
export function limitsOf(program: Program): ReadonlyMap<string, LimitObligation> {
  const found =
    known.get(program) ??
    new Map(program.tables.flatMap((table) => ofTable(table).map((limit) => [limit.rule, limit] as const)));
  known.set(program, found);
  return found;
}

/** Those that one question may draw from. */
export function limitsAsked(
  program: Program,
  principal: string,
  action: string,
  entity: string,
): readonly LimitObligation[] {
  const table = findTable(program, principal, action, entity);
  return table === undefined ? [] : ofTable(table);
}

function ofTable({ passes }: Program["tables"][number]): readonly LimitObligation[] {
  const all = passes.flatMap(({ grants, requires }) => [...grants, ...requires]);
  return [
    ...new Map(
      all.flatMap(({ limit }) => (limit ? [[limit.obligation.rule, limit.obligation]] : [])),
    ).values(),
  ];
}
