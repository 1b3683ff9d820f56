/**
 * Writes `src/scope/leakproof-operators.ts`: what the pinned server calls leakproof among the comparisons that a caller may
 * make, on the types that columns have. `pnpm generate:leakproof` runs it; a test holds the file to the catalogue.
 */
import { writeFileSync } from "node:fs";
import { PGlite } from "@electric-sql/pglite";
import { leakproofQuery } from "../src/schema/check-leakproof.ts";

const types = [
  "bigint",
  "boolean",
  "bytea",
  "date",
  "inet",
  "numeric",
  "text",
  "time without time zone",
  "timestamp with time zone",
  "uuid",
];
const operators = ["=", "<>", "<", "<=", ">", ">="];

const server = await PGlite.create();
const { rows } = await server.query<{ type: string; operator: string }>(leakproofQuery, [types, operators]);
await server.close();
const lines = types.flatMap((type) => {
  const found = operators.filter((operator) =>
    rows.some((row) => row.type === type && row.operator === operator),
  );
  return found.length === 0
    ? []
    : [`  ${JSON.stringify(type)}: ${JSON.stringify(found).replaceAll(",", ", ")},`];
});
writeFileSync(
  new URL("../src/scope/leakproof-operators.ts", import.meta.url),
  `/** Made by \`pnpm generate:leakproof\` from pg_proc.proleakproof: comparisons of two operands of one type that tell nothing of a row. */
export const leakproofOperators: Readonly<Record<string, readonly string[]>> = {
${lines.map((line) => line.replace(/^ {2}"([a-z]+)":/, "  $1:")).join("\n")}
};
`,
);
