/** The published schema and the reader agree on what a configuration is. */
import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { UsageError } from "../src/exit-code.ts";
import { parseConfig } from "../src/project/config.ts";

const schema = new URL("../../../docs/spec/config.schema.json", import.meta.url);
const fits = new Ajv2020({ strict: true }).compile(JSON.parse(readFileSync(schema, "utf8")) as object);
const proper = { model: "m.ward", platform: ["p.ward"], tenants: { north: "n.ward" } };

test.each<[string, unknown]>([
  ["the least", proper],
  ["a schema beside it", { $schema: "x", ...proper }],
  ["no platform file", { ...proper, platform: [] }],
  ["no tenant", { ...proper, tenants: {} }],
  ["nothing", {}],
  ["a list", []],
  ["null", null],
  ["an unknown key", { ...proper, pack: [] }],
  ["a schema that is no text", { ...proper, $schema: null }],
  ["packs", { ...proper, packs: ["hipaa.ward"] }],
  ["no pack", { ...proper, packs: [] }],
  ["packs that are no list", { ...proper, packs: { hipaa: "hipaa.ward" } }],
  ["a pack that is no text", { ...proper, packs: [""] }],
  ["packs that are null", { ...proper, packs: null }],
  ["a lint that is off", { ...proper, lints: { "lint/unused-let": "off" } }],
  ["no lint", { ...proper, lints: {} }],
  ["a lint of an unknown severity", { ...proper, lints: { "lint/unused-let": "info" } }],
  ["a finding that is no lint", { ...proper, lints: { "guardrail/beyond-ceiling": "off" } }],
  ["a lint in upper case", { ...proper, lints: { "lint/Dead": "off" } }],
  ["lints that are a list", { ...proper, lints: [] }],
  ["a model that is no text", { ...proper, model: 1 }],
  ["a file name that no file can have", { ...proper, model: "a\u0000b" }],
  ["a tenant's file that no file can have", { ...proper, tenants: { north: "\u0000" } }],
  ["an empty file name", { ...proper, model: "" }],
  ["a platform that is no list", { ...proper, platform: "p.ward" }],
  ["a platform file that is no text", { ...proper, platform: [null] }],
  ["tenants that are a list", { ...proper, tenants: ["n.ward"] }],
  ["a tenant in upper case", { ...proper, tenants: { North: "n.ward" } }],
  ["a tenant that leaves the folder", { ...proper, tenants: { "../north": "n.ward" } }],
])("%s", (_, config) => {
  const read = () => parseConfig("wardline.config.json", JSON.stringify(config));
  if (fits(config)) expect(read).not.toThrow();
  else expect(read).toThrow(UsageError);
});

test("a lint that is not there is refused, and those that are there are named", () => {
  const read = () =>
    parseConfig("wardline.config.json", JSON.stringify({ ...proper, lints: { "lint/unused-lte": "off" } }));
  expect(read).toThrow("there is no lint `lint/unused-lte`");
});
