/** What each format prints, kept as snapshots, and held to the schemas and readers of others. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { version } from "../../src/version.ts";
import { model, platform, policy, projectFolder, run } from "../project.ts";
import { formatReport, reportFormats } from "../../src/report/formats.ts";
import { schemaOf } from "../schema.ts";
import { emptyReport, sampleReport } from "./sample.ts";
import { brokenPolicy, brokenProject } from "./broken.ts";

const fitsReport = schemaOf("report");
const warned = { "platform.ward": "platform for library\n" };

describe.each([
  ["findings", sampleReport],
  ["nothing", emptyReport],
])("a report of %s", (name, report) => {
  const reader = { color: false, rooted: (file: string) => `repository/${file}` };

  test.each(reportFormats.filter((format) => format !== "sarif"))("as %s", async (format) => {
    const text = await formatReport(format, report, reader);
    await expect(text.replaceAll(`"version": "${version}"`, '"version": "VERSION"')).toMatchFileSnapshot(
      `snapshots/${name}.${format}.txt`,
    );
  });

  test("as sarif, without the rules", async () => {
    const log = JSON.parse(await formatReport("sarif", report, reader)) as {
      runs: { tool: { driver: object }; results: { ruleIndex?: number }[] }[];
    };
    for (const one of log.runs) {
      one.tool.driver = { name: "wardline" };
      for (const result of one.results) delete result.ruleIndex;
    }
    await expect(`${JSON.stringify(log, null, 2)}\n`).toMatchFileSnapshot(`snapshots/${name}.sarif.txt`);
  });

  test("in colour", async () => {
    const text = await formatReport("pretty", report, { ...reader, color: true });
    await expect(text.replaceAll("\u001B", "␛")).toMatchFileSnapshot(`snapshots/${name}.color.txt`);
  });
});

test("colours are for terminals, and mark nothing that words do not say", async () => {
  const plain = await run(brokenProject(), ["check"]);
  const colored = await run(brokenProject(), ["check"], "", { color: true });
  expect(plain.out).not.toContain("\u001B");
  expect(colored.out).toContain("\u001B[31m");
  // oxlint-disable-next-line no-control-regex
  expect(colored.out.replaceAll(/\u001B\[\d+m/g, "")).toBe(plain.out);
});

test("plain draws nothing", async () => {
  const { out } = await run(brokenProject(), ["check", "--format", "plain"]);
  // oxlint-disable-next-line no-control-regex
  expect(out.replaceAll("漢字", "")).toMatch(/^[\u0020-\u007E\n]+$/);
});

test("json fits its published schema, whatever was asked for", async () => {
  const known = brokenProject();
  await run(known, ["check", "--write-baseline", "known.json"]);
  writeFileSync(join(known, "north.ward"), brokenPolicy.replace("borower", "borrower"));
  for (const [folder, args] of [
    [brokenProject(), []],
    [projectFolder(), []],
    [projectFolder(warned), ["--max-warnings", "0"]],
    [brokenProject(), ["--fix"]],
    [known, ["--baseline", "known.json"]],
  ] as const) {
    const { out } = await run(folder, ["check", "--format", "json", ...args]);
    expect(fitsReport(JSON.parse(out)), JSON.stringify(fitsReport.errors)).toBe(true);
  }
});

test("the schema of json is not lenient", () => {
  expect(fitsReport({ formatVersion: 1, findings: [] })).toBe(false);
});

test("one run can print one format and write others, each the same as printed", async () => {
  const folder = brokenProject();
  const outs = ["sarif", "junit", "json"].flatMap((format) => ["--out", `${format}:reports/${format}.txt`]);
  const ran = await run(folder, ["check", "--format", "compact", ...outs]);
  expect(ran).toMatchObject({ code: 1, err: "" });
  expect(ran.out).toBe((await run(folder, ["check", "--format", "compact"])).out);
  for (const format of ["sarif", "junit", "json"])
    expect(readFileSync(join(folder, "reports", `${format}.txt`), "utf8")).toBe(
      (await run(folder, ["check", "--format", format])).out,
    );
});

test.each([
  ["without a format", "report.sarif", "FORMAT:FILE"],
  ["of an unknown format", "html:x", "FORMAT:FILE"],
  ["without a file", "json:", "FORMAT:FILE"],
  ["over a policy", "json:north.ward", "over north.ward"],
  ["over the configuration", "json:./wardline.config.json", "over ./wardline.config.json"],
  ["to a folder", "json:.", "is a folder"],
  ["beneath a file", "json:north.ward/x", "cannot be written"],
])("--out %s exits 2 and changes nothing", async (_, value, words) => {
  const folder = projectFolder();
  const ran = await run(folder, ["check", "--out", value]);
  expect(ran.code).toBe(2);
  expect(ran.err).toContain(words);
  expect(readFileSync(join(folder, "north.ward"), "utf8")).toBe(policy);
});

test("two reports to one file exit 2", async () => {
  const ran = await run(projectFolder(), ["check", "--out", "json:x", "--out", "sarif:x"]);
  expect(ran.code).toBe(2);
});

describe("text of a policy or a name of a file cannot act on a terminal or a service", () => {
  const evil = "a\u001B[2K\n::error::b,c:d%0A";
  const evilProject = () => {
    const folder = projectFolder({ "wardline.config.json": null });
    mkdirSync(join(folder, evil));
    renameSync(join(folder, "north.ward"), join(folder, evil, "north.ward"));
    writeFileSync(
      join(folder, evil, "north.ward"),
      `${policy}\n// \u001B[31mred\u0007\npermit x: reader to read Lo\u001Ban\n`,
    );
    return folder;
  };

  test.each(["pretty", "plain", "compact"])("%s", async (format) => {
    const { code, out } = await run(evilProject(), ["check", "--format", format]);
    expect(code).toBe(1);
    // oxlint-disable-next-line no-control-regex
    expect(out).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F]/);
    expect(out).not.toMatch(/^::/m);
  });

  test("github", async () => {
    const { out } = await run(evilProject(), ["check", "--format", "github"]);
    const commands = out.trimEnd().split("\n");
    expect(commands.length).toBeGreaterThan(1);
    for (const line of commands)
      expect(line).toMatch(
        /^::error file=a<U\+001B>\[2K<U\+000A>%3A%3Aerror%3A%3Ab%2Cc%3Ad%250A\/north.ward,line=\d+,/,
      );
    // oxlint-disable-next-line no-control-regex
    expect(commands.join("")).not.toMatch(/[\u0000-\u001F]/);
  });

  test("junit is XML that another reader takes", async () => {
    const folder = evilProject();
    const { out } = await run(folder, ["check", "--format", "junit"]);
    // oxlint-disable-next-line no-control-regex
    expect(out).not.toMatch(/[\u0000-\u0008\u000B\u000C\u000E-\u001F]/);
    expect(out.match(/<testsuite /g)).toHaveLength(3);
  });
});

test("github and sarif name files as from the root of the repository", async () => {
  const folder = projectFolder();
  const inner = join(folder, "a b/äö#?");
  mkdirSync(inner, { recursive: true });
  for (const [name, text] of [
    ["m.ward", model],
    ["p.ward", platform],
    ["n.ward", policy.replace("borrower", "borower")],
  ] as const)
    writeFileSync(join(inner, name), text);
  writeFileSync(
    join(inner, "wardline.config.json"),
    JSON.stringify({ model: "m.ward", platform: ["p.ward"], tenants: { north: "n.ward" } }),
  );
  execFileSync("git", ["init", "-q"], { cwd: folder });
  const github = await run(inner, ["check", "--format", "github"]);
  expect(github.out).toMatch(/^::error file=a b\/äö#\?\/n\.ward,line=4,/);
  const sarif = await run(inner, ["check", "--format", "sarif"]);
  expect(sarif.out).toContain('"uri": "a%20b/%C3%A4%C3%B6%23%3F/n.ward"');
});
