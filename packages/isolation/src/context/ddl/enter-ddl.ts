/**
 * `wardline.enter`, which checks a token and binds a context of it to the transaction.
 *
 * It has no search path of its own, which would cost every call: whatever stands before the check of the caller's names its
 * schema, operators too, and it goes on only where the caller's path is empty.
 */
import { createHash } from "node:crypto";
import type { TimeLimits } from "../pinned-settings.ts";
import {
  at,
  boundMessage,
  boundText,
  contextSetting,
  hmac,
  op,
  pads,
  qualified,
  refused,
  short,
} from "./context-expressions.ts";
import { control, controlFunction } from "./control-object.ts";
import { isAttested, keyTable } from "./keys-ddl.ts";
import { isUnusual } from "./settings-check.ts";
import { checkSettingsDdl, holdStateDdl } from "./unusual-ddl.ts";
import { lockKey, stateTable } from "./state-ddl.ts";

export function enterDdl(limits: TimeLimits | null): readonly string[] {
  return [
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
  ];
}

/** The tenant that a token names. */
const namedTenant = `pg_catalog.convert_from(pg_catalog.substr(token, ${at.tenant + 2}, ${qualified(short("token", String(at.tenant)))}), 'UTF8')`;

/** How long no facts are, and their digest. */
const noFacts = `'\\x00000000${createHash("sha256").digest("hex")}'::pg_catalog.bytea`;

const length = "pg_catalog.octet_length(token)";

/** Null where the token cannot be one. */
const entering = `CASE WHEN ${length} ${op(">=")} 170 AND ${length} ${op("<=")} 1100000 THEN ${namedTenant} END`;

/** Takes the tenant's lock, if the session is as usual and the token may be one. */
const isUsual = (limits: TimeLimits | null): string =>
  `(CASE WHEN entering IS NOT NULL AND NOT (${isUnusual(limits)})
    THEN pg_catalog.pg_advisory_xact_lock_shared(${lockKey("entering")}) IS NOT NULL ELSE false END)`;

/**
 * The first context of a transaction, without facts, of a tenant that is active: all that is checked below, and the context, in
 * one statement. An expression costs more to begin than to compute. Null where anything is otherwise.
 */
function enterAtOnce(): string {
  const field = (place: number, size: number): string => `pg_catalog.substr(token, ${place}, ${size})`;
  const conditions = [
    `${hmac("token", `pg_catalog.substr(token, ${at.body})`)} = ${field(1, 32)}`,
    "k.until > pg_catalog.clock_timestamp()",
    `${field(at.expiry, 8)} BETWEEN pg_catalog.timestamptz_send(pg_catalog.clock_timestamp())
        AND pg_catalog.timestamptz_send(pg_catalog.clock_timestamp() + '120 s')`,
    `${field(at.audience, 4)} IN ('\\x00000000', pg_catalog.int4send(pg_catalog.pg_backend_pid()))`,
    isAttested,
    `${field(at.factsLength, 44)} = ${noFacts} || COALESCE(s.placement_wire, '\\x0000000000000000')`,
    "COALESCE(s.state, 'active') = 'active'",
    `${field(at.factsEpoch, 8)} >= pg_catalog.int8send(k.facts_base + COALESCE(s.facts_epoch, 0))`,
    `${field(at.revision, 8)} >= COALESCE(s.floor_wire, '\\x0000000000000000')`,
    `COALESCE(${contextSetting}, '') = ''`,
  ];
  return `rest := ${boundText(`pg_catalog.substr(token, ${at.key})`, "entering")};
    SELECT CASE WHEN ${conditions.join("\n      AND ")}
    THEN pg_catalog.set_config('wardline.context', pg_catalog.encode(pg_catalog.sha256(k.bound_outer
      || pg_catalog.sha256(k.bound_inner || ${boundMessage("rest")})), 'hex') || rest, true) END INTO entered
    FROM ${keyTable} AS k LEFT JOIN ${stateTable} AS s ON s.tenant = entering
    WHERE k.origin = pg_catalog.substr(token, ${at.body}, 38);`;
}

function enterBody(limits: TimeLimits | null): string {
  return `DECLARE
  entered pg_catalog.text;
  unusual boolean;
  entering CONSTANT pg_catalog.text := ${entering};
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
  IF entering IS NULL THEN
    RAISE EXCEPTION 'the context token is refused' ${refused};
  END IF;
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
  rest := ${boundText(`pg_catalog.substr(token, ${at.key}, pg_catalog.octet_length(token) - facts_length - ${at.key - 1})`, "entering")};
  ignored := pg_catalog.set_config('wardline.context', pg_catalog.encode(
    pg_catalog.sha256(bound_outer || pg_catalog.sha256(bound_inner || ${boundMessage("rest")})), 'hex') || rest, true);
  IF state = 'read_only' THEN
    -- Once a snapshot was taken nothing takes this back within the transaction.
    ignored := pg_catalog.set_config('transaction_read_only', 'on', true);
  END IF;
END`;
}
