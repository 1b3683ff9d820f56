/** Who was granted what on the model's tables and around them. */
import { isSiloSchema } from "../../placement/silo-name.ts";
import { applicationRole } from "../../schema/identifier.ts";
import { relationName, type Grant, type RelationFacts } from "../catalogue.ts";
import { ownSchemas, relationAt, type DatabaseObject, type DoctorLint, type Examined } from "../lint.ts";

/** Rights on one object, and those that it should have. */
interface Granted {
  readonly object: DatabaseObject;
  readonly grants: readonly Grant[];
  readonly wanted: readonly Grant[];
}

/** Everything of the model's and the control schema that rights can be granted on. */
function* guarded(at: Examined): Generator<Granted> {
  const schemas = [at.schema, ...ownSchemas(at)];
  for (const { name, grants } of at.catalogue.schemas)
    if (schemas.includes(name))
      yield {
        object: { kind: "schema", name },
        grants,
        wanted: at.wanted.schemas.find((schema) => schema.name === name)?.grants ?? [],
      };
  for (const relation of at.catalogue.relations) {
    if (!schemas.includes(relation.schema) || relation.kind === "sequence" || relation.parents.length > 0)
      continue;
    const name = relationName(relation);
    const wanted = at.wanted.relations.find((other) => relationName(other) === name);
    yield {
      object: { kind: relation.kind === "partitioned table" ? "table" : relation.kind, name },
      grants: relation.grants,
      wanted: wanted?.grants ?? [],
    };
    yield* columnsOf(relation, wanted);
  }
}

function* columnsOf(relation: RelationFacts, wanted: RelationFacts | undefined): Generator<Granted> {
  for (const { name, grants } of relation.columns)
    yield {
      object: { kind: "column", name: `${relationName(relation)}.${name}` },
      grants,
      wanted: wanted?.columns.find((column) => column.name === name)?.grants ?? [],
    };
}

/** The rights that are not among those wanted. */
function surplus({ grants, wanted }: Granted): readonly Grant[] {
  return grants.filter(
    (grant) =>
      !wanted.some(
        (other) =>
          other.to === grant.to &&
          other.privilege === grant.privilege &&
          (other.grantable || !grant.grantable),
      ),
  );
}

const list = (grants: readonly Grant[]) => [...new Set(grants.map(({ privilege }) => privilege))].join(", ");

function* found(at: Examined, isMine: (grant: Grant, object: DatabaseObject) => boolean) {
  for (const granted of guarded(at)) {
    const mine = surplus(granted).filter((grant) => isMine(grant, granted.object));
    for (const [to, grants] of Map.groupBy(mine, (grant) => grant.to))
      yield { object: granted.object, message: `${to ?? "PUBLIC"} has ${list(grants)} on it` };
  }
}

export const grantedToPublic: DoctorLint = {
  code: "doctor/granted-to-public",
  severity: "error",
  summary: "PUBLIC has a right on something of the model's.",
  why: "Every role of the cluster has it then, those of the future included.",
  cure: "REVOKE it FROM PUBLIC",
  find: (at) =>
    found(at, ({ to, privilege }, { kind }) => to === null && !(kind === "schema" && privilege === "CREATE")),
};

export const grantedToUnknown: DoctorLint = {
  code: "doctor/granted-to-unknown",
  severity: "error",
  summary: "A role that is not the application's has a right on something of the model's.",
  why: "The tenant policy holds it, and nothing else does: no handle, no check of its statements, no audit.",
  cure: "REVOKE it; whoever needs the rows gets them through a handle",
  find: (at) => found(at, ({ to }) => to !== null && to !== applicationRole),
};

export const grantedMore: DoctorLint = {
  code: "doctor/granted-more",
  severity: "error",
  summary: "The application has a right that the model does not give it.",
  why: "TRUNCATE passes by row-level security, TRIGGER and REFERENCES let it put a way round it, and rights on the control schema are rights on the wall itself.",
  cure: "run `wardline db apply`, which takes it away",
  find: (at) =>
    found(
      at,
      ({ to, privilege }, { kind, name }) =>
        to === applicationRole &&
        !(kind === "schema" && privilege === "CREATE") &&
        !isTenantUpdate(at, privilege, kind, name),
    ),
};

