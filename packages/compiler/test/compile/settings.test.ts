/** What the settings of the platform, of packs and of a tenant come to, and that the table of settings tells the truth. */
import { readFileSync } from "node:fs";
import { loadProgram, serializeProgram, type Settings } from "@wardline/core";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compilePack } from "../../src/index.ts";
import { documentProblems } from "../../src/settings/document-problems.ts";
import { settingKinds } from "../../src/settings/setting-table.ts";
import { compileLibrary, libraryModel } from "../check/library.ts";
import { processorTime } from "@wardline/core/testing";

interface Said {
  readonly platform?: string;
  readonly tenant?: string;
  /** Of a pack that the tenant uses, and of one that the platform uses. */
  readonly pack?: string;
  readonly platformPack?: string;
}

const block = (text: string | undefined) => (text === undefined ? "" : `settings { ${text} }\n`);

function compiled({ platform, tenant, pack, platformPack }: Said) {
  const use = (name: string, text: string | undefined) => (text === undefined ? "" : `use ${name} 1.0\n`);
  return compileLibrary({
    model: libraryModel.replace("enum Plan", "enum Region { eu, us }\nenum Plan"),
    platform: `platform for library\nceiling all: anyone to act on anything\n${block(platform)}${use("house", platformPack)}`,
    policy: `permit a: reader to read Book\n${block(tenant)}${use("guide", pack)}`,
    packs: [`pack guide 1.0\n${block(pack)}`, `pack house 1.0\n${block(platformPack)}`],
  });
}

function settings(said: Said): Settings | undefined {
  const { program, findings } = compiled(said);
  if (program === null) return expect.fail(findings.map((found) => found.message).join("; "));
  expect(loadProgram(JSON.parse(serializeProgram(program)))).toEqual({ program });
  return program.settings;
}

const minutes = (count: number) => count * 60_000_000;
const days = (count: number) => minutes(count * 24 * 60);

test("no file that sets anything, no settings", () => {
  expect(settings({})).toBeUndefined();
  expect(settings({ tenant: "" })).toBeUndefined();
  expect(settings({ tenant: "session: { }" })).toBeUndefined();
});

test("every setting by itself", () => {
  expect(
    settings({
      tenant:
        'timezone: "Europe/Berlin" session: { idle: 15m, longest: 8h } keys: { rotate: 2w } residency: eu isolation: schema retention: { Book: 6y, audit: 90d, Loan: 2w } features: { a: off, b: on }',
    }),
  ).toEqual({
    timezone: "Europe/Berlin",
    session: { idle: minutes(15), longest: minutes(480) },
    keys: { rotate: days(14) },
    residency: "eu",
    isolation: "schema",
    retention: {
      Book: { count: 6, unit: "y" },
      Loan: { count: 14, unit: "d" },
      audit: { count: 90, unit: "d" },
    },
    features: { a: false, b: true },
  });
});

