/**
 * The registry of tenants' keys: each version of each purpose, wrapped, and how far it is on its way from `current` to
 * `destroyed`, which it goes in one direction only. Nobody is granted the tables; a transaction reads the rows of the tenant
 * whose context it entered, through one function.
 */
import { control, controlFunction, controlTable } from "../context/ddl/control-object.ts";
import { quoteText } from "../schema/identifier.ts";
import { adoptionDdl } from "./adopt/adoption-ddl.ts";
import { keyPurposes } from "./key-provider.ts";
import { longestHold } from "./longest-hold.ts";

export const tenantKeyTable = control("tenant_key");
export const tenantKeyStateTable = control("tenant_key_state");
/** How long processes may hold keys of this database: one row, or none, which is `longestHold`. */
export const keyBoundTable = control("key_bound");
/** How far the shredding of a tenant's keys came in this database. A row is never taken back. */
export const tenantShredTable = control("tenant_shred");
/** `() → text`: the registry of the context's tenant as JSON. */
export const tenantKeysFunction = control("tenant_keys");

/**
 * `current`: the newest, sealed under from `writes_from` on and opened with; exactly one a purpose. `readable`: opened with. `retired`: below the least version
 * that opens. `destroyed`: its bytes are gone.
 */
export const keyStates = ["current", "readable", "retired", "destroyed"] as const;
export type KeyState = (typeof keyStates)[number];

/** Of a tenant, for all purposes but `audit`; without a row it is active. `destroyed` is for good. */
export const tenantKeyStates = ["active", "disabled", "destroyed"] as const;
export type TenantKeyState = (typeof tenantKeyStates)[number];

const text = 'text COLLATE pg_catalog."C"';
const oneOf = (words: readonly string[]): string => words.map(quoteText).join(", ");
const refused = "USING ERRCODE = 'insufficient_privilege'";
const rank = (state: string): string =>
  `pg_catalog.array_position(ARRAY[${oneOf(keyStates)}]::text[], ${state})`;

/**
 * Statements that make the registry, to be run after `securityDdl` by the same owner, in order, in one transaction, each by
 * itself. Running them again changes nothing.
 */
export function keyRegistryDdl(): readonly string[] {
  return [...tables(), ...triggers(), ...reader(), ...adoptionDdl()];
}

function tables(): readonly string[] {
  return [
    ...controlTable("tenant_key_state", [
      `tenant_id ${text} NOT NULL PRIMARY KEY CHECK (tenant_id <> '')`,
      `state ${text} NOT NULL CHECK (state IN (${oneOf(tenantKeyStates)}))`,
      "since timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp()",
    ]),
    ...controlTable("tenant_key", [
      `tenant_id ${text} NOT NULL CHECK (tenant_id <> '')`,
      `purpose ${text} NOT NULL CHECK (purpose IN (${oneOf(keyPurposes)}))`,
      "version bigint NOT NULL CHECK (version BETWEEN 1 AND 4294967295)",
      `state ${text} NOT NULL CHECK (state IN (${oneOf(keyStates)}))`,
      `provider ${text} NOT NULL CHECK (provider <> '')`,
      "wrapped bytea CHECK (pg_catalog.octet_length(wrapped) BETWEEN 1 AND 65536)",
      // Made of the key, and not leading back to it: what is unwrapped is held against it.
      "check_value bytea NOT NULL CHECK (pg_catalog.octet_length(check_value) = 16)",
      // Counts how often the bytes were wrapped: they change with it and no other way.
      "wraps bigint NOT NULL DEFAULT 1 CHECK (wraps >= 1)",
      "made_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp()",
      // Until then the version is opened with and not written with, so that every process knows of it before it has to.
      "writes_from timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp()",
      "PRIMARY KEY (tenant_id, purpose, version)",
      "CHECK ((state = 'destroyed') = (wrapped IS NULL))",
    ]),
    ...controlTable("key_bound", [
      "single boolean NOT NULL PRIMARY KEY DEFAULT true CHECK (single)",
      `hold_for bigint NOT NULL CHECK (hold_for BETWEEN 1 AND ${longestHold})`,
      // Until then a process may hold a key by the bound that there was before.
      "before_until timestamptz NOT NULL",
    ]),
    ...controlTable("tenant_shred", [
      `tenant_id ${text} NOT NULL PRIMARY KEY CHECK (tenant_id <> '')`,
      "operation uuid NOT NULL",
      `state_before ${text} NOT NULL CHECK (state_before IN (${oneOf(tenantKeyStates)}))`,
      "disabled_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp()",
      // When everybody who was inside the tenant was out, and from when on nobody holds a key.
      "left_at timestamptz",
      "out_at timestamptz",
      // Columns that were emptied, each with the number of its values.
      "cleared jsonb NOT NULL DEFAULT '{}'",
      "keys jsonb",
      "ended_at timestamptz",
      // Taken back before anything was destroyed.
      "cancelled_at timestamptz CHECK (cancelled_at IS NULL OR ended_at IS NULL)",
    ]),
    // Invariant: of a tenant's keys for a purpose one is current. That there is one is asked at the end of the transaction.
    `CREATE UNIQUE INDEX IF NOT EXISTS tenant_key_current ON ${tenantKeyTable} (tenant_id, purpose) WHERE state = 'current'`,
  ];
}

