/**
 * What a policy asks of rows as restrictive policies of the database, beneath the guarded driver: whoever has the
 * application's role sees and writes, in a context that claims the facts, what those facts permit and nothing else.
 */
import type { ContextReader, RowBranch, RowPolicy } from "@wardline/core";
import { control, controlFunction } from "../context/ddl/control-object.ts";
import { allowedFunctions, textArray } from "./allowed-functions.ts";
import {
  applicationRole,
  checkSchemaName,
  controlSchema,
  derivedName,
  factsRole,
  qualify,
  quoteName,
  quoteText,
} from "./identifier.ts";
import {
  factsPolicyName,
  rowFunctionPrefix,
  rowMarkerName,
  rowPolicyName,
  rowPolicyNames,
  type RowSecurityKind,
} from "./row-security-names.ts";
import { planTables, type StoredModel } from "./table-plan.ts";

const role = quoteName(applicationRole);
const reader = quoteName(factsRole);
const asks = control("asks");

/** How policies read the context: each part is asked once a statement, and a missing or forged context raises. */
export const contextReader: ContextReader = {
  tenant: `(SELECT ${control("current_tenant")}())`,
  fact(name, type) {
    if (!type.endsWith("[]")) return `(SELECT ${control("fact")}(${quoteText(name)})::${type})`;
    // Cast outside as well: inside ANY a bare sub-select would mean its rows.
    return `(SELECT ${control("fact_list")}(${quoteText(name)})::${type})::${type}`;
  },
};

export interface RowSecurityDdlOptions {
  readonly schema: string;
  /** Left in the database as the name of a function, so that it can be asked what stands there; nothing is left if left out. */
  readonly of?: RowSecurityKind;
}

/**
 * Statements to be run after `securityDdl`, in order, in one transaction, each by itself. The policies are those of one program
 * whose tables stand in the schema. Running them again puts back what they say.
 */
export function rowSecurityDdl(
  stored: StoredModel,
  policies: readonly RowPolicy[],
  { schema, of }: RowSecurityDdlOptions,
): readonly string[] {
  return [
    ...rowReaderDdl(),
    ...readerDdl(stored, schema),
    ...dropRowPolicies(stored, schema),
    ...policies.flatMap((policy) => policyDdl(policy, schema)),
    ...(of === undefined ? [] : markerDdl(schema, of)),
  ];
}

/** The role that looks, and what policies ask of the claims: all that is not of one schema. */
export function rowReaderDdl(): readonly string[] {
  return [...readerRoleDdl(), ...factFunctions()];
}

/** Statements that take the policies off a schema again, with what reads for them. */
export function dropRowSecurityDdl(stored: StoredModel, schema: string): readonly string[] {
  const names = planTables(stored).map(({ name }) => factsPolicyName(name));
  return [
    ...dropRowPolicies(stored, schema),
    dropPolicies(schema, names),
    `DO $wardline$
BEGIN
  IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = ${quoteText(factsRole)}) THEN
    REVOKE ALL ON ALL TABLES IN SCHEMA ${quoteName(schema)} FROM ${reader};
    REVOKE ALL ON SCHEMA ${quoteName(schema)} FROM ${reader};
  END IF;
END
$wardline$`,
  ];
}

/** Restrictive ones: while they are away the boundary of the tenant still stands. */
function dropRowPolicies(stored: StoredModel, schema: string): readonly string[] {
  checkSchemaName(schema);
  const names = planTables(stored).flatMap(({ name }) => rowPolicyNames(name));
  return [dropPolicies(schema, names), dropRowFunctions(schema)];
}

function dropPolicies(schema: string, names: readonly string[]): string {
  return `DO $wardline$
DECLARE
  it record;
BEGIN
  FOR it IN
    SELECT p.polname, c.relname FROM pg_catalog.pg_policy p
    JOIN pg_catalog.pg_class c ON c.oid = p.polrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = ${quoteText(schema)} AND p.polname = ANY (${textArray(names)})
  LOOP
    EXECUTE pg_catalog.format('DROP POLICY %I ON %I.%I', it.polname, ${quoteText(schema)}::pg_catalog.text, it.relname);
  END LOOP;
END
$wardline$`;
}