describe("the strictest of all files holds", () => {
  test.each<[string, Said, Settings]>([
    [
      "the shortest time, whoever says it",
      {
        platform: "session: { idle: 20m }",
        tenant: "session: { idle: 15m }",
        pack: "session: { idle: 10m }",
      },
      { session: { idle: minutes(10) } },
    ],
    [
      "also where the tenant says a longer one",
      { platform: "session: { idle: 20m, longest: 8h }", tenant: "session: { idle: 30m }" },
      { session: { idle: minutes(20), longest: minutes(480) } },
    ],
    [
      "in any unit",
      { platform: "keys: { rotate: 90d }", tenant: "keys: { rotate: 12w }" },
      { keys: { rotate: days(84) } },
    ],
    [
      "apart by schema before pool",
      { platform: "isolation: pool", tenant: "isolation: schema" },
      { isolation: "schema" },
    ],
    [
      "apart by database before schema",
      { platform: "isolation: database", tenant: "isolation: schema" },
      { isolation: "database" },
    ],
    [
      "off before on",
      { platform: "features: { a: on, b: off }", tenant: "features: { a: off, b: on, c: on }" },
      { features: { a: false, b: false, c: true } },
    ],
    [
      "one place",
      { platform: "residency: eu", pack: "residency: eu", tenant: "residency: eu" },
      { residency: "eu" },
    ],
    [
      "kept longer by the tenant",
      { platform: "retention: { Book: 6y }", tenant: "retention: { Book: 72mo }" },
      { retention: { Book: { count: 72, unit: "mo" } } },
    ],
    [
      "kept longest of what others say",
      { platform: "retention: { Book: 5y }", pack: "retention: { Book: 6y }" },
      { retention: { Book: { count: 6, unit: "y" } } },
    ],
    [
      "kept as long as both, where neither is surely longer",
      { platform: "retention: { Book: 1mo }", pack: "retention: { Book: 30d }" },
      { retention: { Book: { count: 31, unit: "d" } } },
    ],
    [
      "the tenant's own time zone",
      { platform: 'timezone: "UTC"', tenant: 'timezone: "Europe/Berlin"', pack: 'timezone: "Asia/Tokyo"' },
      { timezone: "Europe/Berlin" },
    ],
    [
      "else its pack's, else the platform's",
      { platform: 'timezone: "UTC"', platformPack: 'timezone: "Asia/Tokyo"' },
      { timezone: "UTC" },
    ],
  ])("%s", (_, said, wanted) => {
    expect(settings(said)).toEqual(wanted);
  });

  test("whatever the order in which files say it, and whether it is said once or twice", () => {
    const duration = fc.integer({ min: 1, max: 100_000 }).map((count) => `${count}m`);
    const said = fc.record({
      idle: fc.option(duration),
      isolation: fc.option(fc.constantFrom("pool", "schema", "database")),
      a: fc.option(fc.constantFrom("on", "off")),
    });
    const text = ({
      idle,
      isolation,
      a,
    }: {
      idle: string | null;
      isolation: string | null;
      a: string | null;
    }) =>
      [
        idle === null ? "" : `session: { idle: ${idle} }`,
        isolation === null ? "" : `isolation: ${isolation}`,
        a === null ? "" : `features: { a: ${a} }`,
      ].join(" ");
    fc.assert(
      fc.property(said, said, said, (one, two, three) => {
        const [a, b, c] = [one, two, three].map(text);
        const first = settings({ platform: a ?? "", pack: b ?? "", tenant: c ?? "" });
        expect(settings({ platform: c ?? "", platformPack: a ?? "", tenant: b ?? "" })).toEqual(first);
        expect(
          settings({ platform: a ?? "", pack: b ?? "", tenant: c ?? "", platformPack: c ?? "" }),
        ).toEqual(first);
      }),
      { numRuns: 40 },
    );
  });
});

describe("what files may not say beside each other", () => {
  const codes = (said: Said) =>
    compiled(said)
      .findings.filter(({ code }) => code !== "setting/not-enforced")
      .map(({ code, labels }) => [code, labels[0].span.file, labels[1]?.span.file]);

  test("other places of residence, wherever they stand", () => {
    expect(codes({ platform: "residency: eu", pack: "residency: us" })).toEqual([
      ["setting/conflict", "pack.ward", "platform.ward"],
    ]);
    expect(codes({ pack: "residency: eu", platformPack: "residency: us" })).toEqual([
      ["setting/conflict", "pack.ward", "pack-2.ward"],
    ]);
  });

  test("a tenant that keeps rows for too short, but not a pack", () => {
    expect(codes({ platform: "retention: { Book: 6y }", tenant: "retention: { Book: 1y }" })).toEqual([
      ["setting/retention", "north.ward", "platform.ward"],
    ]);
    expect(codes({ platform: "retention: { Book: 6y }", pack: "retention: { Book: 1y }" })).toEqual([]);
  });

  test("a pack that is weaker is no one's advice", () => {
    expect(codes({ platform: "session: { idle: 5m }", pack: "session: { idle: 15m }" })).toEqual([]);
  });

  test("nothing is said twice of one setting that nothing enforces", () => {
    const kept = "retention: { Book: 6y }";
    const { findings } = compiled({ platform: kept, pack: kept, tenant: kept, platformPack: kept });
    expect(findings.map(({ code, labels }) => [code, labels[0].span.file])).toEqual([
      ["setting/not-enforced", "north.ward"],
    ]);
  });
});

describe("a retention that nothing carries out", () => {
  const warned = (field: string) =>
    compileLibrary({
      model: libraryModel.replace(
        "entity Book stored in books {",
        `entity Book stored in books {\n  ${field}`,
      ),
      policy: "permit a: reader to read Book\nsettings { retention: { Book: 6y, audit: 6y } }\n",
      lints: {},
    })
      .findings.filter(({ code }) => code === "setting/not-enforced" || code === "lint/unprotected-class")
      .map(({ message, help }) => [message, help]);
  const audit = ["nothing enforces `retention.audit`", expect.stringContaining("kept whole")];
  const book = ["nothing enforces `retention.Book`", expect.stringContaining("`#ended`")];

  test.each([
    ["left: Date? #ended", [audit]],
    ["left: Instant #ended", [audit]],
    ["left: String #ended", [book, audit]],
    ["left: Date? #ended\n  gone: Date? #ended", [book, audit]],
    ["left: Date?", [book, audit]],
  ])("%s", (field, wanted) => {
    expect(warned(field)).toEqual(expect.arrayContaining(wanted));
    expect(warned(field).filter(([message]) => message?.includes("retention"))).toHaveLength(wanted.length);
  });
});

