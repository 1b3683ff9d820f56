/** What carries rows out of the database, or another's rows in: extensions, foreign servers, publications, slots. */
import { applicationRole } from "../../schema/identifier.ts";
import type { DoctorLint } from "../lint.ts";

/** They read no files, open no connections and run no text of their own. */
const harmless = new Set([
  "amcheck",
  "bloom",
  "btree_gin",
  "btree_gist",
  "citext",
  "cube",
  "earthdistance",
  "fuzzystrmatch",
  "hstore",
  "intarray",
  "isn",
  "ltree",
  "pg_trgm",
  "pgcrypto",
  "plpgsql",
  "postgis",
  "seg",
  "tablefunc",
  "tcn",
  "unaccent",
  "uuid-ossp",
  "vector",
]);

export const unknownExtension: DoctorLint = {
  code: "doctor/extension",
  severity: "error",
  summary: "An extension is installed that is not known to be harmless.",
  why: "dblink and postgres_fdw connect again as another role, file_fdw reads files, pg_cron runs text as its owner, and pg_stat_statements shows what other tenants asked.",
  cure: "DROP EXTENSION, or keep it in a database of its own",
  *find({ catalogue }) {
    for (const { name, of } of catalogue.extensions)
      if (!harmless.has(name)) yield { object: { kind: "extension", name }, message: `it stands in ${of}` };
  },
};

export const foreignServer: DoctorLint = {
  code: "doctor/foreign-server",
  severity: "error",
  summary: "There is a foreign server.",
  why: "It connects with credentials that are kept in the database, for whoever may use it.",
  cure: "DROP SERVER, or keep it in a database of its own",
  *find({ catalogue }) {
    for (const { name, of } of catalogue.foreignServers)
      yield { object: { kind: "foreign server", name }, message: `its wrapper is ${of}` };
  },
};

export const publication: DoctorLint = {
  code: "doctor/publication",
  severity: "warning",
  summary: "A publication carries tables of the model.",
  why: "Row-level security does not hold for logical replication: a subscriber gets the rows of every tenant.",
  cure: "DROP PUBLICATION, or take the tables out of it",
  *find({ catalogue, tables, schema }) {
    const model = new Set(tables.map(({ name }) => `${schema}.${name}`));
    for (const { name, everyTable, tables: published } of catalogue.publications) {
      const carried = published.filter((table) => model.has(table));
      if (everyTable || carried.length > 0)
        yield {
          object: { kind: "publication", name },
          message: everyTable ? "it carries every table" : `it carries ${carried.join(", ")}`,
        };
    }
  },
};

export const replicationSlot: DoctorLint = {
  code: "doctor/replication-slot",
  severity: "warning",
  summary: "There is a logical replication slot.",
  why: "Whoever reads it gets the rows of every tenant, and messages that a session forged with pg_logical_emit_message.",
  cure: "drop it where nothing reads it; its readers take signed payloads only",
  *find({ catalogue }) {
    for (const { name, of } of catalogue.slots)
      yield { object: { kind: "replication slot", name }, message: `its plugin is ${of}` };
  },
};

export const unreadable: DoctorLint = {
  code: "doctor/unreadable",
  severity: "info",
  summary: "A part of the catalogue could not be read.",
  why: "Nothing was found there because nothing was seen.",
  cure: "run it as a superuser, or as a role with pg_read_all_settings",
  *find({ catalogue }) {
    for (const part of catalogue.unreadable)
      yield {
        object: { kind: "database", name: catalogue.server.database },
        message: `${catalogue.server.role} may not read what is needed of: ${part}`,
      };
  },
};

/** Named here so that a page can be written for each lint; the crossing itself finds it. */
export const crossed: DoctorLint = {
  code: "doctor/crossed",
  severity: "error",
  summary: "A role reached rows of another tenant.",
  why: "It was tried: two tenants with rows of their own were put in, one was entered, and the other's row was read, changed or made. All of it was undone.",
  cure: "look at the other findings about this relation and this role; if there is none, the wall itself does not hold",
  *find() {},
};

export const notCrossed: DoctorLint = {
  code: "doctor/not-tried",
  severity: "info",
  summary: "It could not be tried whether a relation can be crossed.",
  why: "Nothing was shown about it, neither that it holds nor that it does not.",
  cure: `run it as a role that may put rows into the tables and take on ${applicationRole}`,
  *find() {},
};
