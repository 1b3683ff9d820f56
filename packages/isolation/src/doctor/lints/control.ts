/** The control schema: it is the wall itself, so everything in it must be as it was made. */
import { ownerRole } from "../../schema/identifier.ts";
import { relationName, type Catalogue, type FunctionFacts, type RelationFacts } from "../catalogue.ts";
import { ownSchemas, type DoctorLint, type Examined, type Found } from "../lint.ts";
import { signature } from "./functions.ts";

/** The objects of our schemas in one of the two catalogues. */
function relationsOf(at: Examined, { relations }: Catalogue): readonly RelationFacts[] {
  const schemas = ownSchemas(at);
  return relations.filter(({ schema, kind }) => schemas.includes(schema) && kind !== "sequence");
}

function functionsOf(at: Examined, { functions }: Catalogue): readonly FunctionFacts[] {
  const schemas = ownSchemas(at);
  return functions.filter(({ schema }) => schemas.includes(schema));
}

const functionFound = (it: FunctionFacts, message: string): Found => ({
  object: { kind: "function", name: signature(it) },
  message,
});
const relationFound = (it: RelationFacts, message: string): Found => ({
  object: { kind: it.kind === "partitioned table" ? "table" : it.kind, name: relationName(it) },
  message,
});

export const controlFunctionChanged: DoctorLint = {
  code: "doctor/control-function-changed",
  severity: "error",
  summary: "A function of the control schema is missing, or is not as it was made.",
  why: "Every policy asks these functions which tenant it is. One other line in them opens all tenants.",
  cure: "run `wardline db apply`, and find out who changed it",
  *find(at) {
    for (const right of functionsOf(at, at.wanted)) {
      const there = functionsOf(at, at.catalogue).find((it) => signature(it) === signature(right));
      if (there === undefined) yield functionFound(right, "it is not there");
      else if (there.definition !== right.definition) yield functionFound(there, "it is not as it was made");
      else if (right.owner === ownerRole && there.owner !== ownerRole)
        yield functionFound(there, `it belongs to ${there.owner}`);
      else if (grantsOf(there) !== grantsOf(right))
        yield functionFound(there, "others may run it than should");
    }
  },
};

function grantsOf({ grants }: FunctionFacts): string {
  return grants
    .map(({ to, privilege, grantable }) => JSON.stringify([to, privilege, grantable]))
    .toSorted()
    .join("\n");
}

export const controlTableChanged: DoctorLint = {
  code: "doctor/control-table-changed",
  severity: "error",
  summary: "A table of the control schema is missing, or is not as it was made.",
  why: "Keys, epochs, the audit chain and the versions that were seen stand there; what guards them are their row-level security and their triggers.",
  cure: "run `wardline db plan`, which says what is different",
  *find(at) {
    for (const right of relationsOf(at, at.wanted)) {
      const there = relationsOf(at, at.catalogue).find((it) => relationName(it) === relationName(right));
      if (there === undefined) yield relationFound(right, "it is not there");
      else {
        const different = differences(there, right);
        if (different.length > 0) yield relationFound(there, `its ${different.join(", ")} changed`);
      }
    }
  },
};

function differences(there: RelationFacts, right: RelationFacts): readonly string[] {
  const parts: Readonly<Record<string, (relation: RelationFacts) => unknown>> = {
    kind: ({ kind }) => kind,
    owner: ({ owner }) => (right.owner === ownerRole ? owner : null),
    columns: ({ columns }) =>
      columns.map(({ name, type, collation, required, expression, generated }) => [
        name,
        type,
        collation,
        required,
        expression,
        generated,
      ]),
    constraints: ({ constraints }) => constraints.map(({ definition }) => definition).toSorted(),
    "row-level security": ({ rowSecurity, forced }) => [rowSecurity, forced],
    policies: ({ policies }) => policies,
    triggers: ({ triggers }) => triggers,
    rules: ({ rules }) => rules,
  };
  return Object.entries(parts).flatMap(([name, read]) =>
    JSON.stringify(read(there)) === JSON.stringify(read(right)) ? [] : [name],
  );
}

export const controlUnknown: DoctorLint = {
  code: "doctor/control-unknown",
  severity: "error",
  summary: "The control schema holds something that was not made there.",
  why: "What stands in this schema is trusted by the functions that the policies ask.",
  cure: "drop it, and find out who made it",
  *find(at) {
    const functions = new Set(functionsOf(at, at.wanted).map(signature));
    const relations = new Set(relationsOf(at, at.wanted).map(relationName));
    for (const it of functionsOf(at, at.catalogue))
      if (!functions.has(signature(it))) yield functionFound(it, "nothing of ours made it");
    for (const it of relationsOf(at, at.catalogue))
      if (!relations.has(relationName(it))) yield relationFound(it, "nothing of ours made it");
  },
};
