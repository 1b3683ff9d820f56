/** The functions of the compared schemas. */
import type { FunctionFacts } from "../doctor/catalogue.ts";
import { factsRole, qualify, quoteName } from "../schema/identifier.ts";
import { comparedSchemas, type Compared } from "./compared.ts";
import { wantedOwner } from "./roles.ts";
import type { PlanItem } from "./step.ts";

const key = ({ schema, name, arguments: types }: FunctionFacts) => JSON.stringify([schema, name, types]);

/** The functions of the compared schemas, as they are and as they are wanted, with their names for statements. */
export function* functionsOf({ there, wanted, schema }: Compared): Generator<{
  readonly right: FunctionFacts;
  readonly it: FunctionFacts | undefined;
  readonly name: string;
}> {
  const schemas = comparedSchemas({ there, schema });
  for (const right of wanted.functions)
    if (schemas.includes(right.schema))
      yield {
        right,
        it: there.functions.find((other) => key(other) === key(right)),
        // The types are as the server prints them, and need no quotes of ours.
        name: `${qualify(right.schema, right.name)}(${right.arguments})`,
      };
}

export function* planFunctions(at: Compared): Generator<PlanItem> {
  for (const { right, it, name } of functionsOf(at)) {
    const object = { kind: "function", name: `${right.schema}.${right.name}(${right.arguments})` } as const;
    if (right.definition !== null && it?.definition !== right.definition)
      yield { object, sql: right.definition.trimEnd() };
    const owner = wantedOwner(at.wanted, right.owner);
    if (owner === null || it?.owner === owner) continue;
    // A role that is given something must be able to make it there, unless a superuser gives it.
    const mayMake = owner !== factsRole;
    const schema = quoteName(right.schema);
    if (!mayMake) yield { object, sql: `GRANT CREATE ON SCHEMA ${schema} TO ${quoteName(owner)}` };
    yield { object, sql: `ALTER FUNCTION ${name} OWNER TO ${quoteName(owner)}` };
    if (!mayMake) yield { object, sql: `REVOKE CREATE ON SCHEMA ${schema} FROM ${quoteName(owner)}` };
  }
}
