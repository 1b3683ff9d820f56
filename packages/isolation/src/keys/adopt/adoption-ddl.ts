/**
 * The one function that triggers of an adoption call: it puts constants into columns of the row that is written. What it puts where
 * stands in the trigger, which is made by an operator; the application's role may neither call it nor make a trigger.
 */
import { control, controlFunction } from "../../context/ddl/control-object.ts";

export const adoptionFunction = "adoption_overwrites";

/** Statements that make it, to be run after `securityDdl` by the same owner. Running them again changes nothing. */
export function adoptionDdl(): readonly string[] {
  return controlFunction({
    name: adoptionFunction,
    parameters: "",
    types: "",
    returns: "trigger",
    traits: "VOLATILE SET search_path = ''",
    // The argument names the columns; what it does not name stays what it is, bit by bit.
    body: `BEGIN
  RETURN pg_catalog.jsonb_populate_record(NEW, TG_ARGV[0]::pg_catalog.jsonb);
END`,
    isOpen: false,
  });
}

/** `CREATE TRIGGER`, which also fires where a session plays a replica. `values`: column → hex of bytes, or null. */
export function overwritingTrigger(
  relation: string,
  name: string,
  when: string,
  values: Readonly<Record<string, string | null>>,
): readonly string[] {
  const json = JSON.stringify(
    Object.fromEntries(
      Object.entries(values).map(([column, hex]) => [column, hex === null ? null : `\\x${hex}`]),
    ),
  );
  const quoted = `"${name}"`;
  return [
    `CREATE OR REPLACE TRIGGER ${quoted} BEFORE ${when} EXECUTE FUNCTION ${control(adoptionFunction)}('${json}')`,
    `ALTER TABLE ${relation} ENABLE ALWAYS TRIGGER ${quoted}`,
  ];
}
