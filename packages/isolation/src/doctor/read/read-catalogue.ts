/**
 * Reads the catalogue of a database once, in one snapshot. It changes nothing. What the reading role may not see is named
 * and left empty; nothing else may be taken for "there is none".
 */
import type { SqlSession } from "../../contracts.ts";
import { applicationRole, auditorRole, factsRole, ownerRole } from "../../schema/identifier.ts";
import type {
  Catalogue,
  CataloguePart,
  ContextKeyFacts,
  DefaultGrant,
  FunctionFacts,
  Membership,
  NamedFacts,
  OwnedObject,
  Publication,
  RoleFacts,
  RoleSetting,
  SchemaFacts,
} from "../catalogue.ts";
import * as queries from "./queries.ts";
import { readRelations } from "./relations.ts";
import { readRows } from "./rows.ts";
import { readServer } from "./server.ts";

/** The longest that one statement of a reading may take. */
const timeout = "30s";

/** Reads in a transaction of its own, which it rolls back. The session must have none open. */
export async function readCatalogue(session: SqlSession): Promise<Catalogue> {
  await session.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", []);
  try {
    await session.query(`SET LOCAL statement_timeout = '${timeout}'`, []);
    return await readHere(session);
  } finally {
    await session.query("ROLLBACK", []);
  }
}

/** What decides how the catalogue prints expressions; read as they are before they are pinned. */
const pinned = [
  "standard_conforming_strings = on",
  "quote_all_identifiers = off",
  "datestyle = 'ISO, YMD'",
  "intervalstyle = 'postgres'",
  "timezone = 'UTC'",
];

/** Reads in the transaction that is open, and so what it has changed. It pins settings until that transaction's end. */
export async function readHere(session: SqlSession): Promise<Catalogue> {
  const unreadable: CataloguePart[] = [];
  const part = async <Value>(
    name: CataloguePart,
    empty: Value,
    read: () => Promise<Value>,
  ): Promise<Value> => {
    await session.query("SAVEPOINT part", []);
    try {
      const value = await read();
      await session.query("RELEASE SAVEPOINT part", []);
      return value;
    } catch (error) {
      await session.query("ROLLBACK TO SAVEPOINT part", []);
      const { code } = error as { readonly code?: unknown };
      // A table or a schema of ours that is not there yet.
      if (code === "42P01" || code === "3F000") return empty;
      if (code !== "42501") throw error;
      unreadable.push(name);
      return empty;
    }
  };
  const rows = <Row>(name: CataloguePart, query: string, parameters: readonly unknown[] = []) =>
    part<readonly Row[]>(name, [], () => readRows<Row>(session, query, parameters));
  const names = async (name: CataloguePart, query: string, parameters: readonly unknown[] = []) =>
    (await rows<{ readonly name: string }>(name, query, parameters)).map((row) => row.name);
  await session.query("SET LOCAL search_path = pg_catalog, pg_temp", []);
  const settings = await rows<{ readonly name: string; readonly value: string }>(
    "settings",
    queries.settings,
  );
  for (const setting of pinned) await session.query(`SET LOCAL ${setting}`, []);
  const identity = await rows<{ readonly id: string }>("systemIdentifier", queries.systemIdentifier);
  const large = await rows<{ readonly count: number }>("largeObjects", queries.largeObjects);
  return {
    server: await readServer(session),
    settings: new Map(settings.map(({ name, value }) => [name, value])),
    roleSettings: await rows<RoleSetting>("roleSettings", queries.roleSettings),
    roles: await rows<RoleFacts>("roles", queries.roles),
    memberships: await rows<Membership>("memberships", queries.memberships),
    owned: await rows<OwnedObject>("owned", queries.owned, [[applicationRole]]),
    passwords: await names("passwords", queries.passwords),
    schemas: await rows<SchemaFacts>("schemas", queries.schemas),
    relations: await part("relations", [], () => readRelations(session)),
    functions: await rows<FunctionFacts>("functions", queries.functions),
    systemFunctions: await names("systemFunctions", queries.systemFunctions, [applicationRole]),
    publicFunctions: await names("publicFunctions", queries.publicFunctions, [""]),
    closedFunctions: await names("closedFunctions", queries.closedFunctions, [
      applicationRole,
      ownerRole,
      factsRole,
      auditorRole,
    ]),
    systemRelations: await names("systemRelations", queries.systemRelations, [applicationRole]),
    languages: await names("languages", queries.languages, [applicationRole]),
    parameters: await rows<NamedFacts>("parameters", queries.parameters, [applicationRole]),
    defaultGrants: await rows<DefaultGrant>("defaultGrants", queries.defaultGrants),
    extensions: await rows<NamedFacts>("extensions", queries.extensions),
    eventTriggers: await rows<NamedFacts>("eventTriggers", queries.eventTriggers),
    foreignServers: await rows<NamedFacts>("foreignServers", queries.foreignServers),
    publications: await rows<Publication>("publications", queries.publications),
    slots: await rows<NamedFacts>("slots", queries.slots),
    largeObjects: large[0]?.count ?? 0,
    contextKeys: await rows<ContextKeyFacts>("contextKeys", queries.contextKeys),
    systemIdentifier: identity[0]?.id ?? "",
    unreadable,
  };
}