function markerDdl(schema: string, of: RowSecurityKind): readonly string[] {
  return controlFunction({
    name: rowMarkerName(schema, of),
    parameters: "",
    types: "",
    returns: "boolean",
    traits: "STABLE PARALLEL SAFE SET search_path = ''",
    body: "BEGIN\n  RETURN true;\nEND",
    isOpen: false,
  });
}

/** What says of which kind the policies of a schema are, and what they ask. */
export function dropRowFunctions(schema: string): string {
  return `DO $wardline$
DECLARE
  it record;
BEGIN
  FOR it IN
    SELECT p.oid::pg_catalog.regprocedure::pg_catalog.text AS name FROM pg_catalog.pg_proc p
    WHERE p.pronamespace = ${quoteText(controlSchema)}::pg_catalog.regnamespace
      AND pg_catalog.starts_with(p.proname::pg_catalog.text, ${quoteText(rowFunctionPrefix(schema))})
  LOOP
    EXECUTE pg_catalog.format('DROP FUNCTION %s', it.name);
  END LOOP;
END
$wardline$`;
}

/** The role that conditions over other tables look with: bound to the tenant, and to nothing else. Nobody logs in as it. */
function readerRoleDdl(): readonly string[] {
  return [
    `DO $wardline$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = ${quoteText(factsRole)}) THEN
    CREATE ROLE ${reader} NOINHERIT NOLOGIN;
  END IF;
  IF EXISTS (
    SELECT FROM pg_catalog.pg_roles WHERE rolname = ${quoteText(factsRole)}
      AND (rolcanlogin OR rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole OR rolreplication)
  ) THEN
    RAISE EXCEPTION '${factsRole} may do more than look' USING ERRCODE = 'invalid_grant_operation';
  END IF;
  IF NOT pg_catalog.pg_has_role(current_user, ${quoteText(factsRole)}, 'USAGE') THEN
    EXECUTE pg_catalog.format('GRANT ${factsRole} TO %I', current_user);
  END IF;
END
$wardline$`,
    `GRANT USAGE ON SCHEMA ${quoteName(controlSchema)} TO ${reader}`,
    // Where every function was taken from PUBLIC, by a superuser, it needs what conditions are made of, as the application does.
    `DO $wardline$
DECLARE
  it record;
BEGIN
  IF NOT (SELECT r.rolsuper FROM pg_catalog.pg_roles r WHERE r.rolname = current_user) THEN
    RETURN;
  END IF;
  FOR it IN
    SELECT pg_catalog.string_agg(p.oid::pg_catalog.regprocedure::pg_catalog.text, ', ') AS names
    FROM (${allowedFunctions()}) AS p
    WHERE NOT pg_catalog.has_function_privilege(${quoteText(factsRole)}, p.oid, 'EXECUTE')
    HAVING pg_catalog.count(*) > 0
  LOOP
    EXECUTE pg_catalog.format('GRANT EXECUTE ON FUNCTION %s TO ${reader}', it.names);
  END LOOP;
END
$wardline$`,
  ];
}

/** What policies ask of the claims. `asks`: whether the context may ask a table of the program. */
function factFunctions(): readonly string[] {
  const claims = `${control("claims")}()`;
  const values = `${claims} -> 'facts' -> 'values'`;
  const made = [
    { name: "asks", returns: "boolean", body: `COALESCE((${claims} -> 'facts' -> 'tables') ? name, false)` },
    { name: "fact", returns: "text", body: `(${values}) ->> name` },
    {
      name: "fact_list",
      returns: "text[]",
      body: `CASE WHEN pg_catalog.jsonb_typeof(${values} -> name) = 'array'
    THEN ARRAY(SELECT pg_catalog.jsonb_array_elements_text(${values} -> name)) END`,
    },
  ].flatMap(({ name, returns, body }) =>
    controlFunction({
      name,
      parameters: "name pg_catalog.text",
      types: "pg_catalog.text",
      returns,
      traits: "STABLE PARALLEL RESTRICTED SET search_path = ''",
      body: `BEGIN\n  RETURN ${body};\nEND`,
      isOpen: true,
    }),
  );
  const gate = controlFunction({
    name: "is_gate",
    parameters: "",
    types: "",
    returns: "boolean",
    traits: "STABLE PARALLEL RESTRICTED SET search_path = ''",
    body: `BEGIN\n  RETURN COALESCE(${claims} ->> 'intent' = 'gate', false);\nEND`,
    isOpen: true,
  });
  const readers = ["asks(text)", "fact(text)", "fact_list(text)", "is_gate()", "current_tenant()"];
  return [
    ...made,
    ...gate,
    ...readers.map((it) => `GRANT EXECUTE ON FUNCTION ${quoteName(controlSchema)}.${it} TO ${reader}`),
  ];
}

