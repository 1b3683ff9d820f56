/** The file that `wardline types` writes. The same for the same model and what policies do to its fields. */
import type { Program } from "@wardline/core";
import { anyFate, columnFate } from "./column-fate.ts";
import { modelText } from "./model-text.ts";
import { columnLines, rowLines } from "./table-types.ts";
import { keyText, unionOf } from "./value-types.ts";

export interface TypesOptions {
  /** As if tenants could write any policy, and not only those that there are. */
  readonly anyPolicy: boolean;
}

/** Names that mean something else in the file. */
const takenNames = ["Date", "Record", "ColumnType", "Masked", "Sealed", "Database", "modelTypes"];

/** `programs` are those of every tenant, of one model; at least one. */
export function typesText(programs: readonly Program[], { anyPolicy }: TypesOptions): string {
  const [first] = programs;
  if (first === undefined) throw new TypeError("types are made for policies");
  const { model } = first;
  const fresh = namesFrom(takenNames);
  const names = {
    role: fresh("Role"),
    principal: fresh("Principal"),
    tenantFacts: fresh("TenantFacts"),
    contextFacts: fresh("ContextFacts"),
    model: fresh("Model"),
  };
  const enums = new Map(model.enums.map(({ name }) => [name, fresh(name)]));
  const fate = anyPolicy ? anyFate : columnFate;
  const stored = model.entities.flatMap((entity) =>
    entity.storage === null
      ? []
      : [
          {
            entity,
            table: entity.storage.table,
            name: fresh(`${entity.name}Table`),
            row: fresh(`${entity.name}Row`),
          },
        ],
  );
  const input = { model, enums, fateOf: fate.bind(null, programs) };
  const tables = stored.flatMap(({ entity, name, row }) => [
    `export interface ${name} {\n${columnLines(input, entity).join("\n")}\n}\n`,
    `export interface ${row} {\n${rowLines(input, entity).join("\n")}\n}\n`,
  ]);
  const database = stored.map(({ table, name }) => `  ${keyText(table)}: ${name};\n`).join("");
  const body = [
    ...model.enums.map(({ name, values }) => `export type ${enums.get(name)} = ${unionOf(values)};\n`),
    ...tables,
    `/** The tables as queries see them, and under \`modelTypes\` the names and facts of the model. */
export interface Database {
${database}  readonly [modelTypes]: ${names.model};
}
`,
    modelText(model, names, enums, new Map(stored.map(({ entity, row }) => [entity.name, row]))),
  ].join("\n");
  return `// Written by \`wardline types\` from the model ${model.name} and the policies over it. Do not edit: run it again.\n${importsOf(body)}\n${body}`;
}

function importsOf(body: string): string {
  const uses = (name: string) => new RegExp(`\\b${name}\\b(?:<|,| \\||>)`).test(body);
  const ours = ["Masked", "modelTypes", "Sealed"].filter((name) => name === "modelTypes" || uses(name));
  const kysely = uses("ColumnType") ? 'import type { ColumnType } from "kysely";\n' : "";
  return `import type { ${ours.join(", ")} } from "@wardline/sdk";\n${kysely}`;
}

/** Gives each name out once; one that is taken gets more letters. */
function namesFrom(taken: readonly string[]): (name: string) => string {
  const given = new Set(taken);
  return (name) => {
    let free = name;
    while (given.has(free)) free += "_";
    given.add(free);
    return free;
  };
}
