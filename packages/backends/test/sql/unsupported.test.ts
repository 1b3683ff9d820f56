/** What SQL can't say exactly is refused when the bundle is compiled, by the name of the rule. */
import { compileSql, compileViews, UnsupportedInSql } from "@wardline/backends";
import type { Program } from "@wardline/core";
import { describe, expect, test } from "vitest";
import { compare } from "./fixture.ts";
import { ref, text } from "./library-model.ts";
import { bookProgram, bookSlot, read, slot, type Test } from "./program-builder.ts";

describe("what can't be said is refused before anything runs", () => {
  const refuses = (when: Test, words: string) => {
    const program = bookProgram({ grants: [{ when }] });
    expect(() => compileViews(program)).toThrow(UnsupportedInSql);
    expect(() => compileViews(program)).toThrow(
      /^permit north\/permit_1 \(north\.ward:1\): cannot be expressed exactly in SQL: /,
    );
    expect(() => compileViews(program)).toThrow(words);
    expect(() => compileSql(program)).toThrow(UnsupportedInSql);
  };

  test("a sealed field that a rule reads", () => refuses(compare("eq", "notes", "a"), "sealed"));
  test("an order of texts", () => refuses(compare("lt", "title", "a"), "order of string"));
  test("a row of a write", () => {
    const prior = slot({ from: "row_attribute", row: "prior", name: "title" }, text, false);
    refuses({ atom: { kind: "has", slot: prior } }, "prior");
  });
  test("parents that come with the session, of a row", () => {
    const ancestors = slot(
      { from: "ancestors", of: { root: "resource", attribute: "owner" }, entity: "Branch" },
      { kind: "set", of: ref("Branch") },
      true,
    );
    const group = read(bookSlot("branch"));
    refuses(
      { atom: { kind: "within", entity: read(bookSlot("owner")), group, same: false, ancestors } },
      "session",
    );
  });
  test("a mask in part of what is no text, or of no field", () => {
    const effects = (field: string) =>
      bookProgram({ grants: [{ when: true, effects: [{ field, mask: { kind: "redact" } }] }] });
    expect(() => compileViews(effects("pages"))).toThrow(UnsupportedInSql);
    expect(() => compileViews(effects("titel"))).toThrow(RangeError);
  });
  test("a field of the row that only a session has, and a set in one column", () => {
    const program = bookProgram({
      grants: [{ when: { atom: { kind: "has", slot: bookSlot("subtitle") } } }],
    });
    const withStorage = (name: string, change: object): Program => ({
      ...program,
      model: {
        ...program.model,
        entities: program.model.entities.map((e) =>
          e.name === "Book"
            ? { ...e, fields: e.fields.map((f) => (f.name === name ? { ...f, ...change } : f)) }
            : e,
        ),
      },
    });
    expect(() => compileViews(withStorage("subtitle", { storage: null }))).toThrow(UnsupportedInSql);
    expect(() =>
      compileViews(withStorage("labels", { storage: { kind: "column", column: "labels" } })),
    ).toThrow(UnsupportedInSql);
    expect(() =>
      compileViews(withStorage("title", { storage: { kind: "column", column: "tenant_id" } })),
    ).toThrow(RangeError);
    expect(() =>
      compileViews(withStorage("title", { storage: { kind: "column", column: "pages" } })),
    ).toThrow(RangeError);
  });
  test("a fact that the table does not list", () => {
    const program = bookProgram({ grants: [{ when: compare("eq", "title", "a") }] });
    const tables = program.tables.map((t) => ({
      ...t,
      slots: t.slots.filter((s) => s !== bookSlot("title")),
    }));
    expect(() => compileViews({ ...program, tables })).toThrow(RangeError);
  });
  test("a small program that would be an endless statement", () => {
    const program = bookProgram({
      grants: [{ when: { any: [compare("eq", "title", "a"), compare("eq", "title", "b")] } }],
    });
    const conditions = [...program.conditions];
    for (let level = 0; level < 60; level += 1) {
      const last = conditions.length - 1;
      conditions.push({ kind: "and", of: [last, 0] }, { kind: "or", of: [last, last + 1] });
    }
    const tables = program.tables.map((t) => ({
      ...t,
      passes: t.passes.map((p) => ({
        ...p,
        grants: p.grants.map((g) => ({ ...g, when: conditions.length - 1 })),
      })),
    }));
    expect(() => compileViews({ ...program, conditions, tables })).toThrow(/more than 10000 atoms/);
  });
  test("masks that would be written out for each other", () => {
    const masked = (count: number) =>
      bookProgram({
        grants: Array.from({ length: count }, (_, i) => ({
          when: compare("eq", "title", `t${i}`),
          effects: [{ field: "pages", mask: { kind: "bucket", size: i + 2 } }],
        })),
      });
    expect(() => compileViews(masked(200))).not.toThrow();
    expect(() => compileViews(masked(300))).toThrow(/masks .* more than 50000 atoms/);
  });
});
