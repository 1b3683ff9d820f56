/** What stands in a schema of row-level security that a policy made, and what of it nobody declares any more. */
import { relationName, type Catalogue } from "../doctor/catalogue.ts";
import { controlSchema, qualify, quoteName } from "../schema/identifier.ts";
import {
  factsPolicyName,
  rowFunctionPrefix,
  rowMarkerPrefix,
  rowPolicyNames,
} from "../schema/row-security-names.ts";
import type { Compared } from "./compared.ts";
import type { PlanItem } from "./step.ts";
import { tablesOf } from "./tables.ts";

export interface RowSecurityThere {
  readonly kind: "none" | "guardrails" | "rows";
  /** The one of these tenants whose rows' policies they are; null if they are nobody's of these. */
  readonly tenant: string | null;
  /** Whether what reads for policies is there, for this schema or another. */
  readonly hasReader: boolean;
}

/** Which policies were made in a schema. `tenants`: of whom they may be. */
export function rowSecurityThere(
  { functions }: Pick<Catalogue, "functions">,
  schema: string,
  tenants: readonly string[],
): RowSecurityThere {
  const own = functions.filter((it) => it.schema === controlSchema);
  const has = (prefix: string): boolean => own.some(({ name }) => name.startsWith(prefix));
  const kind = has(rowMarkerPrefix(schema, "rows"))
    ? "rows"
    : has(rowMarkerPrefix(schema, "guardrails"))
      ? "guardrails"
      : "none";
  const tenant = tenants.find((one) => has(rowMarkerPrefix(schema, "rows", one))) ?? null;
  return { kind, tenant, hasReader: own.some(({ name }) => name === "asks") };
}

/** Policies that we would have made and nobody declares, and then the functions that they asked. */
export function* planStaleRowSecurity(at: Compared): Generator<PlanItem> {
  for (const { right, table, name } of tablesOf(at)) {
    const object = { kind: "table", name: relationName(right) } as const;
    const ours = new Set([...rowPolicyNames(right.name), factsPolicyName(right.name)]);
    const known = new Set(right.policies.map((policy) => policy.name));
    for (const policy of table?.policies ?? [])
      if (ours.has(policy.name) && !known.has(policy.name))
        yield { object, sql: `DROP POLICY ${quoteName(policy.name)} ON ${name}` };
  }
  const known = new Set(at.wanted.functions.map(({ schema, name }) => qualify(schema, name)));
  for (const it of at.there.functions) {
    const name = `${it.schema}.${it.name}`;
    if (it.schema !== controlSchema || !it.name.startsWith(rowFunctionPrefix(at.schema))) continue;
    if (known.has(qualify(it.schema, it.name))) continue;
    yield {
      object: { kind: "function", name: `${name}(${it.arguments})` },
      sql: `DROP FUNCTION ${qualify(it.schema, it.name)}(${it.arguments})`,
    };
  }
}
