/**
 * Keys of contexts in the database: pads made once for each, and beside every key that signs tokens one that only the database
 * has and that binds an entered context. Which database they were made in stands with them: in a copy of it they are void.
 */
import { control, controlFunction, controlTable } from "./control-object.ts";

export const keyTable = control("context_key");

/** A key XOR a byte, 64 bytes long: HMAC is two hashes then (RFC 2104). */
const padOf = (key: string, byte: number): string =>
  `(SELECT pg_catalog.string_agg(pg_catalog.set_byte('\\x00'::pg_catalog.bytea, 0, (CASE WHEN n < 32 THEN pg_catalog.get_byte(${key}, n) ELSE 0 END) # ${byte}), ''::pg_catalog.bytea ORDER BY n) FROM pg_catalog.generate_series(0, 63) AS n)`;

const [inner, outer] = [0x36, 0x5c];

/** 32 bytes from four times 122 random bits. */
const random = `pg_catalog.sha256(${Array.from({ length: 4 }, () => "pg_catalog.uuid_send(pg_catalog.gen_random_uuid())").join(" || ")})`;

/** Where in the cluster this database lies; another one has another path, and so has one that was written anew. */
const place = `pg_catalog.pg_relation_filepath('${keyTable}'::pg_catalog.regclass)`;

/** True in the database in which keys are valid: as the row of a key says, `k`. */
export const isAttested = `k.attested_at = pg_catalog.pg_postmaster_start_time() AND k.attested_place = ${place}`;

/** Domain, version, key and cluster, as a token has them after its MAC. */
const originOf = (id: string, cluster: string): string =>
  `'\\x10776172646c696e652f636f6e7465787401'::pg_catalog.bytea || pg_catalog.substr(pg_catalog.int8send(${id}), 5) || ${cluster}`;

const here = `(SELECT c.system_identifier FROM pg_catalog.pg_control_system() AS c)`;
const thisDatabase = `(SELECT d.oid FROM pg_catalog.pg_database AS d WHERE d.datname = pg_catalog.current_database())`;

const pads = ["token_inner", "token_outer", "bound_inner", "bound_outer"] as const;

/** Invariant: pads that nobody knows and nothing fits, never empty ones, under which anybody could make a MAC. */
const forgotten = pads.map((column) => `${column} = ${random} || ${random}`).join(", ");

