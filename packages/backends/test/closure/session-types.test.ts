/** Two types of principals with an attribute of one name and two types: a session checks it as its own principal's. */
import { compileClosures } from "@wardline/backends";
import { evaluate, irFormat, loadProgram, type Slot, type ValueType } from "@wardline/core";
import { expect, test } from "vitest";

const text = { kind: "string" } as const;
const grade = { kind: "int", min: 0, max: 10 } as const;
const principals: readonly (readonly [name: string, type: ValueType, idSlot: number, factSlot: number])[] = [
  ["Member", text, 0, 6],
  ["Robot", grade, 7, 8],
  ["Guest", { kind: "int", min: 0, max: 99 }, 9, 10],
];
const entity = { storage: null, keyType: "text", parents: [] };
const sources: readonly (readonly [Slot["source"], ValueType])[] = [
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
  [{ from: "principal_attribute", name: "grade" }, text],
  [
    { from: "principal", part: "id" },
    { kind: "entity", entity: "Robot" },
  ],
  [{ from: "principal_attribute", name: "grade" }, grade],
  [
    { from: "principal", part: "id" },
    { kind: "entity", entity: "Guest" },
  ],
  [
    { from: "principal_attribute", name: "grade" },
    { kind: "int", min: 0, max: 99 },
  ],
];
const rule = { layer: "tenant", file: "n.ward", because: null, doc: null };

function programOf(order: readonly number[]) {
  const loaded = loadProgram({
    format: irFormat,
    tenant: "north",
    model: {
      name: "library",
      enums: [],
      tenant: [],
      context: [],
      entities: [
        ...principals.map(([name, type]) => ({
          ...entity,
          name,
          kind: "principal",
          fields: [{ name: "grade", type, optional: false, classes: [], searchable: false, storage: null }],
        })),
        { ...entity, name: "Book", kind: "entity", fields: [] },
      ],
      relations: [],
      actions: [{ name: "read", kind: "reads", entities: ["Book"] }],
      roles: [],
    },
    rules: [
      { ...rule, id: "north/all", kind: "permit", line: 1 },
      { ...rule, id: "north/no", kind: "forbid", line: 2 },
    ],
    slots: sources.map(([source, type], id) => ({ id, source, type, optional: false })),
    atoms: principals.map(([, type, , slot]) => ({
      kind: "compare",
      op: "eq",
      left: { kind: "slot", slot, fallback: null },
      right: { kind: "constant", type, value: type.kind === "int" ? 3 : "3" },
    })),
    conditions: [
      { kind: "constant", value: true },
      ...principals.map((_, atom) => ({ kind: "atom", atom, negated: false })),
    ],
    tables: order.map((at) => {
      const [principal, , id, fact] = principals[at] as (typeof principals)[number];
      return {
        principal,
        action: "read",
        resource: "Book",
        passes: [
          {
            row: "resource",
            ceiling: 0,
            forbids: [{ rule: 1, when: at + 1 }],
            grants: [{ rule: 0, when: 0, effects: [] }],
            requires: [],
          },
        ],
        slots: [id, 1, 2, 3, 4, 5, fact].toSorted((a, b) => a - b),
        duties: [],
      };
    }),
    sealed: [],
  });
  if ("error" in loaded) throw new Error(loaded.error);
  return loaded.program;
}

test.each([[[0, 1, 2]], [[2, 1, 0]], [[1, 2, 0]]])("in the order %j", (order) => {
  const program = programOf(order);
  const { session } = compileClosures(program);
  for (const [type] of principals)
    for (const value of ["3", "4", 3, 4, 50, 100, null, ["3"]]) {
      const known = {
        tenant: { id: "north" },
        principal: { type, id: "p", tenant: "north", roles: [], attributes: { grade: value } },
      };
      const row = { type: "Book", id: "b", tenant: "north" };
      const expected = evaluate(program, { ...known, action: { name: "read" }, resource: row });
      const asker = session(known);
      expect(asker.decide("read", "Book", row)).toEqual(expected);
      expect(asker.allows("read", "Book", row)).toBe(expected.outcome === "permit");
    }
});
