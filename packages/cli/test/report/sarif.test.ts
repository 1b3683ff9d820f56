/** SARIF, held to its schema and to what the service that shows it asks for, where these are present. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { conformance } from "../conformance.ts";
import { policy, projectFolder, run } from "../project.ts";
import { brokenPolicy, brokenProject } from "./broken.ts";

interface Region {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}
interface Location {
  readonly physicalLocation: { readonly artifactLocation: { readonly uri: string }; readonly region: Region };
}
interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly Location[];
  readonly relatedLocations?: readonly Location[];
  readonly partialFingerprints: { readonly primaryLocationLineHash: string };
  readonly fixes?: readonly {
    readonly artifactChanges: readonly {
      readonly replacements: readonly {
        readonly deletedRegion: Region;
        readonly insertedContent: { readonly text: string };
      }[];
    }[];
  }[];
}
interface Rule {
  readonly id: string;
  readonly name: string;
  readonly properties: { readonly tags: readonly string[]; readonly precision: string };
}
interface Log {
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly rules: readonly Rule[] } };
    readonly results: readonly Result[];
  }[];
}

async function sarifOf(folder: string): Promise<Log> {
  return JSON.parse((await run(folder, ["check", "--format", "sarif"])).out) as Log;
}
async function resultsOf(folder: string): Promise<readonly Result[]> {
  return (await sarifOf(folder)).runs[0]?.results ?? [];
}
const prints = (results: readonly Result[]) =>
  results.map((result) => `${result.ruleId} ${result.partialFingerprints.primaryLocationLineHash}`);

const suite = conformance("sarif");

describe.skipIf(suite === null)("what others ask for", () => {
  const read = (name: string) => JSON.parse(readFileSync(join(suite as string, name), "utf8")) as object;

  test("the schema of SARIF 2.1.0", async () => {
    const { $schema: _, id: __, ...schema } = read("sarif-schema-2.1.0.json") as Record<string, unknown>;
    const ajv = new Ajv({
      strict: false,
      formats: {
        uri: (text: string) => URL.canParse(text),
        "uri-reference": (text: string) => URL.canParse(text, "file:///") && !/[^\u0021-\u007E]/.test(text),
        "date-time": true,
      },
    });
    const fits = ajv.compile(schema);
    for (const folder of [brokenProject(), projectFolder()]) {
      const log = await sarifOf(folder);
      expect(fits(log), JSON.stringify(fits.errors)).toBe(true);
    }
    expect(fits({ version: "2.1.0", runs: [{}] })).toBe(false);
  });

  test("every field that is needed is there, and not empty", async () => {
    const { required, limits, levels, precision_values } = read("github-sarif-requirements.json") as {
      required: Record<string, readonly string[]>;
      limits: Record<string, number>;
      levels: readonly string[];
      precision_values: readonly string[];
    };
    const log = await sarifOf(brokenProject());
    const runs = log.runs as readonly (Log["runs"][number] & object)[];
    const results = runs.flatMap((one) => one.results);
    const rules = runs.flatMap((one) => one.tool.driver.rules);
    const places = results.flatMap((result) => [...result.locations, ...(result.relatedLocations ?? [])]);
    const holders: Record<string, readonly object[]> = {
      sarifLog: [log],
      run: runs,
      toolComponent: runs.map((one) => one.tool.driver),
      reportingDescriptor: rules,
      result: results,
      location: places,
      physicalLocation: places.map((place) => place.physicalLocation),
    };
    expect(Object.keys(required).toSorted()).toEqual(Object.keys(holders).toSorted());
    for (const [kind, fields] of Object.entries(required))
      for (const field of fields) {
        const path = (field.split(" ")[0] as string).split(".");
        expect(holders[kind]?.length, kind).toBeGreaterThan(0);
        for (const holder of holders[kind] ?? []) {
          const value = path.reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], holder);
          expect(value, `${kind}.${field}`).toBeDefined();
          expect(JSON.stringify(value), `${kind}.${field}`).not.toMatch(/^(?:""|\{\}|null)$/);
        }
      }
    for (const result of results) {
      expect(levels).toContain(result.level);
      expect(result.locations.length).toBeGreaterThan(0);
      expect(result.message.text).not.toBe("");
    }
    for (const rule of rules) {
      expect(rule.name.length).toBeLessThanOrEqual(limits["rule_name_chars"] as number);
      expect(rule.properties.tags.length).toBeLessThanOrEqual(limits["tags_per_rule"] as number);
      expect(precision_values).toContain(rule.properties.precision);
      expect(rule).not.toHaveProperty("helpUri");
    }
  });
});

test("the rules are the same for every code base, and each result points at its own", async () => {
  const [broken, fine] = [await sarifOf(brokenProject()), await sarifOf(projectFolder())];
  expect(broken.runs[0]?.tool).toEqual(fine.runs[0]?.tool);
  const rules = broken.runs[0]?.tool.driver.rules ?? [];
  for (const result of broken.runs[0]?.results ?? []) expect(rules[result.ruleIndex]?.id).toBe(result.ruleId);
});

test("regions count lines and code points from 1 and end just past the words", async () => {
  const results = await resultsOf(brokenProject());
  const lines = brokenPolicy.split("\n");
  const words = results.map(({ locations: [place] }) => {
    const { startLine, startColumn, endLine, endColumn } = (place as Location).physicalLocation.region;
    expect(endLine).toBe(startLine);
    return Array.from(lines[startLine - 1] as string)
      .slice(startColumn - 1, endColumn - 1)
      .join("");
  });
  expect(words).toEqual(["borower", "own", "or", "\u202E"]);
});

test("a fix, carried out as its regions say, takes its finding away", async () => {
  const folder = projectFolder({ "north.ward": policy.replace("resource.borrower", "resource.borower") });
  const [result] = await resultsOf(folder);
  const replacement = result?.fixes?.[0]?.artifactChanges[0]?.replacements[0] ?? expect.fail("no fix");
  const { startLine, startColumn, endColumn } = replacement.deletedRegion;
  const lines = readFileSync(join(folder, "north.ward"), "utf8").split("\n");
  const line = lines[startLine - 1] as string;
  lines[startLine - 1] =
    line.slice(0, startColumn - 1) + replacement.insertedContent.text + line.slice(endColumn - 1);
  writeFileSync(join(folder, "north.ward"), lines.join("\n"));
  expect(await resultsOf(folder)).toEqual([]);
});

describe("fingerprints", () => {
  const twice = `${policy}
permit a: reader to read Loan
  when resource.borower == principal

permit b: reader to read Loan
  when resource.borower == principal
`;

  test("differ within a file, equal lines included", async () => {
    const found = prints(await resultsOf(projectFolder({ "north.ward": twice })));
    expect(found).toHaveLength(2);
    expect(new Set(found).size).toBe(2);
  });

  test("survive shifted lines, other indentation and other findings", async () => {
    const before = prints(await resultsOf(projectFolder({ "north.ward": twice })));
    const moved = twice
      .replace("permit own", "// a comment\n\n\npermit own")
      .replaceAll("  when resource.borower", "\t  when  resource.borower")
      .replace("principal.level", "principal.levle");
    const after = prints(await resultsOf(projectFolder({ "north.ward": moved })));
    expect(after).toHaveLength(3);
    expect(after).toEqual(expect.arrayContaining(before));
  });

  test("differ where the line says something else", async () => {
    const before = prints(await resultsOf(projectFolder({ "north.ward": twice })));
    const other = twice.replaceAll("== principal", "!= principal");
    const after = prints(await resultsOf(projectFolder({ "north.ward": other })));
    expect(after.filter((print) => before.includes(print))).toEqual([]);
  });
});