export function keysDdl(): readonly string[] {
  return [
    ...controlTable("context_key", [
      "id bigint NOT NULL PRIMARY KEY CHECK (id BETWEEN 0 AND 4294967295)",
      // How a token of this key in this database begins, and in hexadecimal how a context that it bound does.
      "origin bytea NOT NULL UNIQUE",
      "tag text NOT NULL UNIQUE",
      ...pads.map((pad) => `${pad} bytea NOT NULL CHECK (pg_catalog.octet_length(${pad}) = 64)`),
      "until timestamptz NOT NULL DEFAULT 'infinity'",
      "cluster bytea NOT NULL CHECK (pg_catalog.octet_length(cluster) = 16)",
      "system_identifier bigint NOT NULL",
      "database oid NOT NULL",
      // When it was last seen that the two above are true, so that not every transaction has to look.
      "attested_at timestamptz",
      "attested_place text",
      // Added to every tenant's facts epoch.
      "facts_base bigint NOT NULL DEFAULT 0",
    ]),
    ...controlFunction({
      name: "attest",
      parameters: "",
      types: "",
      returns: "boolean",
      traits: "VOLATILE PARALLEL UNSAFE SET search_path = ''",
      body: `BEGIN
  IF EXISTS (SELECT FROM ${keyTable} AS k WHERE k.system_identifier <> ${here} OR k.database <> ${thisDatabase}) THEN
    RETURN false;
  END IF;
  UPDATE ${keyTable} AS k SET attested_at = pg_catalog.pg_postmaster_start_time(), attested_place = ${place}
  WHERE (${isAttested}) IS NOT TRUE;
  RETURN true;
END`,
      isOpen: true,
    }),
    ...controlFunction({
      name: "is_mine",
      parameters: "key_origin pg_catalog.bytea",
      types: "pg_catalog.bytea",
      returns: "boolean",
      traits: "VOLATILE PARALLEL UNSAFE SET search_path = ''",
      body: `BEGIN
  RETURN EXISTS (SELECT FROM ${keyTable} AS k WHERE k.origin = key_origin AND k.system_identifier = ${here} AND k.database = ${thisDatabase});
END`,
      isOpen: false,
    }),
    ...controlFunction({
      name: "install_key",
      parameters: "key_id bigint, secret pg_catalog.bytea, valid_until timestamptz",
      types: "bigint, pg_catalog.bytea, timestamptz",
      returns: "void",
      traits: "VOLATILE PARALLEL UNSAFE SET search_path = ''",
      body: `DECLARE
  binding CONSTANT bytea := ${random};
  id_of_cluster bytea := COALESCE((SELECT k.cluster FROM ${keyTable} AS k LIMIT 1), pg_catalog.substr(${random}, 1, 16));
BEGIN
  IF secret IS NULL OR pg_catalog.octet_length(secret) <> 32 THEN
    RAISE EXCEPTION 'a context key has 32 bytes' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  IF NOT ${control("attest")}() THEN
    RAISE EXCEPTION 'the keys of this database were made in another one: rotate them' USING ERRCODE = 'invalid_authorization_specification';
  END IF;
  INSERT INTO ${keyTable} (id, origin, tag, token_inner, token_outer, bound_inner, bound_outer, until, cluster,
    system_identifier, database, attested_at, attested_place, facts_base)
  VALUES (key_id, ${originOf("key_id", "id_of_cluster")}, pg_catalog.encode(pg_catalog.substr(pg_catalog.int8send(key_id), 5), 'hex'),
    ${padOf("secret", inner)}, ${padOf("secret", outer)}, ${padOf("binding", inner)}, ${padOf("binding", outer)},
    COALESCE(valid_until, 'infinity'), id_of_cluster,
    ${here}, ${thisDatabase}, pg_catalog.pg_postmaster_start_time(), ${place},
    COALESCE((SELECT pg_catalog.max(k.facts_base) FROM ${keyTable} AS k), 0))
  ON CONFLICT (id) DO UPDATE SET token_inner = excluded.token_inner, token_outer = excluded.token_outer,
    bound_inner = excluded.bound_inner, bound_outer = excluded.bound_outer, until = excluded.until;
  DELETE FROM ${keyTable} AS k WHERE k.id <> key_id AND k.until <= pg_catalog.clock_timestamp();
  -- A table so small is never looked at by itself, and taken for a larger one: every context would go through an index.
  ANALYZE ${keyTable};
END`,
      isOpen: false,
    }),
    ...controlFunction({
      // The row stays until the next key comes, with what is counted in it.
      name: "retire_key",
      parameters: "key_id bigint",
      types: "bigint",
      returns: "void",
      traits: "VOLATILE PARALLEL UNSAFE SET search_path = ''",
      body: `BEGIN
  UPDATE ${keyTable} AS k SET until = '-infinity', ${forgotten} WHERE k.id = key_id;
END`,
      isOpen: false,
    }),
    ...controlFunction({
      name: "retire_keys_of_others",
      parameters: "",
      types: "",
      returns: "void",
      traits: "VOLATILE PARALLEL UNSAFE SET search_path = ''",
      body: `BEGIN
  UPDATE ${keyTable} AS k SET until = '-infinity', ${forgotten}
  WHERE k.attested_at IS DISTINCT FROM pg_catalog.pg_postmaster_start_time();
END`,
      isOpen: false,
    }),
    ...controlFunction({
      // After a restore or in a clone: nothing that was signed or bound before is valid. Keys are installed anew.
      name: "rotate_cluster",
      parameters: "",
      types: "",
      returns: "void",
      traits: "VOLATILE PARALLEL UNSAFE SET search_path = ''",
      body: `DECLARE
  renewed CONSTANT bytea := pg_catalog.substr(${random}, 1, 16);
BEGIN
  UPDATE ${keyTable} AS k SET until = '-infinity', ${forgotten}, cluster = renewed, origin = ${originOf("k.id", "renewed")}, system_identifier = ${here}, database = ${thisDatabase},
    attested_at = pg_catalog.pg_postmaster_start_time(), attested_place = ${place};
END`,
      isOpen: false,
    }),
    ...controlFunction({
      name: "cluster_id",
      parameters: "",
      types: "",
      returns: "pg_catalog.bytea",
      traits: "STABLE PARALLEL RESTRICTED SET search_path = ''",
      body: `BEGIN
  RETURN (SELECT k.cluster FROM ${keyTable} AS k LIMIT 1);
END`,
      isOpen: true,
    }),
  ];
}
