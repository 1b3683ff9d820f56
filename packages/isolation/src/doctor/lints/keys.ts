/** Keys, constraints and indexes: what is unique, or refers, or is looked up, stays within a tenant. */
import { relationName, type ConstraintFacts, type IndexFacts, type RelationFacts } from "../catalogue.ts";
import { modelTables, type DoctorLint, type Examined, type Found } from "../lint.ts";

const onConstraint = (table: RelationFacts, constraint: ConstraintFacts, message: string): Found => ({
  object: { kind: "constraint", name: `${relationName(table)}.${constraint.name}` },
  message,
});
const onIndex = (table: RelationFacts, name: string, message: string): Found => ({
  object: { kind: "index", name: `${table.schema}.${name}` },
  message,
});

/** The tables whose rows belong to a tenant, with the name of their tenant column. */
function* tenantTables(at: Examined) {
  for (const { plan, table, wanted } of modelTables(at))
    if (plan.tenant !== null) yield { plan, table, wanted, tenant: plan.tenant };
}

export const uniqueWithoutTenant: DoctorLint = {
  code: "doctor/unique-without-tenant",
  severity: "error",
  summary: "Something is unique over all tenants.",
  why: "A tenant that writes a value learns from the refusal that another tenant has it, and waits for another tenant's transaction.",
  cure: "make it unique together with the tenant column",
  *find(at) {
    for (const { table, tenant } of tenantTables(at))
      for (const index of table.indexes)
        if (index.unique && !index.columns.includes(tenant))
          yield onIndex(table, index.name, `it is unique without ${tenant}`);
  },
};

export const exclusionWithoutTenant: DoctorLint = {
  code: "doctor/exclusion-without-tenant",
  severity: "error",
  summary: "An exclusion constraint compares rows of different tenants.",
  why: "A tenant's row is refused because of another tenant's, which tells that it is there.",
  cure: "add the tenant column WITH = to the constraint",
  *find(at) {
    for (const { table, tenant } of tenantTables(at))
      for (const constraint of table.constraints)
        if (constraint.kind === "exclusion" && !comparesEqual(constraint, tenant))
          yield onConstraint(table, constraint, `it does not compare ${tenant} for equality`);
  },
};

function comparesEqual({ definition, columns }: ConstraintFacts, tenant: string): boolean {
  const quoted = /^[a-z_][a-z0-9_]*$/.test(tenant) ? tenant : `"${tenant.replaceAll('"', '""')}"`;
  return columns.includes(tenant) && definition.includes(`${quoted} WITH =`);
}

export const foreignKeyWithoutTenant: DoctorLint = {
  code: "doctor/foreign-key-without-tenant",
  severity: "error",
  summary: "A foreign key between tenants' tables does not include the tenant.",
  why: "Row-level security does not hold for the checks of foreign keys: a row may refer to another tenant's, and the answer tells whether that one exists.",
  cure: "let the key be (tenant, column) and refer to (tenant, key)",
  *find(at) {
    const tenants = new Map<string, string | null>(
      at.tables.map((plan) => [`${at.schema}.${plan.name}`, plan.tenant]),
    );
    for (const { table, tenant } of tenantTables(at))
      for (const constraint of table.constraints) {
        if (constraint.kind !== "foreign") continue;
        const there = tenants.get(constraint.refersTo ?? "");
        // What is shared belongs to no tenant; what the model does not know has no tenant to compare.
        if (there === null) continue;
        const place = constraint.columns.indexOf(tenant);
        if (place === -1 || constraint.referred[place] !== there)
          yield onConstraint(
            table,
            constraint,
            `it refers to ${constraint.refersTo} without the tenant of both`,
          );
      }
  },
};

