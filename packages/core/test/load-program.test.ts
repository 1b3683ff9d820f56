import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluate, loadProgram, serializeProgram, type Program } from "@wardline/core";
import { libraryProgram, libraryRequest } from "../src/testing/library-program.ts";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Path = readonly (string | number)[];

const fresh = (): Json => JSON.parse(serializeProgram(libraryProgram)) as Json;
const original = fresh();

/** Every position in a document but the root. */
function positions(value: Json, at: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [at];
  const below = Array.isArray(value)
    ? value.flatMap((item, i) => positions(item, [...at, i]))
    : Object.entries(value).flatMap(([key, item]) => positions(item, [...at, key]));
  return at.length === 0 ? below : [at, ...below];
}

function get(root: Json, path: Path): Json {
  return path.reduce<Json>((at, key) => (at as Record<string | number, Json>)[key] as Json, root);
}

function change(
  path: Path,
  edit: (parent: Record<string | number, Json>, key: string | number) => void,
): Json {
  const document = fresh();
  edit(get(document, path.slice(0, -1)) as Record<string | number, Json>, path.at(-1) as string | number);
  return document;
}

const replace = (path: Path, value: Json): Json => change(path, (parent, key) => (parent[key] = value));

function errorOf(document: unknown): string {
  const loaded = loadProgram(document);
  return "error" in loaded ? loaded.error : "";
}

/** Refused, or taken exactly as it stands. */
function expectRefusedOrFaithful(document: Json, path: Path): "refused" | "faithful" {
  const loaded = loadProgram(document);
  if ("error" in loaded) {
    expect(loaded.error).toMatch(/^\$[^ ]*: ./);
    return "refused";
  }
  expect(loaded.program, path.join(".")).toEqual(document);
  return "faithful";
}

const all = positions(fresh());

const twice = (path: Path): Json => [get(original, path), get(original, path)];

function ofPack(pack: string, id: string): Json {
  const rule = get(original, ["rules", id.endsWith("1") ? 1 : 2]) as Record<string, Json>;
  return { ...rule, layer: "tenant", pack, id };
}

