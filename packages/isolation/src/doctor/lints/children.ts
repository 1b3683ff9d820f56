/** Partitions and inheritance children: they can be named by themselves, and then their parent's policies do not count. */
import { relationName, type Catalogue, type RelationFacts } from "../catalogue.ts";
import { modelTables, type DoctorLint, type Examined } from "../lint.ts";

/** All that stands below the model's tables, at any depth. */
function* children(at: Examined): Generator<RelationFacts> {
  for (const { table } of modelTables(at)) yield* below(at.catalogue, relationName(table), new Set());
}

function* below(catalogue: Catalogue, parent: string, seen: Set<string>): Generator<RelationFacts> {
  for (const relation of catalogue.relations) {
    const name = relationName(relation);
    if (!relation.parents.includes(parent) || seen.has(name)) continue;
    seen.add(name);
    yield relation;
    yield* below(catalogue, name, seen);
  }
}

export const childOpen: DoctorLint = {
  code: "doctor/child-open",
  severity: "error",
  summary: "A partition or an inheritance child has no row-level security of its own.",
  why: "Read by its own name it shows every tenant's rows: the policies of its parent count only where the parent is named.",
  cure: "ENABLE and FORCE ROW LEVEL SECURITY on it too; without a policy nobody reads it by its name",
  *find(at) {
    for (const child of children(at))
      if (!child.rowSecurity || !child.forced || child.policies.some(({ permissive }) => permissive))
        yield {
          object: { kind: "table", name: relationName(child) },
          message: `it is a part of ${child.parents.join(", ")}, and can be read by itself`,
        };
  },
};

export const childGranted: DoctorLint = {
  code: "doctor/child-granted",
  severity: "error",
  summary: "Somebody was granted a partition or an inheritance child.",
  why: "Rows are reached through the parent, where the policies stand. A right on the child serves only to go round them.",
  cure: "REVOKE ALL ON it",
  *find(at) {
    for (const child of children(at))
      if (child.grants.length > 0 || child.columns.some(({ grants }) => grants.length > 0))
        yield {
          object: { kind: "table", name: relationName(child) },
          message: `it is a part of ${child.parents.join(", ")}, and has grants of its own`,
        };
  },
};

export function isChild(at: Examined, relation: RelationFacts): boolean {
  return [...children(at)].includes(relation);
}
