/**
 * What the platform's rules alone allow at most and ask at least, read off its conditions one by one. It is written from the
 * language's page and knows nothing of how decisions are made.
 */
import {
  conditionHolds,
  findTable,
  readFacts,
  valueAt,
  type Entry,
  type Facts,
  type Obligation,
  type Pass,
  type Program,
  type Rule,
} from "@wardline/core";

export interface Bound {
  /** Whatever a tenant says, nothing beyond this is permitted or challenged. */
  readonly allowed: boolean;
  /** A floor grants all rows, and the platform forbids none. */
  readonly floored: boolean;
  /** Preconditions of the platform's requires that apply, and are not met. */
  readonly asks: boolean;
  /** Duties of the platform's requires that apply. */
  readonly duties: readonly Obligation[];
}

const nothing: Bound = { allowed: false, floored: false, asks: false, duties: [] };

/** `platform`: the program of the platform with a tenant that says nothing. */
export function boundOf(platform: Program, request: unknown): Bound {
  const text = (...path: readonly string[]) => String(valueAt(request, path));
  const tables = [text("principal", "type"), text("action", "name"), text("resource", "type")] as const;
  const table = findTable(platform, ...tables);
  const facts = table === undefined ? undefined : readFacts(platform, table, request);
  if (table === undefined || facts === undefined) return nothing;
  const tenant = text("tenant", "id");
  const isShared = platform.model.entities.some((entity) => entity.name === tables[2] && entity.shared);
  const rows = isShared ? [] : table.passes.map((pass) => text(pass.row, "tenant"));
  if (tenant !== platform.tenant || rows.some((row) => row !== tenant)) return nothing;
  const home = text("principal", "tenant") === tenant;
  const parts = table.passes.map((pass) => ofPass(platform, pass, facts, home));
  return {
    allowed: parts.every((part) => part.allowed),
    floored: parts.every((part) => part.floored),
    asks: parts.some((part) => part.asks),
    duties: parts.flatMap((part) => part.duties),
  };
}

function ofPass(platform: Program, pass: Pass, facts: Facts, home: boolean): Bound {
  const matches = (entry: Entry) => conditionHolds(platform, entry.when, facts);
  const some = (kind: Rule["kind"]) =>
    pass.grants.some((grant) => platform.rules[grant.rule]?.kind === kind && matches(grant));
  const requires = pass.requires.filter(matches);
  const forbidden = pass.forbids.some(matches);
  const spent = requires.some(({ limit }) => limit !== undefined && facts.get(limit.left) === 0);
  const below = conditionHolds(platform, pass.ceiling, facts);
  return {
    allowed: !forbidden && !spent && (home ? some("floor") || below : below && some("share")),
    floored: !forbidden && home && some("floor"),
    asks: requires.some(({ preconditions }) =>
      preconditions.some(({ met }) => !conditionHolds(platform, met, facts)),
    ),
    duties: requires.flatMap((require) => require.duties ?? []),
  };
}
