/** The schemas, and whose they are. */
import { quoteName } from "../schema/identifier.ts";
import { comparedSchemas, type Compared } from "./compared.ts";
import { wantedOwner } from "./roles.ts";
import type { PlanItem } from "./step.ts";

export function* planSchemas({ there, wanted, schema: main }: Compared): Generator<PlanItem> {
  for (const name of comparedSchemas({ there, schema: main })) {
    const right = wanted.schemas.find((schema) => schema.name === name);
    const schema = there.schemas.find((other) => other.name === name);
    if (right === undefined) continue;
    const object = { kind: "schema", name } as const;
    if (schema === undefined) yield { object, sql: `CREATE SCHEMA ${quoteName(name)}` };
    const owner = wantedOwner(wanted, right.owner);
    if (owner !== null && schema?.owner !== owner)
      yield { object, sql: `ALTER SCHEMA ${quoteName(name)} OWNER TO ${quoteName(owner)}` };
  }
}
