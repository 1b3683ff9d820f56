/** `wardline doctor` on a real server and on an embedded folder: its formats, its exit codes, and what it refuses. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, startPostgres, type Connection, type PostgresServer } from "@wardline/database-testing";
import { doctorLints } from "@wardline/isolation";
import { Ajv } from "ajv";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { conformance } from "./conformance.ts";
import { projectFolder, run } from "./project.ts";
import { schemaOf } from "./schema.ts";

let server: PostgresServer;
let admin: Connection;
let url: string;
const password = "a p%/";

beforeAll(async () => {
  server = await startPostgres();
  admin = await connect(server);
  await admin.exec(`ALTER ROLE postgres PASSWORD '${password}'`);
  url = `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${server.port}/postgres`;
});
afterAll(async () => {
  await admin.close();
  await server.stop();
});

/** A project whose tables stand in a schema of their own. */
async function guarded(schema: string): Promise<string> {
  const folder = projectFolder();
  const key = join(folder, "context-key.json");
  await run(folder, ["keys", "context", key]);
  const ran = await run(folder, ["db", "apply", "--database", url, "--schema", schema, "--context-key", key]);
  expect(ran).toMatchObject({ code: 0, err: "" });
  // Another schema with the same tables is one that the application should not reach.
  onTestFinished(async () => {
    await admin.exec(`DROP SCHEMA ${schema} CASCADE`);
  });
  return folder;
}

const doctor = (folder: string, schema: string, ...more: string[]) =>
  run(folder, ["doctor", "--database", url, "--schema", schema, ...more]);

test("finds nothing where nothing is wrong, and tells an error by its exit code", async () => {
  const folder = await guarded("fine");
  const fine = await doctor(folder, "fine");
  expect(fine).toMatchObject({ code: 0, err: "" });
  expect(fine.out).toMatch(/^postgres on Postgres 18\.\d+[^\n]*, schema fine: 0 errors, 0 warnings\n$/);
  await admin.exec("CREATE POLICY wide ON fine.loans USING (true)");
  const wide = await doctor(folder, "fine");
  expect(wide.code).toBe(1);
  expect(wide.out).toContain("error[doctor/wide-policy]: policy fine.loans.wide: it is for PUBLIC");
  expect(wide.out).toContain("1 error, 0 warnings");
});

