/** The tables of obligations and masks say what the checker takes and what the language's page shows. */
import { readFileSync } from "node:fs";
import { canMask, formatType, strictness, type ScalarType } from "@wardline/core";
import { describe, expect, test } from "vitest";
import {
  maskFunctions,
  maskNames,
  obligationForms,
  obligationNames,
  obligationsOn,
} from "../../src/index.ts";
import { compileLibrary, libraryModel, openPlatform } from "./library.ts";

const page = readFileSync(new URL("../../../../docs/language.md", import.meta.url), "utf8");
const model = `${libraryModel}\nevidence approval from context.mfa, context.mfa_age\n`;

/** A form with names of the library in place of the words in capitals. */
const written = (form: string) =>
  form
    .replace("#CLASS", "#secret")
    .replace("FACTOR", "mfa")
    .replace("approval(NAME", "approval(badge")
    .replace("badge, within: 1h", "approval, within: 1h")
    .replace("notify(NAME", "notify(admins")
    .replaceAll("NAME", "title");

describe.each(obligationNames)("%s", (name) => {
  const { form, on, summary } = obligationForms[name];

  test("is written as the table says, on the rules that it says", () => {
    const term = written(form);
    const texts = {
      permit: { policy: `permit a: reader to read Book with ${term}` },
      share: { platform: `${openPlatform}share a: auditor to read Book with ${term}\n` },
      require: {
        policy: `require a: ${term}${name === "encrypt" ? "" : " for anyone to read Book"}`,
      },
    };
    for (const carrier of ["permit", "share", "require"] as const) {
      const { findings } = compileLibrary({ model, ...texts[carrier] });
      const errors = findings.filter((found) => found.severity === "error").map((found) => found.code);
      const isCarried = (on as readonly string[]).includes(carrier);
      expect(errors, carrier).toEqual(isCarried ? [] : ["obligation/misplaced"]);
      expect(obligationsOn(carrier).includes(name)).toBe(isCarried);
    }
  });

  test("stands in the language's page", () => {
    expect(page).toContain(`\`${name}`);
    expect(summary).toMatch(/^[a-z]/);
  });
});

const types: readonly ScalarType[] = [
  { kind: "bool" },
  { kind: "int", min: 0, max: 9 },
  { kind: "decimal", precision: 8, scale: 2 },
  { kind: "string" },
  { kind: "instant" },
  { kind: "duration" },
  { kind: "uuid" },
  { kind: "ip" },
  { kind: "date" },
  { kind: "time" },
  { kind: "enum", name: "Genre", values: ["law"] },
  { kind: "entity", entity: "Book" },
];

describe.each(maskNames)("%s", (name) => {
  const { form, takes, make } = maskFunctions[name];

  test("takes the types that its words say", () => {
    const mask = make(null, 1);
    const named = types.filter((type) =>
      takes.split(/ or |, /).some((word) => word.replace(/^an? /, "") === formatType(type).split("(")[0]),
    );
    expect(named).toEqual(types.filter((type) => canMask(mask, type)));
    expect(named.length).toBeGreaterThan(0);
  });

  test("is written as the table says, and stands in the language's page", () => {
    const field = types.find((type) => canMask(make(null, 1), type))?.kind ?? "string";
    const fields: Readonly<Record<string, string>> = { string: "title", int: "pages", instant: "acquired" };
    const { findings } = compileLibrary({
      policy: `permit a: reader to read Book with mask(${fields[field] ?? ""}, ${form})`,
    });
    expect(findings).toEqual([]);
    expect(page).toContain(`\`${form.replace(/\d+/, "n")}\``);
  });
});

test("masks stand from the mildest to the strictest", () => {
  const steps = maskNames.map((name) => strictness(maskFunctions[name].make(null, 1)));
  expect(steps).toEqual(steps.toSorted((a, b) => a - b));
});