function triggers(): readonly string[] {
  const closed = { parameters: "", types: "", returns: "trigger", isOpen: false } as const;
  const traits = "VOLATILE SET search_path = ''";
  return [
    ...controlFunction({
      ...closed,
      traits,
      name: "tenant_key_grows",
      body: `BEGIN
  IF NEW.state <> 'destroyed' AND NEW.purpose <> 'audit'
    AND EXISTS (SELECT FROM ${tenantKeyStateTable} AS s WHERE s.tenant_id = NEW.tenant_id AND s.state = 'destroyed') THEN
    RAISE EXCEPTION 'the keys of the tenant were destroyed' ${refused};
  END IF;
  IF EXISTS (SELECT FROM ${tenantKeyTable} AS k
    WHERE k.tenant_id = NEW.tenant_id AND k.purpose = NEW.purpose AND k.version > NEW.version) THEN
    RAISE EXCEPTION 'the versions of a key only grow' ${refused};
  END IF;
  RETURN NEW;
END`,
    }),
    ...controlFunction({
      ...closed,
      traits,
      name: "tenant_key_advances",
      body: `BEGIN
  IF (NEW.tenant_id, NEW.purpose, NEW.version, NEW.made_at, NEW.writes_from, NEW.check_value)
    IS DISTINCT FROM (OLD.tenant_id, OLD.purpose, OLD.version, OLD.made_at, OLD.writes_from, OLD.check_value) THEN
    RAISE EXCEPTION 'what a key is for does not change' ${refused};
  END IF;
  IF ${rank("NEW.state")} < ${rank("OLD.state")} THEN
    RAISE EXCEPTION 'the state of a key only advances' ${refused};
  END IF;
  IF NEW.wraps = OLD.wraps AND (NEW.provider <> OLD.provider OR NEW.state <> 'destroyed' AND NEW.wrapped <> OLD.wrapped)
    OR NEW.wraps NOT IN (OLD.wraps, OLD.wraps + 1) THEN
    RAISE EXCEPTION 'a wrapped key changes by being wrapped anew alone' ${refused};
  END IF;
  RETURN NEW;
END`,
    }),
    ...controlFunction({
      ...closed,
      traits,
      name: "tenant_key_has_current",
      body: `BEGIN
  IF EXISTS (SELECT FROM ${tenantKeyTable} AS k WHERE k.tenant_id = NEW.tenant_id AND k.purpose = NEW.purpose
    HAVING pg_catalog.count(*) FILTER (WHERE k.state = 'current') = 0
      AND pg_catalog.count(*) FILTER (WHERE k.state <> 'destroyed') > 0) THEN
    RAISE EXCEPTION 'no key of a purpose would be current' ${refused};
  END IF;
  RETURN NULL;
END`,
    }),
    ...controlFunction({
      ...closed,
      traits,
      name: "tenant_key_stays",
      body: `BEGIN
  RAISE EXCEPTION 'what became of a key is not forgotten' ${refused};
END`,
    }),
    ...controlFunction({
      ...closed,
      traits,
      name: "tenant_key_state_advances",
      body: `BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF NEW.tenant_id <> OLD.tenant_id OR OLD.state = 'destroyed' AND NEW.state <> 'destroyed' THEN
      RAISE EXCEPTION 'keys that were destroyed do not come back' ${refused};
    END IF;
  END IF;
  IF NEW.state = 'active'
    AND EXISTS (SELECT FROM ${tenantShredTable} AS s WHERE s.tenant_id = NEW.tenant_id AND s.cancelled_at IS NULL) THEN
    RAISE EXCEPTION 'the tenant is being shredded' ${refused};
  END IF;
  IF NEW.state = 'destroyed' THEN
    UPDATE ${tenantKeyTable} AS k SET state = 'destroyed', wrapped = NULL
    WHERE k.tenant_id = NEW.tenant_id AND k.purpose <> 'audit' AND k.state <> 'destroyed';
  END IF;
  RETURN NULL;
END`,
    }),
    ...trigger(tenantKeyTable, "grows", "BEFORE INSERT", "ROW", "tenant_key_grows"),
    ...trigger(tenantKeyTable, "advances", "BEFORE UPDATE", "ROW", "tenant_key_advances"),
    ...trigger(tenantKeyTable, "stays", "BEFORE DELETE OR TRUNCATE", "STATEMENT", "tenant_key_stays"),
    `DROP TRIGGER IF EXISTS has_current ON ${tenantKeyTable}`,
    `CREATE CONSTRAINT TRIGGER has_current AFTER INSERT OR UPDATE ON ${tenantKeyTable} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ${control("tenant_key_has_current")}()`,
    `ALTER TABLE ${tenantKeyTable} ENABLE ALWAYS TRIGGER has_current`,
    ...trigger(tenantKeyStateTable, "advances", "AFTER INSERT OR UPDATE", "ROW", "tenant_key_state_advances"),
    ...trigger(tenantKeyStateTable, "stays", "BEFORE DELETE OR TRUNCATE", "STATEMENT", "tenant_key_stays"),
    ...trigger(tenantShredTable, "stays", "BEFORE DELETE OR TRUNCATE", "STATEMENT", "tenant_key_stays"),
    ...trigger(keyBoundTable, "stays", "BEFORE DELETE OR TRUNCATE", "STATEMENT", "tenant_key_stays"),
  ];
}