describe("loadProgram", () => {
  it("takes what serializeProgram gives, frozen and equal", () => {
    const loaded = loadProgram(fresh());
    if ("error" in loaded) throw new Error(loaded.error);
    expect(loaded.program).toEqual(libraryProgram);
    for (const path of [[], ...all])
      expect(Object.isFrozen(get(loaded.program as unknown as Json, path))).toBe(true);
  });

  it("shares nothing with its input", () => {
    const input = fresh();
    const loaded = loadProgram(input);
    if ("error" in loaded) throw new Error(loaded.error);
    (get(input, ["tables", 0, "passes", 0]) as Record<string, Json>)["forbids"] = [];
    expect(loaded.program).toEqual(libraryProgram);
  });

  it("refuses every document with a key deleted", () => {
    const keys = all.filter((path) => typeof path.at(-1) === "string");
    expect(keys.length).toBeGreaterThan(500);
    for (const path of keys)
      expect(errorOf(change(path, (parent, key) => delete parent[key])), path.join(".")).not.toBe("");
  });

  it("refuses every document with a key added", () => {
    const objects = [[], ...all].filter((path) => {
      const value = get(original, path);
      return typeof value === "object" && value !== null && !Array.isArray(value);
    });
    for (const path of objects)
      for (const key of ["extra", "__proto__", "constructor"]) {
        const document = fresh();
        Object.defineProperty(get(document, path), key, {
          value: null,
          enumerable: true,
          writable: true,
          configurable: true,
        });
        expect(errorOf(document), path.join(".")).toContain(JSON.stringify(key));
      }
  });

  it("refuses every value of a wrong type", () => {
    for (const path of all) {
      const value = get(original, path);
      const wrong: Json[] = [{}, [null], -1.5];
      if (!Array.isArray(value)) wrong.push([]);
      if (typeof value !== "string") wrong.push("text");
      if (typeof value !== "boolean") wrong.push(true);
      if (typeof value !== "number") wrong.push(0);
      if (value !== null && path.at(-1) !== "within") wrong.push(null);
      for (const other of wrong) {
        const verdict = expectRefusedOrFaithful(replace(path, other), path);
        // What may be absent or is free text can be told apart by nothing.
        if (!mayBecome(path, other))
          expect(verdict, `${path.join(".")} = ${JSON.stringify(other)}`).toBe("refused");
      }
    }
  });

  it("refuses every index that is out of range, negative, broken or not a number", () => {
    const indices = all.filter((path) => typeof get(original, path) === "number" && !isFreeNumber(path));
    expect(indices.length).toBeGreaterThan(100);
    for (const path of indices)
      for (const wrong of [-1, 0.5, 1000, 2 ** 31, Number.NaN, Number.POSITIVE_INFINITY, "0"])
        expect(errorOf(replace(path, wrong)), `${path.join(".")} = ${wrong}`).not.toBe("");
  });

  it("refuses a program in which a table's slots are not those that are read", () => {
    const slots = ["tables", 0, "slots"];
    const listed = get(original, slots) as number[];
    for (const slot of listed)
      expect(
        errorOf(
          replace(
            slots,
            listed.filter((other) => other !== slot),
          ),
        ),
        `without ${slot}`,
      ).toContain("$.tables[0].slots");
    expect(errorOf(replace(slots, [...listed, listed.at(-1) as number]))).toContain("ascend");
    expect(errorOf(replace(slots, listed.toReversed()))).toContain("ascend");
    for (const slot of [19, 20, 21, 22])
      expect(
        errorOf(
          replace(
            slots,
            [...listed, slot].toSorted((a, b) => a - b),
          ),
        ),
      ).toContain("$.tables[0].slots");
  });

  const nowSlot = libraryProgram.slots.findIndex((slot) => slot.source.from === "now");
  const attacks: readonly (readonly [what: string, path: Path, value: Json, message: string])[] = [
    ["a cycle", ["conditions", 13, "of"], [1, 13], "before its parent"],
    ["a forward reference", ["conditions", 13, "of"], [1, 14], "before its parent"],
    ["one child", ["conditions", 13, "of"], [1], "two or more"],
    ["a child twice", ["conditions", 13, "of"], [1, 1], "twice"],
    ["another format", ["format"], "wardline/ir/2", "$.format"],
    ["an unknown kind", ["atoms", 0, "kind"], "always", "$.atoms[0].kind"],
    ["a kind from the prototype", ["atoms", 0, "kind"], "constructor", "$.atoms[0].kind"],
    ["an order on strings", ["atoms", 1, "op"], "lt", "no order"],
    ["a comparison across types", ["atoms", 1, "right", "slot"], 4, "agree"],
    [
      "a scale that differs",
      ["atoms", 0, "right"],
      { kind: "constant", value: "2.000", type: { kind: "decimal", precision: 4, scale: 3 } },
      "agree",
    ],
    ["a constant that is not canonical", ["atoms", 0, "right", "value"], "20.0", "not a value"],
    ["a fallback of a wrong type", ["atoms", 9, "left", "fallback"], "0", "not a value"],
    [
      "a moved now outside of a comparison",
      ["atoms", 3],
      {
        kind: "one_of",
        of: { kind: "now", slot: nowSlot, offset: -1 },
        values: ["2026-01-01T00:00:00.000000Z"],
        type: { kind: "instant" },
      },
      "comparisons alone",
    ],
    ["a set as operand", ["atoms", 2, "of", "slot"], 2, "is a set"],
    ["a truth that is a text", ["atoms", 2, "of", "slot"], 12, "agree"],
    ["no choice", ["atoms", 3, "values"], [], "empty"],
    ["a choice twice", ["atoms", 3, "values"], ["open", "open"], "twice"],
    ["choices out of order", ["atoms", 3, "values"], ["open", "closed"], "out of order"],
    ["a choice that is no value", ["atoms", 3, "values"], ["closed", "shut"], "not a value"],
    ["contains of no set", ["atoms", 4, "set"], 12, "not a set"],
    ["roles from elsewhere", ["atoms", 6, "slot"], 11, "principal.roles"],
    ["no role", ["atoms", 6, "roles"], [], "empty"],
    ["ancestors of something else", ["atoms", 7, "entity", "slot"], 9, "ancestors"],
    ["a false claim of one type", ["atoms", 7, "same"], true, "types"],
    ["a relation from elsewhere", ["atoms", 8, "slot"], 11, "relation"],
    ["a relation turned round", ["atoms", 8, "from", "slot"], 4, "agree"],
    ["an equal atom", ["atoms", 1], get(original, ["atoms", 0]), "equal atom"],
    ["a slot out of place", ["slots", 5, "id"], 4, "its place"],
    ["an equal slot", ["slots", 23], { ...(get(original, ["slots", 16]) as object), id: 23 }, "equal slot"],
    ["an optional tenant", ["slots", 5, "optional"], true, "must not be optional"],
    ["an optional field that is not", ["slots", 7, "optional"], true, "says otherwise"],
    ["another type than the field", ["slots", 6, "type", "max"], 6, "another type"],
    ["a fact that the model has not", ["slots", 14, "source", "name"], "aim", "no fact"],
    ["a sealed field", ["slots", 12, "source", "name"], "code", "sealed"],
    ["a row that the action has not", ["slots", 12, "source", "row"], "next", "no next"],
    ["a grant by a forbid", ["tables", 0, "passes", 0, "grants", 0, "rule"], 2, "not a permit"],
    ["a forbid by a permit", ["tables", 0, "passes", 0, "forbids", 0, "rule"], 1, "not a forbid"],
    ["rules out of order", ["tables", 0, "passes", 0, "grants", 1, "rule"], 0, "ascend"],
    [
      "one pass of an update",
      ["tables", 1, "passes"],
      [get(original, ["tables", 1, "passes", 0])],
      "must ask",
    ],
    ["passes exchanged", ["tables", 1, "passes", 0, "row"], "next", "must ask"],
    ["a table twice", ["tables", 1], get(original, ["tables", 0]), "same question"],
    ["an action of others", ["model", "actions", 0, "entities"], ["Branch"], "is not for Book"],
    [
      "a text mask of a number",
      ["tables", 0, "passes", 0, "grants", 0, "effects", 1, "mask"],
      { kind: "redact" },
      "is not for the type",
    ],
    [
      "a mask that shows too much",
      ["tables", 0, "passes", 0, "grants", 0, "effects", 0, "mask", "last"],
      65,
      "64",
    ],
    [
      "a mask that shows nothing",
      ["tables", 0, "passes", 0, "grants", 0, "effects", 0, "mask", "last"],
      0,
      "64",
    ],
    [
      "a mask of no field",
      ["tables", 0, "passes", 0, "grants", 0, "effects", 0, "field"],
      "isbn",
      "no field",
    ],
    [
      "two masks of a field",
      ["tables", 0, "passes", 0, "grants", 0, "effects", 1, "field"],
      "title",
      "twice",
    ],
    [
      "a precondition that is none",
      ["tables", 0, "passes", 0, "requires", 0, "preconditions", 0, "obligation"],
      { type: "hide", field: "note" },
      "not a precondition",
    ],
    ["a duty that is none", ["tables", 1, "duties", 0], { type: "reason" }, "not a duty"],
    ["a duty that forgets a field", ["tables", 1, "duties", 0, "fields"], [], "sealed fields"],
    ["sealing a set", ["sealed", 0, "fields"], ["code", "tags"], "only a string"],
    ["sealing nothing", ["sealed", 0, "fields"], [], "empty"],
    ["sealing out of order", ["sealed", 0, "fields"], ["code", "title"], "order"],
    ["a rule twice", ["rules", 1, "id"], "north/rule_0", "twice"],
    ["a rule of another tenant", ["rules", 1, "id"], "south/rule_1", "north/"],
    ["a rule that plays the platform", ["rules", 1, "id"], "platform/rule_1", "north/"],
    [
      "a rule whose id names a pack that it is not of",
      ["rules", 1, "id"],
      "north/guide/rule_1",
      "and a name",
    ],
    ["a rule without a name", ["rules", 1, "id"], "north/", "and a name"],
    ["a rule whose name is none", ["rules", 1, "id"], "north/\u202erule", "and a name"],
    ["a tenant called like the platform", ["tenant"], "platform", "$.tenant"],
    ["a tenant that plays a tenant's pack", ["tenant"], "north/guide", "$.tenant"],
    ["a ceiling of a tenant", ["rules", 1, "kind"], "ceiling", "a tenant has no ceiling"],
    ["a floor of a tenant", ["rules", 1, "kind"], "floor", "a tenant has no floor"],
    ["a share of a tenant", ["rules", 1, "kind"], "share", "a tenant has no share"],
    ["a permit of a pack", ["rules", 1], ofPack("guide", "guide/rule_1"), "a pack has no permit"],
    [
      "a pack called like the platform",
      ["rules", 2],
      ofPack("platform", "platform/rule_2"),
      "name of a pack",
    ],
    ["a pack called like the tenant", ["rules", 2], ofPack("north", "north/rule_2"), "name of a pack"],
    ["a rule of no pack of the platform", ["rules", 2], ofPack("guide", "north/guide/rule_2"), "guide/"],
    ["what is sealed twice", ["tables", 1, "duties"], twice(["tables", 1, "duties", 0]), "once"],
    ["a role that extends itself", ["model", "roles", 1, "extends"], ["keeper"], "extends itself"],
    ["a line break in a rule's id", ["rules", 1, "id"], "north/x\nallow := true", "one line"],
    ["a lone surrogate", ["rules", 0, "doc"], "\ud800", "well formed"],
    ["an enum with other values", ["model", "enums", 0, "values"], ["open"], "are others"],
    ["a field twice", ["model", "entities", 2, "fields", 1, "name"], "title", "twice"],
    ["a reference to no entity", ["model", "relations", 0, "to"], "Shop", "no entity"],
    ["a role of no role", ["model", "roles", 1, "extends"], ["owner"], "no role"],
    ["a name that is none", ["model", "entities", 2, "fields", 0, "name"], "__proto__", "a name"],
  ];

  it.each(attacks)("refuses %s", (_, path, value, message) => {
    const error = errorOf(replace(path, value));
    expect(error).toMatch(/^\$/);
    expect(error).toContain(message);
  });

  it("refuses conditions that nest too deep, and takes what is just deep enough", () => {
    const nested = (depth: number) => {
      const document = fresh() as { conditions: Json[] };
      const first = document.conditions.length;
      for (let i = 0; i < depth - 1; i += 1)
        document.conditions.push({ kind: "and", of: [0, i === 0 ? 1 : first + i - 1] });
      return document;
    };
    expect(errorOf(nested(1000))).toBe("");
    expect(errorOf(nested(1001))).toContain("nests deeper");
    expect(errorOf(nested(20_000))).toContain("nests deeper");
  });

  it("takes a condition of very many parts, and refuses it by its place where it is wrong", () => {
    const document = fresh() as { conditions: Json[] };
    const first = document.conditions.length;
    const parts = Array.from({ length: 200_000 }, (_, i) => first + i);
    for (const _ of parts) document.conditions.push({ kind: "constant", value: false });
    document.conditions.push({ kind: "or", of: parts });
    expect(errorOf(document)).toBe("");
    document.conditions.push({ kind: "or", of: [...parts, first] });
    expect(errorOf(document)).toContain("twice");
  });

  it("refuses settings that no file could give", () => {
    const settings = (given: Json) => errorOf({ ...(fresh() as object), settings: given });
    expect(settings({ timezone: "Europe/Berlin", retention: { audit: { count: 6, unit: "y" } } })).toBe("");
    expect(settings({ timezone: "Mars/Olympus" })).toContain("$.settings.timezone");
    expect(settings({ session: { idle: 0 } })).toContain("$.settings.session.idle");
    expect(settings({ retention: { audit: { count: 0, unit: "y" } } })).toContain("count");
    expect(settings({ retention: { Nothing: { count: 6, unit: "y" } } })).toContain("retention.Nothing");
  });

  it("refuses a condition that reads what is left of a limit", () => {
    const document = fresh() as { slots: Json[]; atoms: Json[] };
    const type = { kind: "int", min: 0, max: Number.MAX_SAFE_INTEGER };
    const source = { from: "limit", rule: "north/rule_0", part: "left" };
    const slot = document.slots.push({ id: document.slots.length, source, type, optional: false }) - 1;
    expect(errorOf(document)).toBe("");
    document.atoms.push({
      kind: "compare",
      op: "eq",
      left: { kind: "slot", slot, fallback: null },
      right: { kind: "constant", value: 0, type },
    });
    expect(errorOf(document)).toContain("limit");
  });

  it("refuses what is no JSON document of a program", () => {
    for (const other of [undefined, null, 0, "x", [], () => 0, new Map(), Object.create(libraryProgram)])
      expect(errorOf(other)).toMatch(/^\$: must be/);
    const holed = fresh() as { rules: Json[] };
    Reflect.deleteProperty(holed.rules, 0);
    expect(errorOf(holed)).toContain("holes");
  });

  it("never throws, whatever one position holds", () => {
    fc.assert(
      // As it travels: JSON has no minus zero.
      fc.property(fc.constantFrom(...all), fc.jsonValue(), (path, value) => {
        expectRefusedOrFaithful(replace(path, JSON.parse(JSON.stringify(value)) as Json), path);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("serializeProgram", () => {
  it("gives the same text whatever the order of keys, and the program back", () => {
    const turn = (value: Json): Json => {
      if (Array.isArray(value)) return value.map(turn);
      if (typeof value !== "object" || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .toReversed()
          .map(([key, item]) => [key, turn(item)]),
      );
    };
    const turned = turn(fresh());
    expect(serializeProgram(turned as unknown as Program)).toBe(serializeProgram(libraryProgram));
    const loaded = loadProgram(turned);
    if ("error" in loaded) throw new Error(loaded.error);
    expect(evaluate(loaded.program, libraryRequest)).toEqual(evaluate(libraryProgram, libraryRequest));
    expect(evaluate(loaded.program, libraryRequest).outcome).toBe("permit");
  });
});

function isFreeNumber(path: Path): boolean {
  return (
    ["line", "min", "max", "precision", "scale", "last", "within", "value", "fallback"].includes(
      String(path.at(-1)),
    ) || isValue(path)
  );
}

function isValue(path: Path): boolean {
  return path.at(-2) === "values" && path[0] === "atoms";
}

/** Replacements that are right by themselves: null for what may be absent, any text, an empty list where one may be. */
function mayBecome(path: Path, value: Json): boolean {
  const key = path.at(-1);
  const before = get(original, path);
  if (key === "fallback" && typeof value !== "object") return true;
  if (value === null)
    return ["because", "doc", "storage", "ancestors", "attribute", "fallback"].includes(String(key));
  if (typeof value === "string")
    return typeof before === "string" || ["because", "doc", "fallback"].includes(String(key));
  if (typeof value === "number") return key === "fallback" || key === "ancestors" || key === "within";
  if (Array.isArray(value)) return Array.isArray(before) && value.length === 0;
  return typeof value === "boolean" && typeof before === "boolean";
}

it("refuses ancestors and relations that may be left out: a negated question about nobody would hold", () => {
  for (const from of ["ancestors", "relation"]) {
    const slots = libraryProgram.slots.map((slot) =>
      slot.source.from === from ? { ...slot, optional: true } : slot,
    );
    expect(loadProgram({ ...libraryProgram, slots })).toMatchObject({
      error: expect.stringContaining("optional"),
    });
  }
});

describe("the ceilings of a pass", () => {
  const withCeilings = (
    ceiling: number,
    ceilings: readonly { rule: number; when: number }[],
    more: Json[] = [],
  ) => {
    const document = fresh() as { conditions: Json[]; tables: { passes: { [key: string]: Json }[] }[] };
    document.conditions.push(...more);
    Object.assign(document.tables[1]?.passes[0] ?? {}, { ceiling, ceilings });
    return errorOf(document);
  };
  const never = { kind: "constant", value: false };
  const other = { kind: "atom", atom: 6, negated: true };
  const next = (original as { conditions: Json[] }).conditions.length;

  it.each([
    ["one that always holds", 0, [{ rule: 4, when: 0 }], []],
    ["one with a condition", 7, [{ rule: 4, when: 7 }], []],
    ["none that reaches here", next, [], [never]],
    ["one of several parts", next + 1, [{ rule: 4, when: next + 1 }], [other, { kind: "or", of: [7, next] }]],
    ["one that never holds", next, [{ rule: 4, when: next }], [never]],
  ])("may be %s", (_, ceiling, ceilings, more) => {
    expect(withCeilings(ceiling, ceilings, more as Json[])).toBe("");
  });

  it.each([
    ["a condition that none of them has", 7, [], []],
    ["less than one of them has", 7, [{ rule: 4, when: 0 }], []],
    ["more than they have", 0, [{ rule: 4, when: 7 }], []],
    ["nothing, though one holds", next, [{ rule: 4, when: 7 }], [never]],
    ["a part too many", next, [{ rule: 4, when: 7 }], [{ kind: "or", of: [7, 8] }]],
  ])("never come to %s", (_, ceiling, ceilings, more) => {
    expect(withCeilings(ceiling, ceilings, more as Json[])).toContain(
      "$.tables[1].passes[0].ceilings: do not come to",
    );
  });

  it("are ceilings", () => {
    expect(withCeilings(7, [{ rule: 0, when: 7 }])).toContain("not a ceiling");
  });
});
