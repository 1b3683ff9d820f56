/** Everything in the control schema that authenticates a context, as statements. Running them again puts back what they say. */
import { applicationRole, controlSchema, ownerRole, quoteName } from "../../schema/identifier.ts";
import { usualTimeLimits, type TimeLimits } from "../pinned-settings.ts";
import { boundContextDdl } from "./bound-context-ddl.ts";
import { enterDdl } from "./enter-ddl.ts";
import { factsDdl } from "./facts-ddl.ts";
import { keysDdl } from "./keys-ddl.ts";
import { stateDdl } from "./state-ddl.ts";

export interface ContextDdlOptions {
  /** What `enter` holds sessions to; null on an embedded database, which has no clock that could end a statement. */
  readonly limits?: TimeLimits | null;
}

const application = quoteName(applicationRole);
const owner = quoteName(ownerRole);
const schema = quoteName(controlSchema);

export function contextDdl({ limits = usualTimeLimits }: ContextDdlOptions = {}): readonly string[] {
  return [
    `CREATE SCHEMA IF NOT EXISTS ${schema}`,
    `ALTER SCHEMA ${schema} OWNER TO ${owner}`,
    `REVOKE ALL ON SCHEMA ${schema} FROM PUBLIC, ${application}`,
    `GRANT USAGE ON SCHEMA ${schema} TO ${application}`,
    ...keysDdl(),
    ...stateDdl(),
    ...boundContextDdl(),
    ...enterDdl(limits),
    ...factsDdl(),
  ];
}