function trigger(table: string, name: string, when: string, each: string, run: string): readonly string[] {
  return [
    `CREATE OR REPLACE TRIGGER ${name} ${when} ON ${table} FOR EACH ${each} EXECUTE FUNCTION ${control(run)}()`,
    // Also where a session plays a replica, which would skip ordinary triggers.
    `ALTER TABLE ${table} ENABLE ALWAYS TRIGGER ${name}`,
  ];
}

function reader(): readonly string[] {
  return controlFunction({
    name: "tenant_keys",
    parameters: "",
    types: "",
    returns: "text",
    traits: "STABLE PARALLEL RESTRICTED SET search_path = ''",
    body: `DECLARE
  mine CONSTANT text := ${control("current_tenant")}();
BEGIN
  RETURN pg_catalog.jsonb_build_object(
    'tenant', mine,
    'state', COALESCE((SELECT s.state FROM ${tenantKeyStateTable} AS s WHERE s.tenant_id = mine), 'active'),
    'holdFor', COALESCE((SELECT b.hold_for FROM ${keyBoundTable} AS b), ${longestHold}),
    'keys', COALESCE((SELECT pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
        'purpose', k.purpose, 'version', k.version, 'state', k.state, 'provider', k.provider,
        'check', pg_catalog.encode(k.check_value, 'hex'), 'writes', k.writes_from <= pg_catalog.clock_timestamp(), 'wrapped', CASE WHEN k.state IN ('current', 'readable') THEN pg_catalog.encode(k.wrapped, 'hex') END)
      ORDER BY k.purpose, k.version) FROM ${tenantKeyTable} AS k WHERE k.tenant_id = mine), '[]'::pg_catalog.jsonb))::text;
END`,
    isOpen: true,
  });
}
