/** Row-level security of the model's tables: on, forced, one tenant policy for everybody, and nothing beside it. */
import { applicationRole } from "../../schema/identifier.ts";
import { relationName, type PolicyFacts, type RelationFacts } from "../catalogue.ts";
import { modelTables, type DoctorLint, type Found } from "../lint.ts";
import { isTenantsOwn } from "../../placement/silo-name.ts";
import { rowPolicyNames } from "../../schema/row-security-names.ts";

const onTable = (table: RelationFacts, message: string): Found => ({
  object: { kind: "table", name: relationName(table) },
  message,
});
const onPolicy = (table: RelationFacts, policy: PolicyFacts, message: string): Found => ({
  object: { kind: "policy", name: `${relationName(table)}.${policy.name}` },
  message,
});

/** The policy that every role is under: it holds whatever other policies say. */
const bindsAll = (policy: PolicyFacts) =>
  !policy.permissive && policy.roles === null && policy.command === "all";
const isForApplication = ({ roles }: PolicyFacts) => roles?.length === 1 && roles[0] === applicationRole;

export const rowSecurityOff: DoctorLint = {
  code: "doctor/row-security-off",
  severity: "error",
  summary: "A table of the model has no row-level security.",
  why: "Whoever may read the table sees the rows of every tenant, and no policy on it counts. A migration that makes a table anew leaves it so.",
  cure: "run `wardline db apply`, or ALTER TABLE … ENABLE ROW LEVEL SECURITY",
  *find(at) {
    for (const { table } of modelTables(at))
      if (!table.rowSecurity) yield onTable(table, "row-level security is off");
  },
};

export const rowSecurityNotForced: DoctorLint = {
  code: "doctor/row-security-not-forced",
  severity: "error",
  summary: "Row-level security of a table does not bind the table's owner.",
  why: "An owner's connection, and every view and definer function of the owner, reads all tenants.",
  cure: "run `wardline db apply`, or ALTER TABLE … FORCE ROW LEVEL SECURITY",
  *find(at) {
    for (const { table } of modelTables(at))
      if (table.rowSecurity && !table.forced)
        yield onTable(table, "its owner is not under row-level security");
  },
};

export const noTenantPolicy: DoctorLint = {
  code: "doctor/no-tenant-policy",
  severity: "error",
  summary: "A table has no restrictive policy for all commands and all roles.",
  why: "Permissive policies are joined by OR, so the next one can widen what is seen. Only a restrictive policy to PUBLIC, for every command, holds whoever comes and whatever is added.",
  cure: "run `wardline db apply`, which makes it",
  *find(at) {
    for (const { table } of modelTables(at))
      if (!table.policies.some(bindsAll))
        yield onTable(table, "no restrictive policy binds all roles in all commands");
  },
};

export const tenantPolicyChanged: DoctorLint = {
  code: "doctor/tenant-policy-changed",
  severity: "error",
  summary: "The tenant policy of a table does not say what the model says.",
  why: "It is the wall between tenants in the database: with another condition, or without one for written rows, it lets through what it should keep.",
  cure: "run `wardline db apply`, which makes it anew",
  *find(at) {
    for (const { table, wanted } of modelTables(at)) {
      const right = wanted.policies.filter(bindsAll);
      const binding = table.policies.filter(bindsAll);
      const stands = right.every((policy) =>
        binding.some(({ using, check }) => using === policy.using && check === policy.check),
      );
      if (binding.length > 0 && !stands)
        yield onTable(table, "its restrictive policy has another condition than the model's");
      // Those of rows, where they were applied.
      for (const row of wanted.policies)
        if (!row.permissive && !bindsAll(row) && !table.policies.some(isSame(row)))
          yield onPolicy(
            table,
            row,
            "it is missing, or has another condition than the policies' of the tenants",
          );
    }
  },
};

export const applicationPolicyMissing: DoctorLint = {
  code: "doctor/application-policy-missing",
  severity: "warning",
  summary: "No policy lets the application read a table.",
  why: "Nothing leaks, and the application sees no row of it.",
  cure: "run `wardline db apply`",
  *find(at) {
    for (const { table } of modelTables(at))
      if (!table.policies.some((policy) => policy.permissive && isForApplication(policy)))
        yield onTable(table, `no permissive policy names ${applicationRole}`);
  },
};

export const widePolicy: DoctorLint = {
  code: "doctor/wide-policy",
  severity: "error",
  summary: "A permissive policy is for others than the application.",
  why: "Without such a policy a role that nobody thought of sees nothing at all. With it, that role is held by the tenant policy alone.",
  cure: "DROP POLICY, or make it one TO wardline_app",
  *find(at) {
    for (const { table, wanted } of modelTables(at))
      for (const policy of table.policies)
        if (policy.permissive && !isForApplication(policy) && !wanted.policies.some(isSame(policy)))
          yield onPolicy(table, policy, `it is for ${policy.roles?.join(", ") ?? "PUBLIC"}`);
  },
};

const isSame = (policy: PolicyFacts) => (other: PolicyFacts) =>
  JSON.stringify(shapeOf(other)) === JSON.stringify(shapeOf(policy));
const shapeOf = ({ name, permissive, command, roles, using, check }: PolicyFacts) => [
  name,
  permissive,
  command,
  roles,
  using,
  check,
];

export const unknownPolicy: DoctorLint = {
  code: "doctor/unknown-policy",
  severity: "error",
  summary: "A table has a policy that nobody declared.",
  why: "Policies are made from the model. One that stands there besides changes what is seen, and no review has shown it.",
  cure: "DROP POLICY, or say in the model what it was for",
  *find(at) {
    for (const { table, wanted } of modelTables(at)) {
      const known = new Set(wanted.policies.map(({ name }) => name));
      for (const policy of table.policies)
        if (!known.has(policy.name) && (!policy.permissive || isForApplication(policy)))
          yield onPolicy(table, policy, "the model has no such policy");
    }
  },
};

export const noRowPolicies: DoctorLint = {
  code: "doctor/no-row-policies",
  severity: "warning",
  summary: "A place that is one tenant's own has no policies of rows.",
  why: "They are what holds the tenant's policy where no driver does. Placing a tenant makes them, so somebody has taken them away, and the driver serves nobody there.",
  cure: "run `wardline db apply --row-security rows --database …`, with --tenant and the --schema of the place, or suspend and reinstate the tenant, which makes them",
  *find(at) {
    if (!isTenantsOwn(at.schema, at.catalogue.server.database)) return;
    const tables = [...modelTables(at)];
    const hasRows = tables.some(({ plan, table }) =>
      table.policies.some(({ name }) => rowPolicyNames(plan.name).includes(name)),
    );
    if (tables.length > 0 && !hasRows)
      yield {
        object: { kind: "schema", name: at.schema },
        message: "its tables hold the boundary of the tenant alone",
      };
  },
};
