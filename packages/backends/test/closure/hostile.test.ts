import { afterEach, describe, expect, it } from "vitest";
import { compileClosures } from "@wardline/backends";
import { evaluate, irFormat, type Program } from "@wardline/core";

/** Readers may read a book; nothing else is said. */
const program: Program = {
  format: irFormat,
  tenant: "north",
  model: {
    name: "library",
    enums: [],
    tenant: [],
    context: [{ name: "purpose", type: { kind: "string" }, optional: true }],
    entities: [
      { name: "Member", kind: "principal", storage: null, keyType: "text", parents: [], fields: [] },
      { name: "Book", kind: "entity", storage: null, keyType: "text", parents: [], fields: [] },
    ],
    relations: [],
    actions: [{ name: "read", kind: "reads", entities: ["Book"] }],
    roles: [{ name: "reader", extends: [], platform: false }],
  },
  rules: [
    { id: "north/all", layer: "tenant", kind: "permit", file: "n.ward", line: 1, because: null, doc: null },
    { id: "north/no", layer: "tenant", kind: "forbid", file: "n.ward", line: 2, because: null, doc: null },
  ],
  slots: [
    {
      id: 0,
      source: { from: "principal", part: "id" },
      type: { kind: "entity", entity: "Member" },
      optional: false,
    },
    { id: 1, source: { from: "principal", part: "tenant" }, type: { kind: "string" }, optional: false },
    {
      id: 2,
      source: { from: "principal", part: "roles" },
      type: { kind: "set", of: { kind: "string" } },
      optional: false,
    },
    { id: 3, source: { from: "tenant", part: "id" }, type: { kind: "string" }, optional: false },
    {
      id: 4,
      source: { from: "row", row: "resource", part: "id" },
      type: { kind: "entity", entity: "Book" },
      optional: false,
    },
    {
      id: 5,
      source: { from: "row", row: "resource", part: "tenant" },
      type: { kind: "string" },
      optional: false,
    },
    { id: 6, source: { from: "context", name: "purpose" }, type: { kind: "string" }, optional: true },
  ],
  atoms: [
    { kind: "role", slot: 2, roles: ["reader"] },
    { kind: "has", slot: 6 },
  ],
  conditions: [
    { kind: "constant", value: true },
    { kind: "atom", atom: 0, negated: false },
    { kind: "atom", atom: 1, negated: false },
  ],
  tables: [
    {
      principal: "Member",
      action: "read",
      resource: "Book",
      passes: [
        {
          row: "resource",
          ceiling: 0,
          forbids: [{ rule: 1, when: 2 }],
          grants: [{ rule: 0, when: 1, effects: [] }],
          requires: [],
        },
      ],
      slots: [0, 1, 2, 3, 4, 5, 6],
      duties: [],
    },
  ],
  sealed: [],
};

const good = () => ({
  tenant: { id: "north" },
  principal: { type: "Member", id: "m", tenant: "north", roles: ["reader"] },
  action: { name: "read" },
  resource: { type: "Book", id: "b", tenant: "north" },
});

const { decide } = compileClosures(program);
const invalid = { outcome: "deny", rules: [], obligations: [], reason: "invalid_input" };
const permitted = { outcome: "permit", rules: ["north/all"], obligations: [], reason: null };

