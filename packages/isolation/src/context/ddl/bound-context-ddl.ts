/**
 * What reads the context that `wardline.enter` bound: the tenant, for policies, and all claims. Each raises where there is none
 * that was bound in this transaction of this backend.
 *
 * `current_tenant` has no search path of its own, which would cost every statement: it names the schema of all that it uses.
 */
import {
  boundMessage,
  contextSetting,
  hmac,
  inContext,
  isBound,
  op,
  pads,
  readPads,
  refused,
  restOf,
  short,
  tenantOf,
} from "./context-expressions.ts";
import { control, controlFunction } from "./control-object.ts";
import { keyTable } from "./keys-ddl.ts";
import { stateTable } from "./state-ddl.ts";

export function boundContextDdl(): readonly string[] {
  return [
    ...isSameDdl(),
    ...controlFunction({
      name: "current_tenant",
      parameters: "",
      types: "",
      returns: "pg_catalog.text",
      traits: "STABLE PARALLEL RESTRICTED",
      body: currentTenantBody(),
      isOpen: true,
    }),
    ...controlFunction({
      name: "claims",
      parameters: "",
      types: "",
      returns: "pg_catalog.jsonb",
      traits: "STABLE PARALLEL RESTRICTED SET search_path = ''",
      body: claimsBody(),
      isOpen: true,
    }),
    ...controlFunction({
      name: "facts_epoch",
      parameters: "",
      types: "",
      returns: "bigint",
      traits: "VOLATILE PARALLEL UNSAFE SET search_path = ''",
      body: `DECLARE
  mine CONSTANT text := ${control("current_tenant")}();
BEGIN
  RETURN COALESCE((SELECT pg_catalog.max(k.facts_base) FROM ${keyTable} AS k), 0)
    + COALESCE((SELECT s.facts_epoch FROM ${stateTable} AS s WHERE s.tenant = mine), 0);
END`,
      isOpen: true,
    }),
  ];
}

function currentTenantBody(): string {
  const mac = `pg_catalog.encode(${hmac("bound", boundMessage("pg_catalog.substr(context, 65)"))}, 'hex')`;
  return `DECLARE
  context CONSTANT pg_catalog.text := ${contextSetting};
  tenant pg_catalog.text;
BEGIN
  SELECT ${tenantOf("context")} INTO tenant
  FROM ${keyTable} AS k
  WHERE k.tag ${op("=")} pg_catalog.substr(context, 65, 8) AND ${mac} ${op("=")} pg_catalog.substr(context, 1, 64);
  IF tenant IS NULL THEN
    RAISE EXCEPTION 'there is no tenant context' ${refused};
  END IF;
  RETURN tenant;
END`;
}

function claimsBody(): string {
  const part = (name: string): string => `  size := ${short("rest", "place")};
  ${name} := pg_catalog.convert_from(pg_catalog.substr(rest, place + 2, size), 'UTF8');
  place := place + 2 + size;`;
  const number = (place: number): string =>
    `('x' || pg_catalog.encode(pg_catalog.substr(rest, ${place}, 8), 'hex'))::bit(64)::bigint`;
  return `DECLARE
  context CONSTANT text := ${contextSetting};
  facts CONSTANT text := COALESCE(pg_catalog.current_setting('wardline.facts', true), '');
  rest bytea;
  place int := ${inContext.tenant};
  size int;
  tenant text;
  principal_type text;
  principal_id text;
  intent text;
  facts_epoch bigint;
  ${pads}
BEGIN
  ${readPads("context")}
  IF ${isBound("context")} THEN
    rest := ${restOf("context")};
  END IF;
  IF rest IS NULL OR pg_catalog.substr(rest, ${inContext.digest}, 32) <> pg_catalog.sha256(pg_catalog.convert_to(facts, 'UTF8')) THEN
    RAISE EXCEPTION 'there is no tenant context' ${refused};
  END IF;
${part("tenant")}
${part("principal_type")}
${part("principal_id")}
${part("intent")}
  facts_epoch := ${number(inContext.identity + 8)};
  RETURN pg_catalog.jsonb_build_object(
    'tenant', tenant,
    'principal', pg_catalog.jsonb_build_object('type', principal_type, 'id', principal_id),
    'placementEpoch', ${number(inContext.identity)},
    'factsEpoch', CASE WHEN facts_epoch >= 0 THEN facts_epoch END,
    'revision', (${number(inContext.identity + 16)})::text,
    'intent', intent,
    'facts', CASE facts WHEN '' THEN '{}'::pg_catalog.jsonb ELSE facts::pg_catalog.jsonb END);
END`;
}

/** Whether a context that was bound in this transaction has the identity with which a token goes on: epochs, tenant and principal. */
function isSameDdl(): readonly string[] {
  return controlFunction({
    name: "is_same",
    parameters: "context pg_catalog.text, identity pg_catalog.bytea",
    types: "pg_catalog.text, pg_catalog.bytea",
    returns: "boolean",
    traits: "STABLE PARALLEL RESTRICTED SET search_path = ''",
    body: `DECLARE
  rest bytea;
  size int := 25;
  ${pads}
BEGIN
  ${readPads("context")}
  IF ${isBound("context")} THEN
    rest := ${restOf("context")};
  END IF;
  IF rest IS NULL THEN
    RETURN false;
  END IF;
  rest := pg_catalog.substr(rest, ${inContext.identity});
  FOR part IN 1..3 LOOP
    size := size + 2 + ${short("rest", "size")};
  END LOOP;
  RETURN pg_catalog.substr(rest, 1, size - 1) = pg_catalog.substr(identity, 1, size - 1);
END`,
    isOpen: false,
  });
}