function readerDdl(stored: StoredModel, schema: string): readonly string[] {
  return [
    `GRANT USAGE ON SCHEMA ${quoteName(schema)} TO ${reader}`,
    ...planTables(stored).flatMap(({ name }) => {
      const policy = quoteName(factsPolicyName(name));
      return [
        `GRANT SELECT ON ${qualify(schema, name)} TO ${reader}`,
        `DROP POLICY IF EXISTS ${policy} ON ${qualify(schema, name)}`,
        `CREATE POLICY ${policy} ON ${qualify(schema, name)} AS PERMISSIVE FOR SELECT TO ${reader} USING (true)`,
      ];
    }),
  ];
}

function policyDdl({ table, command, using, check }: RowPolicy, schema: string): readonly string[] {
  const relation = qualify(schema, table);
  const parts = [
    { word: "USING", part: "prior", branches: using },
    { word: "WITH CHECK", part: "next", branches: check },
  ].flatMap(({ word, part, branches }) =>
    branches === null ? [] : [{ word, ...condition(schema, table, command, part, branches) }],
  );
  const clauses = parts.map(({ word, text }) => `${word} (${text})`).join(" ");
  return [
    ...parts.flatMap(({ functions }) => functions),
    `CREATE POLICY ${quoteName(rowPolicyName(table, command))} ON ${relation} AS RESTRICTIVE FOR ${command.toUpperCase()} TO ${role} ${clauses}`,
  ];
}

/** The driver's own statements, which must see every row of the tenant to decide, or one of the branches that are claimed. */
function condition(
  schema: string,
  table: string,
  command: string,
  part: string,
  branches: readonly RowBranch[],
): { readonly text: string; readonly functions: readonly string[] } {
  const functions: string[] = [];
  const alternatives = branches.map((branch) => {
    const claimed = `(SELECT ${asks}(${quoteText(branch.key)}))`;
    if (!branch.readsTables) return `(${claimed} AND (${branch.where}))`;
    const name = qualify(
      controlSchema,
      rowFunctionPrefix(schema) + derivedName(command, part, branch.key).slice(-40),
    );
    functions.push(...functionDdl(name, qualify(schema, table), branch.where));
    return `(${claimed} AND ${name}(${quoteName(table)}.*))`;
  });
  const gate = `(SELECT ${control("is_gate")}())`;
  return { text: [gate, ...alternatives].join(" OR "), functions };
}

function functionDdl(name: string, relation: string, where: string): readonly string[] {
  const signature = `${name}(${relation})`;
  return [
    `CREATE OR REPLACE FUNCTION ${name}(t ${relation}) RETURNS pg_catalog.bool
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS ${quoteText(`SELECT ${where}`)}`,
    `GRANT CREATE ON SCHEMA ${quoteName(controlSchema)} TO ${reader}`,
    `ALTER FUNCTION ${signature} OWNER TO ${reader}`,
    `REVOKE CREATE ON SCHEMA ${quoteName(controlSchema)} FROM ${reader}`,
    `REVOKE ALL ON FUNCTION ${signature} FROM PUBLIC`,
    `GRANT EXECUTE ON FUNCTION ${signature} TO ${role}`,
  ];
}
