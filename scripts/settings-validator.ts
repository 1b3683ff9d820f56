/**
 * The validator of settings, as ajv makes it of the published schema: ten kilobytes without an import and without `eval`, so
 * that the compiler runs in a browser under any policy and does not carry a compiler of schemas with it.
 */
import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import standaloneCode from "ajv/dist/standalone/index.js";

const schemaFile = new URL("../docs/spec/settings.schema.json", import.meta.url);

/**
 * The text of the module. Ajv writes JavaScript without types, so that the type checker leaves the body out; what goes in and
 * comes out is typed around it, and a test holds it to the schema.
 */
export function settingsValidator(): string {
  const schema = JSON.parse(readFileSync(schemaFile, "utf8")) as object;
  const code = { source: true, esm: true, lines: true };
  const ajv = new Ajv2020({ strict: true, allErrors: true, messages: false, code });
  const made = standaloneCode.default(ajv, ajv.compile(withoutWords(schema) as object));
  const body = made
    .replace('"use strict";\n', "")
    .replace(/^export .*\n/gm, "")
    .trimEnd();
  const name = /^function (validate\d+)/m.exec(body)?.[1] ?? "";
  return [
    "// @ts-nocheck",
    "// Ajv writes JavaScript without types; the function below types what goes in and comes out.",
    "// Made by ajv from docs/spec/settings.schema.json (`pnpm generate`); never edit it by hand.",
    "",
    "/** What ajv says of a part of a document: where it stands as a JSON pointer, and what of the schema it does not fit. */",
    "export interface DocumentProblem {",
    "  readonly instancePath: string;",
    "  readonly keyword: string;",
    "  readonly params: Readonly<Record<string, unknown>>;",
    "  /** Set where it is the name of a key that does not fit. */",
    "  readonly propertyName?: string;",
    "}",
    "",
    "/** All that is wrong with a document of settings. */",
    "export function documentProblems(document: unknown): readonly DocumentProblem[] {",
    `  return ${name}(document) ? [] : ${name}.errors;`,
    "}",
    "",
    body,
    "",
  ].join("\n");
}

/** A schema without what only people read. */
function withoutWords(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutWords);
  if (typeof schema !== "object" || schema === null) return schema;
  const kept = Object.entries(schema).filter(([key]) => key !== "title" && key !== "description");
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutWords(value)]));
}
