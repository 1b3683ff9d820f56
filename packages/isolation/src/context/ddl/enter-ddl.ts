/**
 * `wardline.enter` and what reads the context that it bound. The places of fields are those of `docs/spec/context.md`.
 *
 * None of these functions has a search path of its own, which would cost every call: whatever stands before the check of the
 * caller's names its schema, operators too, and `enter` goes on only where the caller's path is empty.
 */
import type { TimeLimits } from "../pinned-settings.ts";
import { control, controlFunction } from "./control-object.ts";
import { isAttested, keyTable } from "./keys-ddl.ts";
import { isUnusual } from "./settings-check.ts";
import { checkSettingsDdl, holdStateDdl } from "./unusual-ddl.ts";
import { lockKey, stateTable } from "./state-ddl.ts";

const refused = "USING ERRCODE = '28000'";
const op = (sign: string): string => `OPERATOR(pg_catalog.${sign})`;
const both = ` ${op("||")} `;

/** HMAC-SHA256 under pads of a row `k`. */
const hmac = (pads: "token" | "bound", message: string): string =>
  `pg_catalog.sha256(k.${pads}_outer${both}pg_catalog.sha256(k.${pads}_inner${both}${message}))`;

/** What an entered context is bound to, with the text that the setting holds after the MAC. */
const boundMessage = (rest: string): string =>
  [
    "'\\x10776172646c696e652f626f756e642f31'::pg_catalog.bytea",
    "pg_catalog.int4send(pg_catalog.pg_backend_pid())",
    "pg_catalog.timestamptz_send(pg_catalog.transaction_timestamp())",
    `pg_catalog.convert_to(${rest}, 'UTF8')`,
  ].join(both);

const contextSetting = "pg_catalog.current_setting('wardline.context', true)";

/** The pads of the key that a context names, 8 digits after those of the MAC. */
const readPads = (
  context: string,
): string => `SELECT k.bound_inner, k.bound_outer INTO bound_inner, bound_outer
  FROM ${keyTable} AS k WHERE k.tag ${op("=")} pg_catalog.substr(${context}, 65, 8);`;

/** Looks whether the context is one that `enter` bound here and now. Null, as false, where there is none. */
const isBound = (context: string): string =>
  `pg_catalog.encode(pg_catalog.sha256(bound_outer${both}pg_catalog.sha256(bound_inner${both}${boundMessage(`pg_catalog.substr(${context}, 65)`)})), 'hex') ${op("=")} pg_catalog.substr(${context}, 1, 64)`;

const pads = `bound_inner pg_catalog.bytea;
  bound_outer pg_catalog.bytea;`;

/** Where the parts of a token begin, from 1. */
const at = {
  body: 33,
  key: 51,
  cluster: 55,
  audience: 71,
  expiry: 75,
  factsLength: 99,
  claims: 103,
  identity: 135,
  placementEpoch: 135,
  factsEpoch: 143,
  revision: 151,
  tenant: 159,
} as const;

/** An expression of numbers whose operators are those of the catalogue, whatever the search path. */
const qualified = (expression: string): string =>
  expression.replaceAll(/ (\*|\+|-) /g, (_, sign: string) => ` ${op(sign)} `);

/** A whole number of two bytes at a place counted from 1. */
const short = (bytes: string, place: string): string =>
  `(pg_catalog.get_byte(${bytes}, ${place} - 1) * 256 + pg_catalog.get_byte(${bytes}, ${place}))`;

