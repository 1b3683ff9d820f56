/** Facts behind a reference that no rule of the program reads itself. */
import { compileClosures, compileWasm, prepareFilters } from "@wardline/backends";
import { loadWasmPolicy } from "../src/wasm-host/index.ts";
import { evaluate, irFormat, loadProgram, type Slot } from "@wardline/core";
import { expect, test } from "vitest";

const text = { kind: "string" } as const;
const shelf = { root: "resource", attribute: "shelf" } as const;
const slot = (id: number, source: Slot["source"], type: Slot["type"]): Slot => ({
  id,
  source,
  type,
  optional: false,
});
const rule = { layer: "tenant", file: "n.ward", because: null, doc: null } as const;
const loaded = loadProgram({
  format: irFormat,
  tenant: "north",
  model: {
    name: "library",
    enums: [],
    tenant: [],
    context: [],
    entities: [
      { name: "Member", kind: "principal", storage: null, keyType: "text", parents: [], fields: [] },
      {
        name: "Shelf",
        kind: "entity",
        storage: null,
        keyType: "text",
        parents: [],
        fields: ["ward", "zone"].map((name) => ({
          name,
          type: text,
          optional: false,
          storage: null,
          classes: [],
          searchable: false,
        })),
      },
      {
        name: "Book",
        kind: "entity",
        storage: null,
        keyType: "text",
        parents: [],
        fields: [
          {
            name: "shelf",
            type: { kind: "entity", entity: "Shelf" },
            optional: true,
            storage: null,
            classes: [],
            searchable: false,
          },
        ],
      },
    ],
    relations: [],
    actions: [{ name: "read", kind: "reads", entities: ["Book"] }],
    roles: [{ name: "reader", extends: [], platform: false }],
  },
  rules: [
    { ...rule, id: "north/all", kind: "permit", line: 1 },
    { ...rule, id: "north/no", kind: "forbid", line: 2 },
  ],
  slots: [
    slot(0, { from: "principal", part: "id" }, { kind: "entity", entity: "Member" }),
    slot(1, { from: "principal", part: "tenant" }, text),
    slot(2, { from: "principal", part: "roles" }, { kind: "set", of: text }),
    slot(3, { from: "tenant", part: "id" }, text),
    slot(4, { from: "row", row: "resource", part: "id" }, { kind: "entity", entity: "Book" }),
    slot(5, { from: "row", row: "resource", part: "tenant" }, text),
    slot(6, { from: "reference", of: shelf, name: "ward" }, text),
    slot(7, { from: "reference", of: shelf, name: "zone" }, text),
  ],
  atoms: [6, 7].map((id) => ({
    kind: "compare",
    op: "eq",
    left: { kind: "slot", slot: id, fallback: null },
    right: { kind: "constant", type: text, value: "closed" },
  })),
  conditions: [
    { kind: "constant", value: true },
    { kind: "atom", atom: 0, negated: false },
    { kind: "atom", atom: 1, negated: false },
    { kind: "or", of: [1, 2] },
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
          forbids: [{ rule: 1, when: 3 }],
          grants: [{ rule: 0, when: 0, effects: [] }],
          requires: [],
        },
      ],
      slots: [0, 1, 2, 3, 4, 5, 6, 7],
      duties: [],
    },
  ],
  sealed: [],
});
if ("error" in loaded) throw new Error(loaded.error);
const { program } = loaded;

test.each([
  [{ ward: "a", zone: "b" }],
  [{ ward: "a", zone: "closed" }],
  [{ zone: "b" }],
  [{ ward: "a" }],
  [{}],
  [undefined],
])("where the reference is there, both must be: %j", (found) => {
  const { decide } = compileClosures(program);
  const module = loadWasmPolicy(compileWasm(program));
  for (const id of ["s", undefined]) {
    const request = {
      tenant: { id: "north" },
      principal: { type: "Member", id: "m", tenant: "north", roles: ["reader"] },
      action: { name: "read" },
      resource: { type: "Book", id: "b", tenant: "north", attributes: { shelf: id } },
      references: found === undefined ? {} : { "resource.shelf": found },
    };
    const expected = evaluate(program, request);
    expect(decide(request)).toEqual(expected);
    expect(module.decide(new TextEncoder().encode(JSON.stringify(request)))).toEqual(expected);
    const row = { ...request.resource, references: request.references };
    expect(prepareFilters(program).filter("read", "Book", request).decide(row)).toEqual(expected);
  }
});
