/** What the database knows of each tenant whatever a token says: its placement, its facts' epoch and its policy's floor. */
import { control, controlFunction, controlTable } from "./control-object.ts";

export const stateTable = control("tenant_state");

/** The states of a tenant in one database; without a row it is active, at epoch 0. */
export const tenantStates = ["active", "read_only", "moved"] as const;

/** The key of the tenant's advisory lock: shared by every transaction that entered, and taken whole by a move. */
export const tenantLock = control("tenant_lock");

/** Any constant: another use of advisory locks on the tenant's name would have another. */
const lockSpace = 0x77_61_72_64;
export const lockKey = (tenant: string): string =>
  `pg_catalog.hashtextextended(${tenant} COLLATE pg_catalog."C", ${lockSpace})`;

export function stateDdl(): readonly string[] {
  return [
    ...controlTable("tenant_state", [
      `tenant text COLLATE pg_catalog."C" NOT NULL PRIMARY KEY CHECK (tenant <> '')`,
      "placement_epoch bigint NOT NULL DEFAULT 0 CHECK (placement_epoch >= 0)",
      `state text COLLATE pg_catalog."C" NOT NULL DEFAULT 'active' CHECK (state IN (${tenantStates.map((state) => `'${state}'`).join(", ")}))`,
      "facts_epoch bigint NOT NULL DEFAULT 0 CHECK (facts_epoch >= 0)",
      "revision_floor bigint NOT NULL DEFAULT 0 CHECK (revision_floor >= 0)",
      // As tokens have them.
      "placement_wire bytea NOT NULL GENERATED ALWAYS AS (pg_catalog.int8send(placement_epoch)) STORED",
      "floor_wire bytea NOT NULL GENERATED ALWAYS AS (pg_catalog.int8send(revision_floor)) STORED",
    ]),
    ...controlFunction({
      name: "tenant_lock",
      parameters: "tenant pg_catalog.text",
      types: "pg_catalog.text",
      returns: "bigint",
      traits: "IMMUTABLE STRICT PARALLEL SAFE SET search_path = ''",
      body: `BEGIN
  RETURN ${lockKey("tenant")};
END`,
      isOpen: false,
    }),
    ...controlFunction({
      // An epoch never falls: what was true under a lower one may not be any more.
      name: "tenant_state_grows",
      parameters: "",
      types: "",
      returns: "trigger",
      traits: "VOLATILE SET search_path = ''",
      body: `BEGIN
  IF NEW.tenant <> OLD.tenant OR NEW.placement_epoch < OLD.placement_epoch
    OR NEW.facts_epoch < OLD.facts_epoch OR NEW.revision_floor < OLD.revision_floor THEN
    RAISE EXCEPTION 'the epochs of a tenant only grow' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END`,
      isOpen: false,
    }),
    ...controlFunction({
      name: "tenant_state_stays",
      parameters: "",
      types: "",
      returns: "trigger",
      traits: "VOLATILE SET search_path = ''",
      body: `BEGIN
  RAISE EXCEPTION 'the epochs of a tenant are not forgotten' USING ERRCODE = 'insufficient_privilege';
END`,
      isOpen: false,
    }),
    `CREATE OR REPLACE TRIGGER grows BEFORE UPDATE ON ${stateTable} FOR EACH ROW EXECUTE FUNCTION ${control("tenant_state_grows")}()`,
    `ALTER TABLE ${stateTable} ENABLE ALWAYS TRIGGER grows`,
    `CREATE OR REPLACE TRIGGER stays BEFORE DELETE OR TRUNCATE ON ${stateTable} FOR EACH STATEMENT EXECUTE FUNCTION ${control("tenant_state_stays")}()`,
    `ALTER TABLE ${stateTable} ENABLE ALWAYS TRIGGER stays`,
    // The revisions that were seen of a tenant's bundle are the floor of what may decide for it.
    ...controlFunction({
      name: "raise_floor",
      parameters: "",
      types: "",
      returns: "trigger",
      traits: "VOLATILE SET search_path = ''",
      body: `BEGIN
  INSERT INTO ${stateTable} AS s (tenant, revision_floor) VALUES (pg_catalog.substr(NEW.name, 8), NEW.version)
  ON CONFLICT (tenant) DO UPDATE SET revision_floor = excluded.revision_floor
  WHERE s.revision_floor < excluded.revision_floor;
  RETURN NULL;
END`,
      isOpen: false,
    }),
  ];
}