describe("for machines", () => {
  async function opened(): Promise<string> {
    const folder = await guarded("open");
    await admin.exec(`ALTER TABLE open.loans DISABLE ROW LEVEL SECURITY; CREATE INDEX ON open.loans (title);
      CREATE TABLE IF NOT EXISTS open."x\u202E" (id int)`);
    return folder;
  }

  test("JSON fits its schema and names every object", async () => {
    const folder = await opened();
    const fits = schemaOf("doctor-report");
    const ran = await doctor(folder, "open", "--format", "json");
    const report = JSON.parse(ran.out) as { findings: { code: string }[]; passed: boolean };
    expect(fits(report), JSON.stringify(fits.errors)).toBe(true);
    expect(fits({ ...report, formatVersion: 2 })).toBe(false);
    expect([...new Set(report.findings.map(({ code }) => code))]).toEqual([
      "doctor/row-security-off",
      "doctor/unknown-table",
      "doctor/index-without-tenant",
      // What is off is crossed, too.
      "doctor/crossed",
    ]);
    expect([report.passed, ran.code]).toEqual([false, 1]);
  });

  const suite = conformance("sarif");
  test.skipIf(suite === null)("SARIF fits its schema, with every lint as a rule", async () => {
    const folder = await opened();
    const {
      $schema: _,
      id: __,
      ...schema
    } = JSON.parse(readFileSync(join(suite as string, "sarif-schema-2.1.0.json"), "utf8")) as Record<
      string,
      unknown
    >;
    const fits = new Ajv({ strict: false, validateFormats: false }).compile(schema);
    const log = JSON.parse((await doctor(folder, "open", "--format", "sarif")).out) as {
      runs: {
        tool: { driver: { rules: { id: string }[] } };
        results: {
          ruleId: string;
          ruleIndex: number;
          locations: {
            physicalLocation: { artifactLocation: { uri: string }; region: { startLine: number } };
          }[];
        }[];
      }[];
    };
    expect(fits(log), JSON.stringify(fits.errors)).toBe(true);
    const [one] = log.runs;
    expect(one?.tool.driver.rules.map(({ id }) => id)).toEqual(doctorLints.map(({ code }) => code));
    for (const { ruleId, ruleIndex } of one?.results ?? [])
      expect(one?.tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
    // The table is shown where the model names it.
    const place = one?.results[0]?.locations[0]?.physicalLocation;
    expect(place?.artifactLocation.uri).toMatch(/library\.ward$/);
    const lines = readFileSync(join(folder, "library.ward"), "utf8").split("\n");
    expect(lines[(place?.region.startLine ?? 0) - 1]).toContain("stored in loans");
  });

  test("what a name holds never acts on a terminal", async () => {
    const folder = await opened();
    const { out } = await doctor(folder, "open");
    expect(out).toContain("table open.x<U+202E>: the model has no such table");
    expect(out).not.toContain("\u202E");
  });

  test("--max-warnings", async () => {
    const warned = await guarded("warned");
    await admin.exec("CREATE INDEX ON warned.loans (title)");
    expect((await doctor(warned, "warned")).code).toBe(0);
    expect((await doctor(warned, "warned", "--max-warnings", "0")).code).toBe(1);
  });
});

test("examines an embedded folder", async () => {
  const folder = projectFolder();
  const data = join(mkdtempSync(join(tmpdir(), "wardline-doctor-")), "data");
  onTestFinished(() => rmSync(join(data, ".."), { recursive: true, force: true }));
  await run(folder, ["db", "apply", "--database", data]);
  const ran = await run(folder, ["doctor", "--database", data]);
  expect(ran).toMatchObject({ code: 0, err: "" });
  expect(ran.out).toContain("0 errors, 0 warnings");
});

test("says in one line what it cannot reach, and never the password", async () => {
  const folder = projectFolder();
  const attempts: readonly (readonly [string, RegExp])[] = [
    ["nowhere", /no address and no folder/],
    ["env:WARDLINE_NOT_SET", /the environment has no WARDLINE_NOT_SET/],
    ["postgres://postgres:wrong-secret@127.0.0.1:1/postgres", /the database refused: .*\(ECONNREFUSED\)/],
    [url.replace(encodeURIComponent(password), "wrong-secret"), /password authentication failed.*\(28P01\)/],
    ["postgres://postgres:wrong-secret@127.0.0.1/postgres?sslmode=disable", /sslmode/],
    ["postgres://postgres:wrong-secret@/", /connectionString is not/],
  ];
  for (const [where, message] of attempts) {
    const ran = await run(folder, ["doctor", "--database", where]);
    expect(ran, where).toMatchObject({ code: 2, out: "" });
    expect(ran.err).toMatch(message);
    expect(ran.err).not.toContain("wrong-secret");
  }
});

test("a project with errors is not compared with anything", async () => {
  const folder = projectFolder({ "north.ward": "policy north for library\npermit x: nobody to read Loan\n" });
  const ran = await doctor(folder, "public");
  expect(ran).toMatchObject({ code: 1, out: "" });
  expect(ran.err).toContain("name/unknown");
});

test("each lint is told about by `help`, and stands in the page", async () => {
  const page = readFileSync(new URL("../../../docs/doctor.md", import.meta.url), "utf8");
  for (const { code, summary, cure } of doctorLints) {
    const ran = await run(projectFolder(), ["help", code]);
    expect(ran.code, code).toBe(0);
    expect(ran.out).toContain(summary);
    expect(page).toContain(`## ${code}\n`);
    expect(page).toContain(cure);
  }
});
