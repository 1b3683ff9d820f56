/** What the application may do in the database besides: make things, run blocks, call functions of the system. */
import { applicationRole } from "../../schema/identifier.ts";
import type { Grant } from "../catalogue.ts";
import type { DoctorLint, Examined } from "../lint.ts";

const isOpen = ({ to }: Grant) => to === null || to === applicationRole;
const shown = 8;

/** Names, of which the first are shown. */
function some(names: readonly string[]): string {
  const more = names.length > shown ? ` and ${names.length - shown} more` : "";
  return `${names.slice(0, shown).join(", ")}${more}`;
}

export const temporaryTables: DoctorLint = {
  code: "doctor/temporary-tables",
  severity: "error",
  summary: "The application may make temporary tables.",
  why: "A temporary table or function stands before the real one of its name, and outlives the transaction in a pooled session.",
  cure: "REVOKE TEMPORARY ON DATABASE … FROM PUBLIC",
  *find({ catalogue: { server } }) {
    if (server.databaseGrants.some((grant) => isOpen(grant) && grant.privilege === "TEMPORARY"))
      yield { object: { kind: "database", name: server.database }, message: "TEMPORARY is granted" };
  },
};

export const createGranted: DoctorLint = {
  code: "doctor/create-granted",
  severity: "error",
  summary: "The application, or everybody, may make objects in a schema or schemas in the database.",
  why: "What a role makes it owns: a function or an operator of its own is then run by others' statements.",
  cure: "REVOKE CREATE ON it FROM PUBLIC and from the application's role",
  *find({ catalogue: { server, schemas } }) {
    const creates = (grant: Grant) => isOpen(grant) && grant.privilege === "CREATE";
    if (server.databaseGrants.some(creates))
      yield { object: { kind: "database", name: server.database }, message: "CREATE is granted" };
    for (const { name, grants } of schemas)
      if (grants.some(creates)) yield { object: { kind: "schema", name }, message: "CREATE is granted" };
  },
};

export const languageUsable: DoctorLint = {
  code: "doctor/language-usable",
  severity: "error",
  summary: "The application may use a language of the server.",
  why: "It can then run blocks of its own text, which no check has read.",
  cure: "REVOKE USAGE ON LANGUAGE … FROM PUBLIC",
  *find({ catalogue, wanted }) {
    for (const name of catalogue.languages)
      if (!wanted.languages.includes(name))
        yield { object: { kind: "language", name }, message: `${applicationRole} may use it` };
  },
};

export const systemFunctionOpen: DoctorLint = {
  code: "doctor/system-function-open",
  severity: "warning",
  summary: "The application may run functions of the server that it has no need of.",
  why: "Among them are those that change settings, lock by number, tell how much others write, or run text. Where they stay open the final check of every statement is the one layer that refuses them.",
  cure: "run `wardline db apply` as a superuser; where nobody can, know that one layer carries it",
  *find({ catalogue, wanted }: Examined) {
    const known = new Set(wanted.systemFunctions);
    const open = catalogue.systemFunctions.filter((name) => !known.has(name));
    if (open.length > 0)
      yield { object: { kind: "role", name: applicationRole }, message: `it may run ${some(open)}` };
  },
};

export const systemFunctionClosed: DoctorLint = {
  code: "doctor/system-function-closed",
  severity: "warning",
  summary: "A function of the server that guarded statements are made of cannot be run.",
  why: "Nothing leaks; statements that need it fail, and so may the check of every context.",
  cure: "run `wardline db apply` as a superuser",
  *find({ catalogue }: Examined) {
    // Before there are roles there is nobody to run it.
    if (!catalogue.roles.some(({ name }) => name === applicationRole)) return;
    if (catalogue.closedFunctions.length > 0)
      yield {
        object: { kind: "role", name: applicationRole },
        message: `nobody may run for it ${some(catalogue.closedFunctions)}`,
      };
  },
};

export const systemRelationOpen: DoctorLint = {
  code: "doctor/system-relation-open",
  severity: "warning",
  summary: "The application may read what the server shows of other sessions.",
  why: "Statistics, locks and activity show statements, values and volumes of other tenants, whose sessions are the same role's.",
  cure: "run `wardline db apply` as a superuser; where nobody can, know that the driver alone refuses it",
  *find({ catalogue, wanted }: Examined) {
    const known = new Set(wanted.systemRelations);
    const open = catalogue.systemRelations.filter((name) => !known.has(name));
    if (open.length > 0)
      yield { object: { kind: "role", name: applicationRole }, message: `it may read ${some(open)}` };
  },
};

export const parameterGranted: DoctorLint = {
  code: "doctor/parameter-granted",
  severity: "error",
  summary: "The application was given the right to change a setting of the server.",
  why: "Settings that only a superuser changes decide what is logged and which checks run.",
  cure: "REVOKE SET, ALTER SYSTEM ON PARAMETER … FROM it",
  *find({ catalogue }) {
    for (const { name, of } of catalogue.parameters)
      yield { object: { kind: "setting", name }, message: `${applicationRole} has ${of} on it` };
  },
};

export const largeObjects: DoctorLint = {
  code: "doctor/large-objects",
  severity: "warning",
  summary: "The database holds large objects.",
  why: "They have an owner and no tenant, and no row-level security.",
  cure: "keep bytes in a column, or in a store with a prefix for each tenant",
  *find({ catalogue: { largeObjects: count, server } }) {
    if (count > 0)
      yield {
        object: { kind: "database", name: server.database },
        message: `${count} large ${count === 1 ? "object" : "objects"}`,
      };
  },
};