describe("features", () => {
  const withFeatures = (tenant: string) =>
    compileLibrary({
      model: libraryModel.replace("enum Plan", "enum Feature { summaries, notes }\nenum Plan"),
      policy: `permit a: reader to read Book\nsettings { features: { ${tenant} } }\n`,
      lints: {},
    });

  test("are values of the model's enum, where it has one: what is misspelt would be on", () => {
    const right = withFeatures("summaries: off");
    expect(right.program?.settings?.features).toEqual({ summaries: false });
    // The enum is used by the settings, if by nothing else.
    expect(right.findings.map(({ code }) => code)).not.toContain("lint/unused-enum");
    const { program, findings } = withFeatures("sumaries: off");
    expect(program).toBeNull();
    expect(findings.map(({ code, message }) => [code, message])).toEqual([
      ["name/unknown", expect.stringContaining("sumaries")],
    ]);
  });
});

describe("a pack's settings", () => {
  const pack = (text: string) =>
    `pack guide 1.0\nparameter idle: Duration(..15m) = 15m\nparameter keep: Period\nsettings { ${text} }\n`;
  test("take its parameters", () => {
    const { program } = compileLibrary({
      policy: "use guide 1.0 { idle: 5m keep: 6y }\n",
      packs: [pack("session: { idle: idle } retention: { audit: keep }")],
    });
    expect(program?.settings).toEqual({
      session: { idle: minutes(5) },
      retention: { audit: { count: 6, unit: "y" } },
    });
  });

  test.each([
    ["session: { idle: keep } retention: { audit: keep }", "setting/value"],
    ["session: { idle: idle } isolation: keep", "setting/value"],
    ["session: { idel: idle } keys: { rotate: idle }", "name/unknown"],
    ["session: { idle: idle }", "lint/unused-parameter"],
  ])("are looked at without a model: %s", (text, code) => {
    expect(compilePack({ name: "p", text: pack(text) }).findings.map((found) => found.code)).toContain(code);
  });
});

describe("the published schema", () => {
  const schema = JSON.parse(
    readFileSync(new URL("../../../../docs/spec/settings.schema.json", import.meta.url), "utf8"),
  ) as object;
  const isValid = new Ajv2020({ strict: true }).compile(schema);

  test("names the settings of the table, and no others", () => {
    const { properties } = schema as { properties: Record<string, { properties?: object }> };
    const named = Object.entries(properties).flatMap(([key, value]) =>
      value.properties === undefined ? [key] : Object.keys(value.properties).map((name) => `${key}.${name}`),
    );
    expect(named).toEqual(settingKinds.map(({ name }) => name));
  });

  test("means what the committed validator says", () => {
    const scalar = fc.oneof(
      fc.constantFrom("15m", "0m", "6y", "eu", "schema", "off", "UTC", "", "0_0d", "1_0d", "1__y"),
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
    );
    const key = fc.constantFrom("idle", "longest", "rotate", "Book", "audit", "a", "A", "constructor");
    const value = fc.oneof(scalar, fc.dictionary(key, scalar));
    const name = fc.constantFrom(...Object.keys((schema as { properties: object }).properties), "other");
    fc.assert(
      fc.property(fc.dictionary(name, value), (document) => {
        expect(documentProblems(document).length === 0).toBe(isValid(document));
      }),
      { numRuns: 2000 },
    );
  });

  test("takes no time that grows with the square of a text", () => {
    const long = "1".repeat(500_000);
    const start = processorTime();
    documentProblems({
      session: { idle: long },
      retention: { audit: long },
      timezone: long,
      residency: long,
    });
    expect(processorTime() - start).toBeLessThan(500);
  });
});

test("each setting that is said to be enforced names code that is there", () => {
  for (const { enforcedBy } of settingKinds) {
    if (enforcedBy === null) continue;
    const text = readFileSync(new URL(`../../../../${enforcedBy.file}`, import.meta.url), "utf8");
    expect(text).toContain(`export function ${enforcedBy.name}(`);
  }
});
