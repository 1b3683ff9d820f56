/** Row-level security, and the policies that the model has. One that it does not know is left, for the doctor to name. */
import { relationName, type PolicyFacts } from "../doctor/catalogue.ts";
import { quoteName } from "../schema/identifier.ts";
import type { Compared } from "./compared.ts";
import type { PlanItem } from "./step.ts";
import { tablesOf } from "./tables.ts";

export function* planPolicies(at: Compared): Generator<PlanItem> {
  for (const { right, table, name } of tablesOf(at)) {
    const object = { kind: "table", name: relationName(right) } as const;
    if (right.rowSecurity && table?.rowSecurity !== true)
      yield { object, sql: `ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY` };
    if (right.forced && table?.forced !== true)
      yield { object, sql: `ALTER TABLE ${name} FORCE ROW LEVEL SECURITY` };
    const wrong = right.policies.filter(
      (policy) => !(table?.policies ?? []).some((other) => isSame(other, policy)),
    );
    // What permits goes first and comes last: in between nothing is to be seen, never everything.
    const ordered = wrong.toSorted((a, b) => Number(b.permissive) - Number(a.permissive));
    for (const policy of ordered)
      if (table?.policies.some((other) => other.name === policy.name) === true)
        yield { object, sql: `DROP POLICY ${quoteName(policy.name)} ON ${name}` };
    for (const policy of ordered.toReversed()) yield { object, sql: createPolicy(policy, name) };
  }
}

function isSame(a: PolicyFacts, b: PolicyFacts): boolean {
  const shape = ({ name, permissive, command, roles, using, check }: PolicyFacts) =>
    JSON.stringify([name, permissive, command, roles, using, check]);
  return shape(a) === shape(b);
}

function createPolicy(
  { name, permissive, command, roles, using, check }: PolicyFacts,
  table: string,
): string {
  return [
    `CREATE POLICY ${quoteName(name)} ON ${table} AS ${permissive ? "PERMISSIVE" : "RESTRICTIVE"}`,
    `FOR ${command.toUpperCase()} TO ${roles === null ? "PUBLIC" : roles.map(quoteName).join(", ")}`,
    ...(using === null ? [] : [`USING (${using})`]),
    ...(check === null ? [] : [`WITH CHECK (${check})`]),
  ].join(" ");
}
