/** How objects of the control schema are written: owned by its owner, and open to nobody who is not named. */
import { applicationRole, controlSchema, ownerRole, qualify, quoteName } from "../../schema/identifier.ts";

const application = quoteName(applicationRole);
const owner = quoteName(ownerRole);

export const control = (name: string): string => qualify(controlSchema, name);

export interface ControlFunction {
  readonly name: string;
  /** As in CREATE FUNCTION, with names. */
  readonly parameters: string;
  /** Types alone. */
  readonly types: string;
  readonly returns: string;
  /** VOLATILE or STABLE, PARALLEL, and settings. */
  readonly traits: string;
  readonly body: string;
  /** Whether the application's role may call it. */
  readonly isOpen: boolean;
}

/** A function that runs with the rights of the control schema's owner. */
export function controlFunction(it: ControlFunction): readonly string[] {
  const signature = `${control(it.name)}(${it.types})`;
  return [
    `CREATE OR REPLACE FUNCTION ${control(it.name)}(${it.parameters}) RETURNS ${it.returns}
LANGUAGE plpgsql ${it.traits} SECURITY DEFINER AS $wardline$
${it.body}
$wardline$`,
    `ALTER FUNCTION ${signature} OWNER TO ${owner}`,
    `REVOKE ALL ON FUNCTION ${signature} FROM PUBLIC, ${application}`,
    ...(it.isOpen ? [`GRANT EXECUTE ON FUNCTION ${signature} TO ${application}`] : []),
  ];
}

/** A table that only definer functions and operators reach. Without a policy, somebody who is granted it sees no row. */
export function controlTable(name: string, columns: readonly string[]): readonly string[] {
  const table = control(name);
  return [
    `CREATE TABLE IF NOT EXISTS ${table} (\n  ${columns.join(",\n  ")}\n)`,
    `ALTER TABLE ${table} OWNER TO ${owner}`,
    `ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`,
    `REVOKE ALL ON TABLE ${table} FROM PUBLIC, ${application}`,
  ];
}
