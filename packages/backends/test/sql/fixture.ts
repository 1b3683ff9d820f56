/** Small data, facts and conditions for tests that make one case each. */
import { compileViews } from "@wardline/backends";
import type { GuardedView, KnownFacts } from "@wardline/core";
import { statementOf } from "./compare-rows.ts";
import type { Book, LibraryData } from "./library-data.ts";
import { text } from "./library-model.ts";
import { bookProgram, bookSlot, read, type Test, type TestPolicy } from "./program-builder.ts";

const plain: Book["fields"] = {
  title: "t",
  pages: 1,
  fee: "1.00",
  bought: "2026-01-05T12:00:00.000000Z",
  labels: [],
  grades: [],
  fans: [],
  places: [],
};

export function dataOf(books: readonly Book["fields"][]): LibraryData {
  return {
    books: books.map((fields, index) => ({
      id: `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`,
      tenant: "north",
      fields: { ...plain, ...fields },
    })),
    shelves: [],
    branches: [],
    branchTree: [],
    homes: [],
    lends: [],
  };
}

export function factsOf(change: { principal?: object; context?: object; rest?: object } = {}): KnownFacts {
  return {
    tenant: { id: "north" },
    principal: {
      type: "Member",
      id: "ada",
      tenant: "north",
      roles: ["clerk"],
      attributes: { tags: [], branches: [] },
      ...change.principal,
    },
    context: { ...change.context },
    ancestors: { principal: { Branch: [] } },
    now: "2026-01-05T12:00:00.000000Z",
    ...change.rest,
  };
}

export const options = { schema: "library", sealMarker: "marker" };
export const bind = (policy: TestPolicy, facts = factsOf()) =>
  compileViews(bookProgram(policy)).bind("Book", "list", facts, options);
export const compare = (
  op: "eq" | "lt" | "ge",
  field: string,
  value: string | number,
  type = text,
): Test => ({
  atom: {
    kind: "compare",
    op,
    left: read(bookSlot(field)),
    right: { kind: "constant", value, type },
  },
});
export const whereOf = (view: GuardedView) => /WHERE (.*) OFFSET 0$/s.exec(statementOf(view).sql)?.[1];