export function enterDdl(limits: TimeLimits | null): readonly string[] {
  return [
    ...isSameDdl(),
    ...checkSettingsDdl(limits),
    ...holdStateDdl(),
    ...controlFunction({
      name: "enter",
      parameters: "token pg_catalog.bytea",
      types: "pg_catalog.bytea",
      returns: "void",
      traits: "VOLATILE PARALLEL UNSAFE",
      body: enterBody(limits),
      isOpen: true,
    }),
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

/** The tenant that a token names. */
const namedTenant = `pg_catalog.convert_from(pg_catalog.substr(token, ${at.tenant + 2}, ${qualified(short("token", String(at.tenant)))}), 'UTF8')`;

const length = "pg_catalog.octet_length(token)";

/** Takes the tenant's lock, if the session is as usual and the token may be one. */
const isUsual = (limits: TimeLimits | null): string =>
  `(CASE WHEN NOT (${isUnusual(limits)}) AND ${length} ${op(">=")} 170 AND ${length} ${op("<=")} 1100000
    THEN pg_catalog.pg_advisory_xact_lock_shared(${lockKey(namedTenant)}) IS NOT NULL ELSE false END)`;

/**
 * The first context of a transaction, without facts, of a tenant that is active: all that is checked below, and the context, in
 * one statement. An expression costs more to begin than to compute. Null where anything is otherwise.
 */
function enterAtOnce(): string {
  const rest = `pg_catalog.encode(pg_catalog.substr(token, ${at.key}), 'hex')`;
  const field = (place: number, size: number): string => `pg_catalog.substr(token, ${place}, ${size})`;
  const conditions = [
    `${hmac("token", `pg_catalog.substr(token, ${at.body})`)} = ${field(1, 32)}`,
    "k.until > pg_catalog.clock_timestamp()",
    `${field(at.expiry, 8)} BETWEEN pg_catalog.timestamptz_send(pg_catalog.clock_timestamp())
        AND pg_catalog.timestamptz_send(pg_catalog.clock_timestamp() + '120 s')`,
    `${field(at.audience, 4)} IN ('\\x00000000', pg_catalog.int4send(pg_catalog.pg_backend_pid()))`,
    isAttested,
    `${field(at.placementEpoch, 8)} = COALESCE(s.placement_wire, '\\x0000000000000000')`,
    "COALESCE(s.state, 'active') = 'active'",
    `${field(at.factsEpoch, 8)} >= pg_catalog.int8send(k.facts_base + COALESCE(s.facts_epoch, 0))`,
    `${field(at.revision, 8)} >= COALESCE(s.floor_wire, '\\x0000000000000000')`,
    `COALESCE(${contextSetting}, '') = ''`,
    `${field(at.factsLength, 4)} = '\\x00000000'`,
  ];
  return `SELECT CASE WHEN ${conditions.join("\n      AND ")}
    THEN pg_catalog.set_config('wardline.context', pg_catalog.encode(pg_catalog.sha256(k.bound_outer
      || pg_catalog.sha256(k.bound_inner || ${boundMessage(rest)})), 'hex') || ${rest}, true) END INTO entered
    FROM ${keyTable} AS k LEFT JOIN ${stateTable} AS s ON s.tenant = ${namedTenant}
    WHERE k.origin = pg_catalog.substr(token, ${at.body}, 38);`;
}

function enterBody(limits: TimeLimits | null): string {
  return `DECLARE
  entered pg_catalog.text;
  unusual boolean;
  entering pg_catalog.text;
  facts_length int := 0;
  prior pg_catalog.text;
  rest pg_catalog.text;
  ${pads}
  authentic boolean;
  attested boolean;
  placed pg_catalog.bytea;
  state pg_catalog.text;
  known bigint;
  floor pg_catalog.bytea;
  ignored pg_catalog.text;
BEGIN
  -- Invariant: the lock is held before the epoch is read, so that a move that flips it waits for this transaction.
  IF ${isUsual(limits)} THEN
    ${enterAtOnce()}
    IF entered IS NOT NULL THEN
      RETURN;
    END IF;
  END IF;
  unusual := ${isUnusual(limits)};
  IF unusual THEN
    PERFORM ${control("check_settings")}(pg_catalog.current_setting('search_path'));
  END IF;
  IF (pg_catalog.octet_length(token) BETWEEN 170 AND 1100000) IS NOT TRUE THEN
    RAISE EXCEPTION 'the context token is refused' ${refused};
  END IF;
  entering := ${namedTenant};
  IF pg_catalog.pg_advisory_xact_lock_shared(${lockKey("entering")}) IS NULL THEN
    RAISE EXCEPTION 'no lock' ${refused};
  END IF;
  IF unusual THEN
    PERFORM ${control("hold_state")}(entering);
  END IF;
  SELECT k.bound_inner, k.bound_outer,
    ${hmac("token", `pg_catalog.substr(token, ${at.body})`)} = pg_catalog.substr(token, 1, 32)
      AND k.until > pg_catalog.clock_timestamp(),
    ${isAttested}, s.placement_wire, s.state, k.facts_base + COALESCE(s.facts_epoch, 0), s.floor_wire
  INTO bound_inner, bound_outer, authentic, attested, placed, state, known, floor
  FROM ${keyTable} AS k LEFT JOIN ${stateTable} AS s ON s.tenant = entering
  WHERE k.origin = pg_catalog.substr(token, ${at.body}, 38);
  IF authentic IS NOT TRUE
    OR pg_catalog.substr(token, ${at.expiry}, 8) NOT BETWEEN pg_catalog.timestamptz_send(pg_catalog.clock_timestamp())
      AND pg_catalog.timestamptz_send(pg_catalog.clock_timestamp() + '120 s')
    OR pg_catalog.substr(token, ${at.audience}, 4) NOT IN ('\\x00000000', pg_catalog.int4send(pg_catalog.pg_backend_pid()))
  THEN
    RAISE EXCEPTION 'the context token is refused' ${refused};
  END IF;
  IF attested IS NOT TRUE THEN
    IF NOT ${control("is_mine")}(pg_catalog.substr(token, ${at.body}, 38)) THEN
      RAISE EXCEPTION 'the keys of this database were made in another one: rotate them' ${refused};
    END IF;
  END IF;
  -- Big-endian and not negative, so bytes compare as numbers do; all ones stand for no facts.
  IF pg_catalog.substr(token, ${at.placementEpoch}, 8) <> COALESCE(placed, '\\x0000000000000000') OR state = 'moved' THEN
    RAISE EXCEPTION 'the tenant is placed elsewhere' USING ERRCODE = 'WL001';
  END IF;
  IF pg_catalog.substr(token, ${at.factsEpoch}, 8) < pg_catalog.int8send(known) THEN
    RAISE EXCEPTION 'the facts of the session are stale' USING ERRCODE = 'WL002';
  END IF;
  IF pg_catalog.substr(token, ${at.revision}, 8) < floor THEN
    RAISE EXCEPTION 'the policy is older than one that was seen' USING ERRCODE = 'WL003';
  END IF;
  prior := ${contextSetting};
  IF prior <> '' THEN
    -- Invariant: one transaction has one context for its whole life; only the intent and the facts may be other ones.
    IF NOT ${control("is_same")}(prior, pg_catalog.substr(token, ${at.identity})) THEN
      RAISE EXCEPTION 'the transaction has another context' ${refused};
    END IF;
  END IF;
  IF pg_catalog.substr(token, ${at.factsLength}, 4) <> '\\x00000000' OR prior <> '' THEN
    facts_length := (pg_catalog.get_byte(token, ${at.factsLength - 1}) << 24) + (pg_catalog.get_byte(token, ${at.factsLength}) << 16) + ${short("token", String(at.factsLength + 2))};
    ignored := pg_catalog.set_config('wardline.facts',
      pg_catalog.convert_from(pg_catalog.substr(token, pg_catalog.octet_length(token) - facts_length + 1), 'UTF8'), true);
  END IF;
  rest := pg_catalog.encode(pg_catalog.substr(token, ${at.key}, pg_catalog.octet_length(token) - facts_length - ${at.key - 1}), 'hex');
  ignored := pg_catalog.set_config('wardline.context', pg_catalog.encode(
    pg_catalog.sha256(bound_outer || pg_catalog.sha256(bound_inner || ${boundMessage("rest")})), 'hex') || rest, true);
  IF state = 'read_only' THEN
    -- Once a snapshot was taken nothing takes this back within the transaction.
    ignored := pg_catalog.set_config('transaction_read_only', 'on', true);
  END IF;
END`;
}

/** What follows the MAC of a context in bytes: the token from its key on, without the facts. */
const inContext = { digest: 53, identity: 85, tenant: 109 } as const;

function currentTenantBody(): string {
  const context = contextSetting;
  const rest = `pg_catalog.decode(pg_catalog.substr(${context}, 65), 'hex')`;
  const mac = `pg_catalog.encode(pg_catalog.sha256(k.bound_outer${both}pg_catalog.sha256(k.bound_inner${both}${boundMessage(`pg_catalog.substr(${context}, 65)`)})), 'hex')`;
  return `DECLARE
  tenant pg_catalog.text;
BEGIN
  SELECT pg_catalog.convert_from(pg_catalog.substr(${rest}, ${inContext.tenant + 2}, ${qualified(short(rest, String(inContext.tenant)))}), 'UTF8') INTO tenant
  FROM ${keyTable} AS k
  WHERE k.tag ${op("=")} pg_catalog.substr(${context}, 65, 8) AND ${mac} ${op("=")} pg_catalog.substr(${context}, 1, 64);
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
    rest := pg_catalog.decode(pg_catalog.substr(context, 65), 'hex');
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
    rest := pg_catalog.decode(pg_catalog.substr(context, 65), 'hex');
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
