/** Rights in the database and on what belongs to the system. Much of it only a superuser can take away. */
import type { Grant } from "../doctor/catalogue.ts";
import { applicationRole, quoteName } from "../schema/identifier.ts";
import { denyByDefault } from "../schema/revocations.ts";
import type { Compared } from "./compared.ts";
import type { PlanItem } from "./step.ts";

const application = quoteName(applicationRole);
const isOurs = ({ to }: Grant) => to === null || to === applicationRole;

export function* planDatabaseRights({ there, wanted, schema }: Compared): Generator<PlanItem> {
  const { server } = there;
  const database = { kind: "database", name: server.database } as const;
  const role = { kind: "role", name: applicationRole } as const;
  for (const privilege of ["TEMPORARY", "CREATE"]) {
    const open = server.databaseGrants.filter((grant) => grant.privilege === privilege && isOurs(grant));
    if (open.length > 0)
      yield {
        object: database,
        sql: `REVOKE ${privilege} ON DATABASE ${quoteName(server.database)} FROM ${takers(open)}`,
      };
  }
  for (const { name, grants } of there.schemas) {
    const open = grants.filter((grant) => grant.privilege === "CREATE" && isOurs(grant));
    if (name === "public" && name !== schema && open.length > 0)
      yield {
        object: { kind: "schema", name },
        sql: `REVOKE CREATE ON SCHEMA ${quoteName(name)} FROM ${takers(open)}`,
      };
  }
  const isOpen = surplus(there.publicFunctions, wanted.publicFunctions).length > 0;
  if (
    isOpen ||
    surplus(there.systemFunctions, wanted.systemFunctions).length > 0 ||
    there.closedFunctions.length > 0
  )
    yield { object: role, sql: denyByDefault(), superuser: true };
  const relations = surplus(there.systemRelations, wanted.systemRelations);
  if (relations.length > 0)
    yield {
      object: role,
      sql: `REVOKE ALL ON TABLE ${relations.map((name) => `pg_catalog.${quoteName(name)}`).join(", ")} FROM PUBLIC, ${application}`,
      superuser: true,
    };
  for (const name of surplus(there.languages, wanted.languages))
    yield {
      object: { kind: "language", name },
      sql: `REVOKE USAGE ON LANGUAGE ${quoteName(name)} FROM PUBLIC, ${application}`,
      superuser: true,
    };
  for (const { name, of } of there.parameters)
    yield {
      object: { kind: "setting", name },
      sql: `REVOKE ${of} ON PARAMETER ${quoteName(name)} FROM PUBLIC, ${application}`,
      superuser: true,
    };
  yield* planDefaults({ there, wanted });
}

/** What whoever applies this makes from now on. */
function* planDefaults({ there, wanted }: Pick<Compared, "there" | "wanted">): Generator<PlanItem> {
  const right = wanted.defaultGrants.find(({ kind, schema }) => kind === "f" && schema === null);
  const mine = there.defaultGrants.find(
    ({ role, kind, schema }) => role === there.server.role && kind === "f" && schema === null,
  );
  const isClosed = mine !== undefined && !mine.grants.some(({ to }) => to === null);
  if (right !== undefined && !isClosed)
    yield {
      object: { kind: "role", name: there.server.role },
      sql: "ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
    };
}

function surplus(there: readonly string[], wanted: readonly string[]): readonly string[] {
  const known = new Set(wanted);
  return there.filter((name) => !known.has(name));
}

function takers(grants: readonly Grant[]): string {
  return [...new Set(grants.map(({ to }) => (to === null ? "PUBLIC" : quoteName(to))))].join(", ");
}
