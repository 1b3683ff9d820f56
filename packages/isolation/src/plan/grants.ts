/**
 * Rights on the objects of the compared schemas: what is missing is given, and what PUBLIC and our roles have beside it is
 * taken. Rights of other roles are somebody's decision; the doctor names them.
 */
import { relationName, type Grant, type RelationFacts } from "../doctor/catalogue.ts";
import type { DatabaseObject } from "../doctor/lint.ts";
import { quoteName } from "../schema/identifier.ts";
import { functionsOf } from "./functions.ts";
import { comparedSchemas, type Compared } from "./compared.ts";
import { ownRoles } from "./roles.ts";
import type { PlanItem } from "./step.ts";
import { tablesOf } from "./tables.ts";

interface Granted {
  readonly object: DatabaseObject;
  /** As GRANT names it. */
  readonly on: string;
  /** More than one for the columns of a table, each with its name. */
  readonly parts: readonly GrantedPart[];
}

interface GrantedPart {
  readonly column?: string;
  readonly grants: readonly Grant[];
  readonly right: readonly Grant[];
}

const everybody: Grant = { to: null, privilege: "EXECUTE", grantable: false };

export function* planGrants(at: Compared): Generator<PlanItem> {
  const ours = new Set([null, ...ownRoles(at.wanted).map(({ name }) => name)]);
  for (const granted of grantedOn(at)) yield* planGrant(granted, ours);
}

function* grantedOn(at: Compared): Generator<Granted> {
  for (const name of comparedSchemas(at)) {
    const right = at.wanted.schemas.find((schema) => schema.name === name);
    const schema = at.there.schemas.find((other) => other.name === name);
    if (right !== undefined)
      yield {
        object: { kind: "schema", name },
        on: `SCHEMA ${quoteName(name)}`,
        parts: [{ grants: schema?.grants ?? [], right: right.grants }],
      };
  }
  for (const { right, table, name } of tablesOf(at)) {
    const object = { kind: "table", name: relationName(right) } as const;
    const on = `TABLE ${name}`;
    yield { object, on, parts: [{ grants: table?.grants ?? [], right: right.grants }] };
    // Of columns that are ours, and of those that are not.
    const columns = new Set([...right.columns, ...(table?.columns ?? [])].map((column) => column.name));
    const grantsOf = (relation: RelationFacts | undefined, column: string) =>
      relation?.columns.find((other) => other.name === column)?.grants ?? [];
    const parts = [...columns].map((column) => ({
      column,
      grants: grantsOf(table, column),
      right: grantsOf(right, column),
    }));
    yield { object, on, parts };
  }
  for (const { right, it, name } of functionsOf(at))
    yield {
      object: { kind: "function", name: `${right.schema}.${right.name}(${right.arguments})` },
      on: `FUNCTION ${name}`,
      // A new function may be run by everybody.
      parts: [{ grants: it?.grants ?? [everybody], right: right.grants }],
    };
}

function* planGrant({ object, on, parts }: Granted, ours: ReadonlySet<string | null>): Generator<PlanItem> {
  const has = (list: readonly Grant[], { to, privilege, grantable }: Grant) =>
    list.some((other) => other.to === to && other.privilege === privilege && (other.grantable || !grantable));
  const compared = parts.map(({ column, grants, right }) => {
    const surplus = grants.filter((grant) => ours.has(grant.to) && !has(right, grant));
    return { column, surplus, missing: right.filter((grant) => !has(grants, grant) || has(surplus, grant)) };
  });
  for (const [role, words] of byRole(compared.map(({ column, surplus }) => ({ column, grants: surplus }))))
    yield { object, sql: `REVOKE ${words} ON ${on} FROM ${role}` };
  for (const [role, words] of byRole(compared.map(({ column, missing }) => ({ column, grants: missing }))))
    yield { object, sql: `GRANT ${words} ON ${on} TO ${role}` };
}

/** Role → its privileges, each with the columns that it is for. */
function byRole(
  parts: readonly { readonly column: string | undefined; readonly grants: readonly Grant[] }[],
): ReadonlyMap<string, string> {
  const all = parts.flatMap(({ column, grants }) => grants.map((grant) => ({ ...grant, column })));
  return new Map(
    [...Map.groupBy(all, ({ to }) => to)].map(([to, mine]) => {
      const words = [...Map.groupBy(mine, ({ privilege }) => privilege)].map(([privilege, each]) => {
        const columns = each.flatMap(({ column }) => (column === undefined ? [] : [quoteColumn(column)]));
        return columns.length === 0 ? privilege : `${privilege} (${columns.join(", ")})`;
      });
      return [to === null ? "PUBLIC" : quoteName(to), words.join(", ")];
    }),
  );
}

/** Also of a column that is not ours, whose name may be any. */
function quoteColumn(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
