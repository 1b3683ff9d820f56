import { describe, expect, test } from "vitest";
import {
  casesPerModel,
  constructsOfText,
  entityNamed,
  generateCase,
  generateRequests,
  hostileTexts,
  properAncestors,
  requestFor,
  textConstructs,
  valueAmong,
  wholeConstructs,
  wholeConstructsOfText,
  type Case,
} from "../../src/testing/index.ts";
import { isWireValue } from "../../src/value/wire.ts";
import { libraryProgram } from "../../src/testing/library-program.ts";

const models = 60;
const cases: readonly Case[] = Array.from({ length: models * casesPerModel }, (_, seed) =>
  generateCase(seed),
);
const worlds = Array.from({ length: 200 }, (_, model) => generateCase(model * casesPerModel));

const texts = (made: Case) => [made.model.text, made.platform.text, made.policy.text];

describe("texts", () => {
  test("the same seed gives the same case, and other seeds give others", () => {
    for (const made of cases.slice(0, 40)) {
      const again = generateCase(made.seed);
      expect(texts(again)).toEqual(texts(made));
      expect(again.world.rows).toEqual(made.world.rows);
    }
    expect(new Set(cases.map((made) => made.policy.text)).size).toBe(cases.length);
    expect(new Set(cases.map((made) => made.model.text)).size).toBe(models);
  });

  test("they are NFC and hold no control or unseen character", () => {
    for (const made of cases)
      for (const text of texts(made)) {
        expect(text).toBe(text.normalize("NFC"));
        expect(text).not.toMatch(/(?!\n)\p{Cc}|\p{Cf}|\p{Cs}/u);
      }
  });

  test("every construct occurs in at least 2 % of the cases", () => {
    const seen = cases.map((made) => constructsOfText(...texts(made)));
    const rare = textConstructs.filter(
      (name) => seen.filter((found) => found.has(name)).length < cases.length / 50,
    );
    expect(rare).toEqual([]);
  });

  test("what only rules can say is in cases of that extent, and in no others", () => {
    const words: readonly RegExp[] = [
      /^floor /m,
      /^share /m,
      /^permit [^]*?\n {2}with (?:.*, )?(?:reason|step_up|approval)/m,
      /\blimit\(/,
      /\baudit\b/,
      /\bnotify\(/,
      /\bapproval\b(?! from)/,
      /partial\(first:/,
      /, bucket\(/,
      /, (?:month|year)\)/,
      /, (?:token|hash)\)/,
    ];
    const rules = ({ platform, policy }: Case) => `${platform.text}\n${policy.text}`;
    const whole = cases.map(({ seed }) => rules(generateCase(seed, "core", "rules")));
    for (const word of words) {
      expect(
        cases.filter((made) => word.test(rules(made))).map((made) => made.seed),
        String(word),
      ).toEqual([]);
      expect(whole.filter((text) => word.test(text)).length, String(word)).toBeGreaterThan(cases.length / 50);
    }
  });

  test("a construct is not seen where it is not", () => {
    expect(
      constructsOfText('permit a: reader to read Book\n  when resource.label == "x in [y]"'),
    ).not.toContain("in list");
    expect(constructsOfText("permit a: reader to read Book")).not.toContain("anyone");
  });
});

describe("the whole of what conditions say", () => {
  const whole = Array.from({ length: models * casesPerModel }, (_, seed) => generateCase(seed, "whole"));

  test("every construct of it occurs in at least 2 % of the cases, and none in the others", () => {
    const seen = whole.map((made) => wholeConstructsOfText(...texts(made)));
    const rare = wholeConstructs.filter(
      (name) => seen.filter((found) => found.has(name)).length < whole.length / 50,
    );
    expect(rare).toEqual([]);
    const declared = /^fact of type/;
    for (const made of cases) {
      const found = [...wholeConstructsOfText(...texts(made))].filter((name) => !declared.test(name));
      expect(found).toEqual([]);
    }
  });

  test("all others occur too", () => {
    const seen = whole.map((made) => constructsOfText(...texts(made)));
    const rare = textConstructs.filter(
      (name) => seen.filter((found) => found.has(name)).length < whole.length / 50,
    );
    expect(rare).toEqual([]);
  });
});

describe("worlds", () => {
  test("values have their types, and only optional ones are absent", () => {
    for (const { generated, world } of worlds)
      for (const row of world.rows)
        for (const field of entityNamed(generated.ir, row.entity).fields) {
          const value = valueAmong(row.attributes, field.name);
          if (value === undefined) expect(field.optional).toBe(true);
          else expect(isWireValue(value, field.type), `${field.name}: ${JSON.stringify(value)}`).toBe(true);
        }
  });

  test("what a row refers to stands in its own tenant", () => {
    for (const { generated, world } of worlds) {
      const stands = (entity: string, tenant: string, id: unknown) =>
        world.rows.some((row) => row.entity === entity && row.tenant === tenant && row.id === id) ||
        world.principals.some((p) => p.type === entity && p.tenant === tenant && p.id === id);
      for (const row of world.rows) {
        for (const field of entityNamed(generated.ir, row.entity).fields) {
          const value = valueAmong(row.attributes, field.name);
          if (field.type.kind === "entity" && value !== undefined)
            expect(stands(field.type.entity, row.tenant, value)).toBe(true);
        }
        for (const parent of row.parents) expect(stands(parent.entity, row.tenant, parent.id)).toBe(true);
      }
      for (const pair of world.pairs) {
        const relation = generated.ir.relations.find((r) => r.name === pair.relation);
        expect(stands(relation?.from ?? "", pair.tenant, pair.from)).toBe(true);
        expect(stands(relation?.to ?? "", pair.tenant, pair.to)).toBe(true);
      }
    }
  });

  test("no row is its own ancestor, and a key is one row in a tenant", () => {
    for (const { world } of worlds) {
      for (const row of world.rows)
        expect(properAncestors(world, row.parents, row.tenant, row.entity)).not.toContain(row.id);
      const keys = world.rows.map((row) => `${row.entity} ${row.tenant} ${row.id}`);
      expect(new Set(keys).size).toBe(keys.length);
    }
  });

  test("both tenants have rows of every entity, at times under the same key", () => {
    let shared = 0;
    for (const { generated, world } of worlds) {
      for (const entity of generated.ir.entities.filter((e) => e.storage !== null))
        for (const tenant of world.tenants)
          expect(world.rows.some((row) => row.entity === entity.name && row.tenant === tenant)).toBe(true);
      const [first, second] = world.tenants;
      const ids = new Set(world.rows.filter((row) => row.tenant === first).map((row) => row.id));
      if (world.rows.some((row) => row.tenant === second && ids.has(row.id))) shared += 1;
    }
    expect(shared).toBeGreaterThan(5);
  });

  test("hostile values occur: texts, edges, −0, empty sets, absent facts and parents, self relations", () => {
    const values = worlds.flatMap(({ world }) => world.rows.flatMap((row) => Object.values(row.attributes)));
    const strings = new Set(values);
    expect(hostileTexts.filter((text) => !strings.has(text))).toEqual([]);
    for (const edge of [
      Number.MAX_SAFE_INTEGER,
      -Number.MAX_SAFE_INTEGER,
      "0.999999999999999999",
      "-0.01",
      "2026-01-05T12:00:00.000001Z",
    ])
      expect(strings.has(edge), String(edge)).toBe(true);
    expect(values.some((value) => Object.is(value, -0))).toBe(true);
    expect(values.some((value) => Array.isArray(value) && value.length === 0)).toBe(true);
    expect(worlds.some(({ world }) => world.rows.some((row) => row.parents.length === 0))).toBe(true);
    expect(worlds.some(({ world }) => world.pairs.some((pair) => pair.from === pair.to))).toBe(true);
    expect(worlds.some(({ world }) => world.principals.some((p) => p.id === "__proto__"))).toBe(true);
  });
});

describe("requests", () => {
  const world = worlds[0]?.world;
  const made = worlds[0];
  if (world === undefined || made === undefined) throw new Error("there is no case");

  test("ancestors are the closure over parents, by type, in the row's own tenant", () => {
    const [top, middle, low] = ["a", "b", "c"].map((id, at) => ({
      entity: "Branch",
      id,
      tenant: "north",
      attributes: {},
      parents: at === 0 ? [] : [{ at: 0, entity: "Branch", id: "abc"[at - 1] as string }],
    }));
    const rows = [top, middle, low].filter((row) => row !== undefined);
    const foreign = rows.map((row) => ({ ...row, tenant: "south", parents: [] }));
    const small = { ...world, rows: [...foreign, ...rows] };
    expect(properAncestors(small, low?.parents ?? [], "north", "Branch")).toEqual(["b", "a"]);
    expect(properAncestors(small, low?.parents ?? [], "south", "Branch")).toEqual(["b"]);
    expect(properAncestors(small, low?.parents ?? [], "north", "Loan")).toEqual([]);
  });

  test("a request says who, where and what, and carries no row that was not asked about", () => {
    const [principal] = world.principals;
    const [row] = world.rows;
    if (principal === undefined || row === undefined) throw new Error("the world is empty");
    const asker = {
      principal,
      roles: ["reader"],
      tenant: row.tenant,
      context: {},
      now: "2026-01-05T12:00:00.000000Z",
    };
    const request = requestFor(world, libraryProgram, asker, "update", row.entity, { prior: row, next: row });
    expect(request.prior).toEqual({ id: row.id, tenant: row.tenant, attributes: row.attributes });
    expect(request.resource).toEqual({ type: row.entity });
    expect(request.principal.roles).toEqual(["reader"]);
  });

  test("every third request or so is damaged, and the same seed damages it alike", () => {
    const all = generateRequests(made, libraryProgram, 200);
    const harmed = all.filter((r) => r.damage !== null);
    expect(harmed.length).toBeGreaterThan(30);
    expect(harmed.length).toBeLessThan(100);
    expect(generateRequests(made, libraryProgram, 200)).toEqual(all);
  });
});
