import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { EffectiveValue } from "../src/command/config.ts";
import { projectFolder, run } from "./project.ts";

interface Printed {
  readonly formatVersion: number;
  readonly config: string | null;
  readonly values: readonly EffectiveValue[];
}

async function valuesOf(folder: string): Promise<Record<string, readonly [string, string]>> {
  const { out } = await run(folder, ["config", "print", "--format", "json"]);
  const { values } = JSON.parse(out) as Printed;
  return Object.fromEntries(values.map(({ key, value, from }) => [key, [value, from]]));
}

const withLints = {
  "wardline.config.json": JSON.stringify({
    model: "library.ward",
    platform: ["platform.ward"],
    tenants: { north: "north.ward" },
    lints: { "lint/unused-let": "off" },
  }),
};

test("each value says where it comes from", async () => {
  const values = await valuesOf(projectFolder(withLints));
  expect(values).toMatchObject({
    model: ["library.ward", "wardline.config.json"],
    "platform[0]": ["platform.ward", "wardline.config.json"],
    packs: ["none", "default"],
    "tenants.north": ["north.ward", "wardline.config.json"],
    "lints.lint/unused-let": ["off", "wardline.config.json"],
    "lints.lint/redundant-has": ["warning", "default"],
  });
});

test("without a configuration the files' first lines are what is gone by", async () => {
  const values = await valuesOf(projectFolder({ "wardline.config.json": null }));
  expect(values).toMatchObject({
    model: ["library.ward", "the first line of library.ward"],
    "tenants.north": ["north.ward", "the first line of north.ward"],
    packs: ["none", "default"],
  });
});

test("for people it is a table, and for screen readers sentences", async () => {
  const folder = projectFolder(withLints);
  const pretty = await run(folder, ["config", "print"]);
  expect(pretty).toMatchObject({ code: 0, err: "" });
  expect(pretty.out).toMatch(/^configuration: wardline\.config\.json\nmodel +library\.ward +wardline/);
  const plain = await run(folder, ["config", "print", "--format", "plain"]);
  expect(plain.out).toContain("\nlints.lint/unused-let is off, from wardline.config.json\n");
});

test("names are as seen from where the command runs", async () => {
  const folder = projectFolder();
  mkdirSync(join(folder, "deep"));
  const { model } = await valuesOf(join(folder, "deep"));
  expect(model).toEqual(["../library.ward", "../wardline.config.json"]);
});

test("a configuration that is wrong exits 2", async () => {
  const ran = await run(projectFolder({ "wardline.config.json": "[]" }), ["config", "print"]);
  expect(ran).toMatchObject({ code: 2, out: "" });
});
