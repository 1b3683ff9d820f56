/** What a lint of the catalogue is. It looks at plain data and asks the database nothing. */
import type { Severity } from "@wardline/core";
import { catalogueSchema, controlSchema } from "../schema/identifier.ts";
import type { TablePlan } from "../schema/table-plan.ts";
import type { Catalogue, RelationFacts } from "./catalogue.ts";

export type ObjectKind =
  | "column"
  | "constraint"
  | "database"
  | "event trigger"
  | "extension"
  | "foreign server"
  | "foreign table"
  | "function"
  | "index"
  | "language"
  | "materialized view"
  | "policy"
  | "publication"
  | "replication slot"
  | "role"
  | "rule"
  | "schema"
  | "sequence"
  | "server"
  | "setting"
  | "table"
  | "trigger"
  | "view";

/** What of a database something is said about. */
export interface DatabaseObject {
  readonly kind: ObjectKind;
  /** With its schema and its table where it has them, such as `lending.books.title`. */
  readonly name: string;
}

/** One place where a lint found what it looks for. */
export interface Found {
  readonly object: DatabaseObject;
  /** What is wrong with this object; never a value of a row. */
  readonly message: string;
}

export interface Examined {
  readonly catalogue: Catalogue;
  /** Of a database in which nothing but the statements of the same model have run. */
  readonly wanted: Catalogue;
  readonly tables: readonly TablePlan[];
  /** Where the model's tables are. */
  readonly schema: string;
  /** A database in this process, whose one session is a superuser's. */
  readonly embedded: boolean;
}

export type DoctorCode = `doctor/${string}`;

export interface DoctorLint {
  /** Stable. */
  readonly code: DoctorCode;
  /** An error opens a way from one tenant to another, or takes away a wall. */
  readonly severity: Severity;
  /** What is wrong, one sentence. */
  readonly summary: string;
  /** Why it matters. */
  readonly why: string;
  /** What to do. */
  readonly cure: string;
  readonly find: (at: Examined) => Iterable<Found>;
}

/** A finding of the doctor: a lint and a place. */
export interface DoctorFinding extends Found {
  readonly code: DoctorCode;
  readonly severity: Severity;
  readonly why: string;
  readonly cure: string;
}

/** The schemas whose every object is ours: that of the wall, and that of tenants' places where it is here. */
export function ownSchemas({ catalogue }: Pick<Examined, "catalogue">): readonly string[] {
  const hasPlaces = catalogue.schemas.some(({ name }) => name === catalogueSchema);
  return hasPlaces ? [controlSchema, catalogueSchema] : [controlSchema];
}

/** The tables of the model that are there, with what the model says of them. */
export function* modelTables(
  at: Examined,
): Generator<{ readonly plan: TablePlan; readonly table: RelationFacts; readonly wanted: RelationFacts }> {
  for (const plan of at.tables) {
    const table = relationAt(at.catalogue, at.schema, plan.name);
    const wanted = relationAt(at.wanted, at.schema, plan.name);
    if (table !== undefined && wanted !== undefined) yield { plan, table, wanted };
  }
}

export function relationAt(catalogue: Catalogue, schema: string, name: string): RelationFacts | undefined {
  return catalogue.relations.find((relation) => relation.schema === schema && relation.name === name);
}
