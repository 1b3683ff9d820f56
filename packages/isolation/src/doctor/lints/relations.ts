/** Relations beside the model's tables that show, or could show, what is in them. */
import { relationName, type RelationFacts } from "../catalogue.ts";
import {
  modelTables,
  ownSchemas,
  relationAt,
  type DoctorLint,
  type Examined,
  type Found,
  type ObjectKind,
} from "../lint.ts";
import { isChild } from "./children.ts";

const found = (relation: RelationFacts, message: string): Found => ({
  object: { kind: kindOf(relation), name: relationName(relation) },
  message,
});

function kindOf({ kind }: RelationFacts): ObjectKind {
  return kind === "partitioned table" ? "table" : kind;
}

const isModel = (at: Examined, { schema, name }: RelationFacts) =>
  schema === at.schema && at.tables.some((table) => table.name === name);

/** Whether a view reads a table of the model, or a view that does. */
function readsModel(at: Examined, view: RelationFacts, seen: ReadonlySet<string> = new Set()): boolean {
  return view.reads.some((name) => {
    if (seen.has(name)) return false;
    const read = at.catalogue.relations.find((relation) => relationName(relation) === name);
    if (read === undefined) return false;
    return (
      ownSchemas(at).includes(read.schema) ||
      isModel(at, read) ||
      isChild(at, read) ||
      readsModel(at, read, new Set([...seen, name]))
    );
  });
}

export const missingTable: DoctorLint = {
  code: "doctor/missing-table",
  severity: "error",
  summary: "A table of the model is not there, or is no table.",
  why: "Nothing that the policy says of it can hold. A view or a foreign table in its place has no row-level security.",
  cure: "run `wardline db apply`",
  *find(at) {
    for (const { name } of at.tables) {
      const relation = relationAt(at.catalogue, at.schema, name);
      const isTable = relation?.kind === "table" || relation?.kind === "partitioned table";
      if (!isTable)
        yield {
          object: { kind: "table", name: `${at.schema}.${name}` },
          message: relation === undefined ? "it is not there" : `it is a ${relation.kind}`,
        };
    }
  },
};

export const unknownTable: DoctorLint = {
  code: "doctor/unknown-table",
  severity: "error",
  summary: "The schema of the model has a table that the model does not know.",
  why: "No policy speaks of it, nothing separates the tenants in it, and the next grant on all tables of the schema opens it.",
  cure: "declare an entity for it, or move it to another schema",
  *find(at) {
    for (const relation of at.catalogue.relations)
      if (
        relation.schema === at.schema &&
        (relation.kind === "table" || relation.kind === "partitioned table") &&
        relation.extension === null &&
        !isModel(at, relation) &&
        !isChild(at, relation)
      )
        yield found(relation, "the model has no such table");
  },
};

export const ownerView: DoctorLint = {
  code: "doctor/owner-view",
  severity: "error",
  summary: "A view reads the model's tables with the rights of its owner.",
  why: "Such a view is under the policies for its owner, not for whoever asks. With an owner that bypasses row-level security it shows every tenant.",
  cure: "ALTER VIEW … SET (security_invoker = true)",
  *find(at) {
    for (const view of at.catalogue.relations)
      if (
        view.kind === "view" &&
        !view.securityInvoker &&
        !ownSchemas(at).includes(view.schema) &&
        readsModel(at, view)
      )
        yield found(view, "it is no security_invoker view");
  },
};

export const materializedView: DoctorLint = {
  code: "doctor/materialized-view",
  severity: "error",
  summary: "A materialized view holds a copy of rows of the model.",
  why: "Row-level security does not exist for materialized views: a copy belongs to no tenant.",
  cure: "make it a table with a tenant column, and declare it in the model",
  *find(at) {
    for (const view of at.catalogue.relations)
      if (view.kind === "materialized view" && (view.schema === at.schema || readsModel(at, view)))
        yield found(view, "no policy can guard what it holds");
  },
};

export const foreignTable: DoctorLint = {
  code: "doctor/foreign-table",
  severity: "error",
  summary: "There is a foreign table.",
  why: "It reads elsewhere with fixed credentials, perhaps this same database as another role, and has no row-level security.",
  cure: "DROP FOREIGN TABLE, or keep it in a database of its own",
  *find(at) {
    for (const relation of at.catalogue.relations)
      if (relation.kind === "foreign table") yield found(relation, "no policy can guard what it reads");
  },
};

export const rule: DoctorLint = {
  code: "doctor/rule",
  severity: "error",
  summary: "A table of the model has a rule.",
  why: "A rule puts another statement in the place of the one that was checked.",
  cure: "DROP RULE",
  *find(at) {
    for (const { table } of modelTables(at))
      for (const name of table.rules)
        yield {
          object: { kind: "rule", name: `${relationName(table)}.${name}` },
          message: "it rewrites statements after they were checked",
        };
  },
};

export const unloggedTable: DoctorLint = {
  code: "doctor/unlogged-table",
  severity: "warning",
  summary: "A table of the model is unlogged.",
  why: "Its rows are gone after a crash, and so is what a policy decides by them.",
  cure: "ALTER TABLE … SET LOGGED",
  *find(at) {
    for (const { table } of modelTables(at)) if (table.unlogged) yield found(table, "it is unlogged");
  },
};