/** A lint of its own speaks of that. */
function isTenantUpdate(at: Examined, privilege: string, kind: string, name: string): boolean {
  if (privilege !== "UPDATE") return false;
  return at.tables.some(
    ({ name: table, tenant }) =>
      tenant !== null &&
      (kind === "table" ? name === `${at.schema}.${table}` : name === `${at.schema}.${table}.${tenant}`),
  );
}

export const reachesElsewhere: DoctorLint = {
  code: "doctor/reaches-elsewhere",
  severity: "warning",
  summary: "The application can reach a relation outside the model.",
  why: "No policy speaks of it, and no tenant stands in it; the driver refuses to name it, and only that.",
  cure: "REVOKE its rights on the relation, or USAGE on the schema",
  *find(at) {
    const isOpen = ({ to }: Grant) => to === null || to === applicationRole;
    const own = ownSchemas(at);
    const schemas = new Set(
      at.catalogue.schemas
        .filter(({ grants }) => grants.some((grant) => isOpen(grant) && grant.privilege === "USAGE"))
        .map(({ name }) => name),
    );
    for (const relation of at.catalogue.relations)
      if (
        relation.schema !== at.schema &&
        !own.includes(relation.schema) &&
        !isSiloSchema(relation.schema) &&
        // What is guarded there is looked at there.
        relationAt(at.wanted, relation.schema, relation.name) === undefined &&
        schemas.has(relation.schema) &&
        relation.kind !== "foreign table" &&
        relation.kind !== "sequence" &&
        (relation.grants.some(isOpen) || relation.columns.some(({ grants }) => grants.some(isOpen)))
      )
        yield {
          object: {
            kind: relation.kind === "partitioned table" ? "table" : relation.kind,
            name: relationName(relation),
          },
          message: `${applicationRole} has rights on it`,
        };
  },
};

export const sequenceUsable: DoctorLint = {
  code: "doctor/sequence-usable",
  severity: "error",
  summary: "The application may use a sequence.",
  why: "All tenants count in one sequence: its gaps tell how much the others write, and setval makes their writes fail.",
  cure: "REVOKE ALL ON SEQUENCE; ids are made by the driver",
  *find(at) {
    for (const relation of at.catalogue.relations)
      if (
        relation.kind === "sequence" &&
        relation.extension === null &&
        relation.grants.some(({ to }) => to === null || to === applicationRole)
      )
        yield {
          object: { kind: "sequence", name: relationName(relation) },
          message: "the application has rights on it",
        };
  },
};

const kinds: Readonly<Record<string, string>> = {
  r: "tables",
  S: "sequences",
  f: "functions",
  T: "types",
  n: "schemas",
  L: "large objects",
};

export const defaultPrivileges: DoctorLint = {
  code: "doctor/default-privileges",
  severity: "error",
  summary: "What is made in the future is granted to others by default.",
  why: "The next table is then open before anybody has looked at it, and before it has row-level security.",
  cure: "ALTER DEFAULT PRIVILEGES … REVOKE",
  *find(at) {
    for (const { role, schema, kind, grants } of at.catalogue.defaultGrants) {
      const wanted = at.wanted.defaultGrants.filter(
        (other) => other.kind === kind && other.schema === schema,
      );
      const known = wanted.flatMap((other) => other.grants);
      for (const { to, privilege } of grants)
        if (!known.some((other) => other.to === to && other.privilege === privilege))
          yield {
            object: { kind: "role", name: role },
            message: `${kinds[kind] ?? kind} that it makes${schema === null ? "" : ` in ${schema}`} are granted to ${to ?? "PUBLIC"}`,
          };
    }
  },
};
