/** What the fuzz compares of an error, and what it passes over. */
import { expect, test } from "vitest";
import { failure } from "../src/fuzz/observe/failure.ts";

function error(message: string, more: object): Error {
  return Object.assign(new Error(message), more);
}

function kept(constraint: string, table: string): Error {
  const message = `update or delete on table "order" violates foreign key constraint "${constraint}" on table "${table}"`;
  return error(message, {
    code: "23503",
    severity: "ERROR",
    constraint,
    table,
    detail: `Key is still referenced from table "${table}".`,
  });
}

test("which of several references keeps a row is compared", () => {
  expect(failure(kept("a_fkey", "a"))).not.toBe(failure(kept("b_fkey", "b")));
  expect(failure(kept("a_fkey", "a"))).toContain("23503");
  expect(failure(kept("a_fkey", "a"))).not.toBe(failure(error("ok", { code: "23505" })));
});

test("a reference to nothing is compared whole", () => {
  const missing = (table: string): Error =>
    error('insert or update on table "t" violates foreign key constraint "f"', { code: "23503", table });
  expect(failure(missing("a"))).not.toBe(failure(missing("b")));
});

test("the number of a prepared statement is not compared, and its text is", () => {
  const bind = (name: string): Error => error(`prepared statement "${name}" requires 0`, { code: "08P01" });
  expect(failure(bind("wardline_2135_a18ed46fe71a"))).toBe(failure(bind("wardline_5829_a18ed46fe71a")));
  expect(failure(bind("wardline_2135_a18ed46fe71a"))).not.toBe(failure(bind("wardline_2135_b18ed46fe71a")));
});

test("of a continuation, which is random, the length is compared, and whether there is one", () => {
  const challenged = (continuation: string | null) =>
    failure(Object.assign(new Error("x"), { continuation }));
  expect(challenged("wlc1.AbC-_9")).toBe(challenged("wlc1.ZZZ000"));
  expect(challenged("wlc1.AbC-_9")).not.toBe(challenged("wlc1.AbC-_90"));
  expect(challenged("wlc1.AbC-_9")).not.toBe(challenged(null));
});
