/** The index of rules stays in proportion to the rules, whatever they ask, and its search in proportion to the request. */
import { compileClosures } from "@wardline/backends";
import { evaluate, irFormat, loadProgram, type Program, type Slot } from "@wardline/core";
import { expect, test } from "vitest";
import { processorTime } from "@wardline/core/testing";

const text = { kind: "string" } as const;
const values = Array.from({ length: 16 }, (_, i) => `v${String(i).padStart(2, "0")}`);

/** Some rules, each with as many questions: whether an attribute is one of many values, or whether one set holds a value. */
function programOf(rules: number, questions: number, kind: "one_of" | "contains"): Program {
  const isSet = kind === "contains";
  const names = Array.from({ length: isSet ? 1 : questions }, (_, i) => `a${i}`);
  const type = isSet ? ({ kind: "set", of: text } as const) : text;
  const asked = Array.from({ length: questions }, (_, i) => i);
  const scope: readonly (readonly [Slot["source"], Slot["type"]])[] = [
    [
      { from: "principal", part: "id" },
      { kind: "entity", entity: "Member" },
    ],
    [{ from: "principal", part: "tenant" }, text],
    [
      { from: "principal", part: "roles" },
      { kind: "set", of: text },
    ],
    [{ from: "tenant", part: "id" }, text],
    [
      { from: "row", row: "resource", part: "id" },
      { kind: "entity", entity: "Book" },
    ],
    [{ from: "row", row: "resource", part: "tenant" }, text],
    ...names.map((name) => [{ from: "row_attribute", row: "resource", name }, type] as const),
  ];
  const entity = { storage: null, keyType: "text", parents: [] };
  const loaded = loadProgram({
    format: irFormat,
    tenant: "north",
    model: {
      name: "library",
      enums: [],
      tenant: [],
      context: [],
      entities: [
        { ...entity, name: "Member", kind: "principal", fields: [] },
        {
          ...entity,
          name: "Book",
          kind: "entity",
          fields: names.map((name) => ({
            name,
            type,
            optional: false,
            classes: [],
            searchable: false,
            storage: null,
          })),
        },
      ],
      relations: [],
      actions: [{ name: "read", kind: "reads", entities: ["Book"] }],
      roles: [],
    },
    rules: Array.from({ length: rules }, (_, i) => ({
      id: `north/r${i}`,
      layer: "tenant",
      kind: "permit",
      file: "n.ward",
      line: i + 1,
      because: null,
      doc: null,
    })),
    slots: scope.map(([source, type], id) => ({ id, source, type, optional: false })),
    atoms: asked.map((i) =>
      isSet
        ? { kind, set: 6, of: { kind: "constant", type: text, value: values[i] }, type: text }
        : { kind, of: { kind: "slot", slot: 6 + i, fallback: null }, type: text, values },
    ),
    conditions: [
      { kind: "constant", value: true },
      ...asked.map((i) => ({ kind: "atom", atom: i, negated: false })),
      { kind: "and", of: asked.map((i) => i + 1) },
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
            forbids: [],
            grants: Array.from({ length: rules }, (_, rule) => ({
              rule,
              when: questions + 1,
              effects: [],
            })),
            requires: [],
          },
        ],
        slots: scope.map((_, id) => id),
        duties: [],
      },
    ],
    sealed: [],
  });
  if ("error" in loaded) throw new Error(loaded.error);
  return loaded.program;
}

const requestOf = (attributes: object) => ({
  tenant: { id: "north" },
  principal: { type: "Member", id: "m", tenant: "north", roles: [] },
  action: { name: "read" },
  resource: { type: "Book", id: "b", tenant: "north", attributes },
});

function quickly<T>(make: () => T): T {
  const start = processorTime();
  const made = make();
  expect(processorTime() - start).toBeLessThan(1000);
  return made;
}

test.each([2, 5, 12])("rules over %i attributes are soon compiled", (attributes) => {
  const program = programOf(3, attributes, "one_of");
  const { decide, allows } = quickly(() => compileClosures(program));
  for (const last of ["v00", "v15", "w"]) {
    const all = Array.from({ length: attributes }, (_, i) => [`a${i}`, i === attributes - 1 ? last : "v03"]);
    const request = requestOf(Object.fromEntries(all) as object);
    const expected = evaluate(program, request);
    expect(decide(request)).toEqual(expected);
    expect(allows(request)).toBe(expected.outcome === "permit");
  }
});

test.each([2, 60, 1000])("values that a request gives %i times are met once", (times) => {
  const program = programOf(3, 4, "contains");
  const { decide, allows } = compileClosures(program);
  for (const held of [values.slice(0, 4), values.slice(0, 3)]) {
    const request = requestOf({ a0: Array.from({ length: times }, () => held).flat() });
    const expected = evaluate(program, request);
    expect(quickly(() => decide(request))).toEqual(expected);
    expect(quickly(() => allows(request))).toBe(expected.outcome === "permit");
  }
});
