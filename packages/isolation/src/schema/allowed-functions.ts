/**
 * What of pg_catalog the application's role may call where everything else was taken from PUBLIC: the functions behind
 * operators, casts and names that our statements, the model's checks and guarded queries are made of. Nothing here is
 * volatile, reads the server or other sessions, changes a setting, or runs text.
 */
import { quoteText } from "./identifier.ts";

/** Types over which operators and casts may be used; of arrays the polymorphic ones stand for all. */
const types: readonly string[] = [
  ..."bool int2 int4 int8 numeric float4 float8 text varchar bpchar name char oid uuid bytea".split(" "),
  ..."timestamptz timestamp date time interval inet cidr json jsonb record".split(" "),
  ..."anyelement anyarray anynonarray anycompatible anycompatiblearray anycompatiblenonarray any".split(" "),
  ..."_bool _int2 _int4 _int8 _numeric _text _name _char _oid _uuid _timestamptz _date int2vector oidvector".split(
    " ",
  ),
];

const operators: readonly string[] =
  "= <> < <= > >= + - * / % ^ # || ~~ !~~ ~~* !~~* ~ ~* !~ !~* ^@ -> ->> #> #>> @> <@ && ? ?| ?& << >> <<= >>= & |".split(
    " ",
  );

/** Every overload over the types above. */
const names: readonly string[] = [
  // texts
  ..."lower upper length char_length character_length octet_length substr substring left right lpad rpad".split(
    " ",
  ),
  ..."btrim ltrim rtrim replace strpos position starts_with concat concat_ws reverse split_part translate".split(
    " ",
  ),
  ..."regexp_replace like notlike initcap ascii".split(" "),
  // numbers and times
  ..."abs ceil ceiling floor round trunc mod sign div power sqrt".split(" "),
  ..."date_trunc date_part extract to_char now age date timezone".split(" "),
  // arrays and documents
  ..."cardinality array_length array_ndims array_position array_to_string array_append array_cat unnest".split(
    " ",
  ),
  ..."jsonb_build_object jsonb_build_array json_build_object json_build_array to_json to_jsonb row_to_json".split(
    " ",
  ),
  ..."jsonb_typeof jsonb_array_elements jsonb_array_elements_text jsonb_array_length jsonb_extract_path".split(
    " ",
  ),
  ..."jsonb_extract_path_text jsonb_each jsonb_each_text jsonb_object_keys jsonb_exists".split(" "),
  // bytes and addresses
  ..."encode decode convert_to convert_from sha256 get_byte host masklen family network".split(" "),
  // aggregates and windows
  ..."count sum avg min max bool_and bool_or every string_agg array_agg json_agg jsonb_agg".split(" "),
  ..."json_object_agg jsonb_object_agg row_number rank dense_rank percent_rank cume_dist ntile lag lead".split(
    " ",
  ),
  ..."first_value last_value nth_value".split(" "),
  // what compares the tables with the model when an application opens
  "format_type",
];

/** A query for the oids of all of them. */
export function allowedFunctions(): string {
  return `WITH known AS (
  SELECT t.oid FROM pg_catalog.pg_type t
  WHERE t.typnamespace = 'pg_catalog'::pg_catalog.regnamespace AND t.typname = ANY (${textArray(types)})
  UNION ALL SELECT 0::pg_catalog.oid
), chosen AS (
  SELECT o.oprcode::pg_catalog.oid AS oid FROM pg_catalog.pg_operator o
  WHERE o.oprname = ANY (${textArray(operators)}) AND o.oprleft IN (SELECT oid FROM known) AND o.oprright IN (SELECT oid FROM known)
  UNION
  SELECT c.castfunc FROM pg_catalog.pg_cast c
  WHERE c.castfunc <> 0 AND c.castsource IN (SELECT oid FROM known) AND c.casttarget IN (SELECT oid FROM known)
  UNION
  -- A long list after IN is looked up by hash, and asks for the right to.
  SELECT a.amproc::pg_catalog.oid FROM pg_catalog.pg_amproc a
  JOIN pg_catalog.pg_opfamily f ON f.oid = a.amprocfamily JOIN pg_catalog.pg_am m ON m.oid = f.opfmethod
  WHERE m.amname IN ('hash', 'btree') AND a.amprocnum = 1 AND a.amproclefttype IN (SELECT oid FROM known) AND a.amprocrighttype IN (SELECT oid FROM known)
  UNION
  -- A cast by way of text whose value is known to the planner is carried out by it, and asks for the right to read and to print.
  SELECT f.oid FROM pg_catalog.pg_type t
  CROSS JOIN LATERAL (VALUES (t.typinput::pg_catalog.oid), (t.typoutput::pg_catalog.oid)) AS f(oid)
  WHERE t.oid IN (SELECT oid FROM known) AND t.typtype = 'b'
  UNION
  SELECT p.oid FROM pg_catalog.pg_proc p
  WHERE p.proname = ANY (${textArray(names)}) AND NOT EXISTS (
    SELECT FROM pg_catalog.unnest(p.proargtypes) AS a(type) WHERE a.type NOT IN (SELECT oid FROM known))
)
SELECT p.oid FROM pg_catalog.pg_proc p JOIN chosen USING (oid)
WHERE p.pronamespace = 'pg_catalog'::pg_catalog.regnamespace AND p.provolatile <> 'v' AND p.prokind <> 'p'`;
}

export function textArray(items: readonly string[]): string {
  return `ARRAY[${items.map(quoteText).join(", ")}]::pg_catalog.text[]`;
}
