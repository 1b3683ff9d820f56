/** Writes as data into Kysely's own builders. */
import { sql } from "kysely";
import { buildExpression, call, type Loose, type Tools } from "./build-expression.ts";
import { addItems, buildSource, buildWith } from "./build-query.ts";
import type { Assignments, Common, Expr, Given, Item, Write } from "./language.ts";

export function buildWrite(tools: Tools, write: Write & { readonly with?: readonly Common[] }): Loose {
  const start = buildWith(tools, write.with ?? [], false);
  const returned = (built: Loose, items: readonly Item[] | null) =>
    items === null ? built : addItems(tools, built, items, ["returningAll", "returning"]);
  switch (write.kind) {
    case "insert":
      return returned(buildInsert(tools, start, write), write.returning);
    case "update": {
      let built = call(start, "updateTable", named(write));
      for (const source of write.from) built = call(built, "from", buildSource(tools, source));
      built = call(built, "set", assigned(tools, write.set));
      return returned(filtered(tools, built, write), write.returning);
    }
    case "delete": {
      let built = call(start, "deleteFrom", named(write));
      for (const source of write.using) built = call(built, "using", buildSource(tools, source));
      return returned(filtered(tools, built, write), write.returning);
    }
    case "merge": {
      let built = call(start, "mergeInto", named(write));
      built = call(built, "using", buildSource(tools, write.using), (on: Loose) =>
        call(on, "on", buildExpression(tools, write.on)),
      );
      const { matched, missing } = write;
      if (matched === "delete") built = call(call(built, "whenMatched"), "thenDelete");
      else if (matched === "nothing") built = call(call(built, "whenMatched"), "thenDoNothing");
      else built = call(call(built, "whenMatched"), "thenUpdateSet", assigned(tools, matched));
      if (missing !== null)
        built = call(call(built, "whenNotMatched"), "thenInsertValues", assigned(tools, missing));
      return built;
    }
  }
}

function buildInsert(tools: Tools, start: Loose, write: Write & { readonly kind: "insert" }): Loose {
  let built = call(start, "insertInto", named(write));
  if (write.from !== null) {
    built = call(built, "columns", write.from.columns);
    built = call(built, "expression", tools.query(write.from.query));
  } else if (write.rows.length === 0) built = call(built, "defaultValues");
  else
    built = call(
      built,
      "values",
      write.rows.map((row) => assigned(tools, row)),
    );
  const { conflict } = write;
  if (conflict === null) return built;
  return call(built, "onConflict", (on: Loose) => {
    if (conflict === "any") return call(on, "doNothing");
    const target = call(on, "columns", conflict.columns);
    if (conflict.set === null) return call(target, "doNothing");
    const set = call(target, "doUpdateSet", assigned(tools, conflict.set));
    return conflict.where === null ? set : call(set, "where", buildExpression(tools, conflict.where));
  });
}

function named({ table, as }: Pick<Write, "table" | "as">): string {
  return as === null ? table : `${table} as ${as}`;
}

function filtered(tools: Tools, built: Loose, { where }: { readonly where: Expr | null }): Loose {
  return where === null ? built : call(built, "where", buildExpression(tools, where));
}

function assigned(tools: Tools, assignments: Assignments): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(assignments).map(([column, given]) => [column, givenValue(tools, given)]),
  );
}

function givenValue(tools: Tools, given: Given): unknown {
  if ("value" in given) return given.value;
  return "of" in given ? buildExpression(tools, given.of) : sql`default`;
}