describe("a hostile request", () => {
  it("is judged beside a good one", () => expect(decide(good())).toEqual(permitted));

  it("gets nothing from an inherited key", () => {
    const roles = {
      ...good(),
      principal: Object.assign(Object.create({ roles: ["reader"] }), {
        type: "Member",
        id: "m",
        tenant: "north",
      }) as object,
    };
    expect(decide(roles)).toEqual(invalid);
    expect(decide(Object.create(good()))).toEqual(invalid);
  });

  it("gets nothing from a __proto__ key", () => {
    const text = JSON.stringify(good()).replace('"roles":["reader"]', '"__proto__":{"roles":["reader"]}');
    expect(decide(JSON.parse(text))).toEqual(invalid);
  });

  it.each([
    ["principal", ["__proto__", "constructor", "toString", "hasOwnProperty"]],
    ["action", ["__proto__", "constructor", "toString"]],
    ["resource", ["__proto__", "constructor", "valueOf"]],
  ])("finds no table named after a member of Object: %s", (part, names) => {
    for (const name of names) {
      const key = part === "action" ? "name" : "type";
      const request = { ...good(), [part]: { ...good()[part as "action"], [key]: name } };
      expect(decide(request)).toEqual(invalid);
      expect(evaluate(program, request)).toEqual(invalid);
    }
  });

  it.each([undefined, null, 0, -0, Number.NaN, "", "x", true, [], [good()], new Map(), () => good()])(
    "denies %o",
    (request) => {
      expect(decide(request)).toEqual(invalid);
      expect(evaluate(program, request)).toEqual(invalid);
    },
  );

  it.each(
    [
      ["reader"],
      { 0: "reader", length: 1 },
      "reader",
      null,
      [["reader"]],
      [null, "reader"],
      [Number.NaN],
      new Set(["reader"]),
    ].map((roles) => [roles]),
  )("takes roles %o as the oracle does", (roles) => {
    const request = { ...good(), principal: { ...good().principal, roles } };
    expect(decide(request)).toEqual(evaluate(program, request));
  });

  it("leaves nothing for the next one", () => {
    const withPurpose = { ...good(), context: { purpose: "theft" } };
    expect(decide(withPurpose)).toMatchObject({ reason: "forbidden", rules: ["north/no"] });
    expect(decide(good())).toEqual(permitted);
    const { tenant: _, ...homeless } = good();
    expect(decide(homeless)).toEqual(invalid);
    expect(decide({ ...good(), context: null })).toEqual(permitted);
  });

  it("can't spoil an answer that others share", () => {
    const refusal = decide(null) as unknown as { outcome: string; rules: string[] };
    expect(() => (refusal.outcome = "permit")).toThrow(TypeError);
    expect(() => refusal.rules.push("north/all")).toThrow(TypeError);
    expect(decide(null)).toEqual(invalid);
  });

  it("may come back in while it is read, and neither question disturbs the other", () => {
    const inner: unknown[] = [];
    const asking = good();
    Object.defineProperty(asking, "context", {
      enumerable: true,
      get: () => {
        inner.push(decide({ ...good(), context: { purpose: "theft" } }), decide(null), decide(good()));
        return {};
      },
    });
    expect(decide(asking)).toEqual(permitted);
    expect(inner).toMatchObject([
      { reason: "forbidden" },
      { reason: "invalid_input" },
      { outcome: "permit" },
    ]);
  });

  it("that throws leaves the engine sound", () => {
    const throwing = good();
    Object.defineProperty(throwing.principal, "roles", {
      get: () => {
        throw new Error("no");
      },
    });
    expect(() => decide(throwing)).toThrow("no");
    expect(decide(good())).toEqual(permitted);
  });
});

describe("a polluted Object.prototype", () => {
  const polluted = [
    "roles",
    "tenant",
    "principal",
    "purpose",
    "context",
    "id",
    "kind",
    "0",
    "read",
    "fallback",
  ];
  afterEach(() => {
    for (const key of polluted) Reflect.deleteProperty(Object.prototype, key);
  });

  it("adds no fact", () => {
    const everyObject: object = Object.prototype;
    const { principal: _, ...nobody } = good();
    const { roles: __, ...roleless } = good().principal;
    for (const key of polluted)
      Object.defineProperty(everyObject, key, {
        value: good().principal.roles,
        configurable: true,
        writable: true,
      });
    Object.defineProperty(everyObject, "principal", {
      value: { type: "Member", id: "m", tenant: "north", roles: ["reader"] },
      configurable: true,
    });
    Object.defineProperty(everyObject, "purpose", { value: "theft", configurable: true });
    const answers = [
      decide(nobody),
      decide({ ...good(), principal: roleless }),
      decide(good()),
      compileClosures(program).decide(good()),
    ];
    for (const key of polluted) Reflect.deleteProperty(Object.prototype, key);
    expect(answers).toEqual([invalid, invalid, permitted, permitted]);
  });
});

describe("a program that no loader would accept", () => {
  const table = program.tables[0] as Program["tables"][number];
  const pass = table.passes[0] as (typeof table.passes)[number];
  it.each<[string, Partial<Program>]>([
    ["a slot that is read and not listed", { tables: [{ ...table, slots: [0, 1, 2, 3, 4, 5] }] }],
    ["no slot of the row's tenant", { tables: [{ ...table, slots: [0, 1, 2, 3, 4, 6] }] }],
    ["a condition that is not there", { tables: [{ ...table, passes: [{ ...pass, ceiling: 9 }] }] }],
    ["a rule that is not there", { rules: [] }],
    ["an atom that is not there", { atoms: [program.atoms[0] as Program["atoms"][number]] }],
    [
      "a child after its parent",
      { conditions: [{ kind: "and", of: [1, 2] }, ...program.conditions.slice(1)] },
    ],
  ])("is not compiled: %s", (_, part) => {
    expect(() => compileClosures({ ...program, ...part })).toThrow(RangeError);
  });
});
