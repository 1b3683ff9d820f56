import { expect, test } from "vitest";
import { spaceOf } from "../../src/search/space.ts";
import type { Program, Slot, Table } from "../../src/index.ts";
import { wideProgram } from "./wide-program.ts";

test("a reference that another type names alike is none of a table's", () => {
  const own = wideProgram.slots.filter(
    ({ source }) => source.from === "row_attribute" && (source.name === "owner" || source.name === "unit"),
  );
  expect(own.length).toBeGreaterThan(1);
  const others = own.map((slot, i): Slot => ({
    ...slot,
    id: wideProgram.slots.length + i,
    optional: !slot.optional,
  }));
  const program: Program = { ...wideProgram, slots: [...wideProgram.slots, ...others] };
  const [table] = program.tables as readonly [Table];
  const space = spaceOf(program, table);
  expect(space.slots).toEqual(spaceOf(wideProgram, table).slots);
  const sources = space.slots.map((id) => JSON.stringify(program.slots[id]?.source));
  expect(new Set(sources).size).toBe(sources.length);
});
