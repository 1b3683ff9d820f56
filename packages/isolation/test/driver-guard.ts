/** A guard for the library's policy: decisions by the oracle, guarded views built by hand to say the same. */
import {
  evaluate,
  cellMask,
  type GuardedView,
  type KnownFacts,
  type Mask,
  type Program,
  type SqlExpression,
  type SqlSelect,
} from "@wardline/core";
import type { PolicyGuard } from "../src/contracts.ts";

export function libraryGuard(program: Program): PolicyGuard {
  return {
    program,
    revision: "1",
    decide: (request) => evaluate(program, request),
    view(entity, action, facts, { schema, sealMarker }) {
      if (action !== "read") throw new Error(`no view for ${action}`);
      const build = builders[entity];
      if (build === undefined) throw new Error(`no view of ${entity}`);
      return build(facts, schema, sealMarker);
    },
  };
}

type ViewBuilder = (facts: KnownFacts, schema: string, sealMarker: string) => GuardedView;

const builders: Readonly<Record<string, ViewBuilder>> = {
  Branch: (facts, schema) =>
    view("Branch", "branches", facts, schema, yes, [plain("id"), plain("name"), plain("parent_id")], []),
  Loan: (facts, schema) => {
    const visible = or([
      hasRole(facts, "librarian"),
      equals(column("member_id"), parameter(facts.principal.id, "text")),
    ]);
    return view(
      "Loan",
      "loans",
      facts,
      schema,
      visible,
      ["id", "book_id", "member_id", "fee"].map(plain),
      [],
    );
  },
  Book: (facts, schema, marker) => {
    const branches = facts.ancestors?.["principal"]?.["Branch"] ?? [];
    const staff = and([
      hasRole(facts, "librarian"),
      {
        kind: "any",
        left: column("branch_id"),
        array: { kind: "parameter", value: branches, type: "uuid[]" },
      },
    ]);
    const reader = and([hasRole(facts, "reader"), { kind: "not", of: column("rare") }]);
    const columns = ["id", "branch_id", "holder_id", "title", "copies", "bought", "genre", "rare"].map(plain);
    const price = when(staff, column("price"), { kind: "null", type: "numeric" });
    const note = sealedCell(marker, staff);
    const index = when(staff, column("note_bidx"), { kind: "null", type: "bytea" });
    return view(
      "Book",
      "books",
      facts,
      schema,
      or([staff, reader]),
      [...columns, { expression: price, as: "price" }, note, { expression: index, as: "note_bidx" }],
      ["note"],
    );
  },
};

const yes: SqlExpression = { kind: "boolean", value: true };

function view(
  entity: string,
  table: string,
  facts: KnownFacts,
  schema: string,
  visible: SqlExpression,
  columns: SqlSelect["columns"],
  sealedColumns: readonly string[],
): GuardedView {
  const tenant = equals(column("tenant_id"), {
    kind: "parameter",
    value: facts.tenant.id,
    type: "text",
    tenant: true,
  });
  return {
    entity,
    residual: "conditional",
    sealedColumns,
    indexes: sealedColumns.map((of) => ({ column: of, index: `${of}_bidx` })),
    duties: [],
    rules: ["tenant/desk"],
    select: {
      kind: "select",
      columns,
      from: { kind: "table", schema, table, alias: "t" },
      joins: [],
      where: and([tenant, visible]),
      fence: true,
    },
  };
}

/** A sealed cell, as core has it. */
function sealedCell(marker: string, staff: SqlExpression): SqlSelect["columns"][number] {
  const cell = (mask: Mask): SqlExpression =>
    [
      parameter(`${marker}:sealed:${cellMask(mask)}:Book.note:`, "text"),
      cast(column("id")),
      { kind: "text", value: ":" } as const,
      { kind: "call", name: "encode", args: [column("note"), { kind: "text", value: "hex" }] } as const,
    ].reduce((left, right): SqlExpression => ({ kind: "binary", op: "||", left, right }));
  return { expression: when(staff, cell({ kind: "show" }), cell({ kind: "initials" })), as: "note" };
}

function hasRole(facts: KnownFacts, role: string): SqlExpression {
  return { kind: "boolean", value: facts.principal.roles.includes(role) };
}

function column(name: string): SqlExpression {
  return { kind: "column", table: "t", column: name };
}

function plain(name: string): SqlSelect["columns"][number] {
  return { expression: column(name), as: name };
}

function parameter(value: string, type: "text" | "uuid"): SqlExpression {
  return { kind: "parameter", value, type };
}

function cast(of: SqlExpression): SqlExpression {
  return { kind: "cast", of, type: "text" };
}

function equals(left: SqlExpression, right: SqlExpression): SqlExpression {
  return { kind: "binary", op: "=", left, right };
}

function when(condition: SqlExpression, then: SqlExpression, otherwise: SqlExpression): SqlExpression {
  return { kind: "case", when: [{ condition, result: then }], otherwise };
}

function and(of: readonly SqlExpression[]): SqlExpression {
  return { kind: "and", of };
}

function or(of: readonly SqlExpression[]): SqlExpression {
  return { kind: "or", of };
}