export const undeclaredCascade: DoctorLint = {
  code: "doctor/undeclared-cascade",
  severity: "error",
  summary: "A foreign key deletes or changes rows, and the model does not say so.",
  why: "The rows go without any rule being asked: a delete of one row takes with it what a forbid protects.",
  cure: "ON DELETE NO ACTION ON UPDATE NO ACTION, or declare in the model that the row is a part",
  *find(at) {
    for (const { table, wanted } of modelTables(at))
      for (const constraint of table.constraints) {
        const acts = [constraint.onDelete, constraint.onUpdate].some(
          (action) => action === "cascade" || action === "set null" || action === "set default",
        );
        const declared = wanted.constraints.some(
          ({ kind, columns, refersTo, onDelete, onUpdate }) =>
            kind === "foreign" &&
            refersTo === constraint.refersTo &&
            columns.join("\0") === constraint.columns.join("\0") &&
            onDelete === constraint.onDelete &&
            onUpdate === constraint.onUpdate,
        );
        if (acts && !declared)
          yield onConstraint(
            table,
            constraint,
            `ON DELETE ${constraint.onDelete?.toUpperCase()} ON UPDATE ${constraint.onUpdate?.toUpperCase()}`,
          );
      }
  },
};

export const constraintMissing: DoctorLint = {
  code: "doctor/constraint-missing",
  severity: "error",
  summary: "A key or a check of the model is not in the database.",
  why: "Rows can then stand there that the model excludes, and a decision reads them as what they are not.",
  cure: "run `wardline db apply`; rows that break it have to be mended first",
  *find(at) {
    for (const { table, wanted } of modelTables(at))
      for (const constraint of wanted.constraints) {
        const stands = table.constraints.some(
          ({ kind, definition, validated }) =>
            kind === constraint.kind && validated && definition === constraint.definition,
        );
        // Lints of their own speak of a column that may be NULL, and of a foreign key that acts otherwise.
        const spokenOf =
          constraint.kind === "primary"
            ? table.columns.some(({ name, required }) => constraint.columns.includes(name) && !required)
            : constraint.kind === "foreign" && table.constraints.some(({ name }) => name === constraint.name);
        if (!stands && !spokenOf)
          yield {
            object: { kind: "table", name: relationName(table) },
            message: `it lacks ${constraint.name}: ${constraint.definition}`,
          };
      }
  },
};

export const indexWithoutTenant: DoctorLint = {
  code: "doctor/index-without-tenant",
  severity: "warning",
  summary: "An index does not begin with the tenant.",
  why: "A search in it passes the rows of all tenants, so it is slower with each, and its time tells how many there are.",
  cure: "make the tenant column its first",
  *find(at) {
    for (const { table, tenant } of tenantTables(at))
      for (const index of table.indexes)
        if (
          index.columns[0] !== tenant &&
          !(index.unique && !index.columns.includes(tenant)) &&
          index.method === "btree"
        )
          yield onIndex(table, index.name, `its first column is ${index.columns[0] ?? "an expression"}`);
  },
};

export const indexMissing: DoctorLint = {
  code: "doctor/index-missing",
  severity: "warning",
  summary: "An index of the model is not there, or is not finished.",
  why: "A search by a blind index, or by what a row refers to, then passes all rows of the tenant: it is slower with each, and holds up others.",
  cure: "run `wardline db apply`, which makes it",
  *find(at) {
    for (const { table, wanted } of modelTables(at))
      for (const index of wanted.indexes) {
        const there = index.columns.every((name) => table.columns.some((column) => column.name === name));
        // Lints of their own speak of a column that is not there, and of a key.
        if (there && !index.ofConstraint && !table.indexes.some((other) => serves(other, index)))
          yield onIndex(table, index.name, `nothing is indexed by ${index.columns.join(", ")}`);
      }
  },
};

/** Whether an index finds what the other one finds: it begins with its columns, and has every row. */
function serves(index: IndexFacts, other: IndexFacts): boolean {
  return (
    index.valid &&
    index.method === other.method &&
    other.columns.every((name, at) => name !== null && index.columns[at] === name) &&
    !/\) WHERE /.test(index.definition)
  );
}

export const leakyIndex: DoctorLint = {
  code: "doctor/leaky-index",
  severity: "warning",
  summary: "An index is lost under row-level security, because its operators are not leakproof.",
  why: "A condition that is not leakproof waits until the policy has let the row through, so the index is not used for it.",
  cure: "drop the index, or look rows up by what has leakproof operators, such as text and uuid",
  *find(at) {
    for (const { table, wanted } of tenantTables(at)) {
      const declared = new Set(wanted.indexes.map(({ name }) => name));
      for (const index of table.indexes)
        if (index.leaky.length > 0 && !declared.has(index.name))
          yield onIndex(table, index.name, `no operator for ${index.leaky.join(", ")} is leakproof`);
    }
  },
};
