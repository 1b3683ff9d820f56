/** A lending library's policy as a program, written by hand: what a compiler would make of a few rules. */
import {
  irFormat,
  type Atom,
  type Condition,
  type EntityModel,
  type FieldEffect,
  type FieldModel,
  type ModelIr,
  type Obligation,
  type Operand,
  type Pass,
  type Program,
  type Row,
  type Rule,
  type Slot,
  type SlotSource,
  type Table,
  type ValueType,
} from "@wardline/core";

const text: ValueType = { kind: "string" };

function field(name: string, type: ValueType, more: Partial<FieldModel> = {}): FieldModel {
  const column = type.kind === "entity" ? `${name}_id` : name;
  return {
    name,
    type,
    optional: false,
    classes: [],
    searchable: false,
    storage: { kind: "column", column },
    ...more,
  };
}

function stored(
  name: string,
  table: string,
  fields: readonly FieldModel[],
  parents: EntityModel["parents"] = [],
): EntityModel {
  return {
    name,
    kind: "entity",
    storage: { table, key: "id", tenant: "tenant_id" },
    keyType: "uuid",
    parents,
    fields,
  };
}

export const libraryModel: ModelIr = {
  name: "lending",
  enums: [{ name: "Genre", values: ["poetry", "prose"] }],
  tenant: [],
  context: [{ name: "mfa", type: { kind: "bool" }, optional: true }],
  entities: [
    stored(
      "Branch",
      "branches",
      [field("name", text), field("parent", { kind: "entity", entity: "Branch" }, { optional: true })],
      [{ entity: "Branch", via: { kind: "column", column: "parent_id" } }],
    ),
    {
      name: "Member",
      kind: "principal",
      storage: null,
      keyType: "text",
      parents: [{ entity: "Branch", via: { kind: "session" } }],
      fields: [],
    },
    stored("Book", "books", [
      field("branch", { kind: "entity", entity: "Branch" }),
      field("holder", { kind: "entity", entity: "Member" }, { optional: true }),
      field("title", text),
      field("note", text, { optional: true, classes: ["private"], searchable: true }),
      field("copies", { kind: "int", min: 0, max: 1000 }),
      field("price", { kind: "decimal", precision: 6, scale: 2 }, { optional: true }),
      field("bought", { kind: "instant" }, { optional: true }),
      field("genre", { kind: "enum", name: "Genre", values: ["poetry", "prose"] }),
      field("rare", { kind: "bool" }),
      field(
        "tags",
        { kind: "set", of: { kind: "string" } },
        {
          storage: { kind: "table", table: "book_tags", owner: "book_id", value: "tag" },
        },
      ),
    ]),
    stored("Loan", "loans", [
      field("book", { kind: "entity", entity: "Book" }),
      field("member", { kind: "entity", entity: "Member" }),
      field("fee", { kind: "int", min: 0, max: 1000 }),
    ]),
  ],
  relations: [
    {
      name: "keeps",
      from: "Member",
      to: "Book",
      table: "book_keepers",
      fromColumn: "member_id",
      toColumn: "book_id",
    },
  ],
  actions: [
    { name: "read", kind: "reads", entities: ["Branch", "Book", "Loan"] },
    { name: "create", kind: "creates", entities: ["Branch", "Book", "Loan"] },
    { name: "update", kind: "updates", entities: ["Branch", "Book", "Loan"] },
    { name: "delete", kind: "deletes", entities: ["Branch", "Book", "Loan"] },
  ],
  roles: [],
};

export const librarySealed: Program["sealed"] = [{ entity: "Book", fields: ["note"] }];

/** Makes the parts of a program; slots that a table reads are gathered while it is made. */
class Builder {
  readonly slots: Slot[] = [];
  readonly atoms: Atom[] = [];
  readonly conditions: Condition[] = [];
  readonly rules: Rule[] = [];
  readonly tables: Table[] = [];
  #read = new Set<number>();

  slot(source: SlotSource, type: ValueType, optional = false): number {
    const known = this.slots.find((slot) => JSON.stringify(slot.source) === JSON.stringify(source));
    const id = known?.id ?? this.slots.push({ id: this.slots.length, source, type, optional }) - 1;
    this.#read.add(id);
    return id;
  }

  condition(condition: Condition): number {
    return this.conditions.push(condition) - 1;
  }

  atom(atom: Atom, negated = false): number {
    return this.condition({ kind: "atom", atom: this.atoms.push(atom) - 1, negated });
  }

  all(...of: readonly number[]): number {
    return of.length === 1 ? (of[0] as number) : this.condition({ kind: "and", of });
  }

  rule(kind: Rule["kind"], name: string): number {
    const known = this.rules.findIndex((rule) => rule.id === `tenant/${name}`);
    if (known >= 0) return known;
    const line = this.rules.length + 1;
    return (
      this.rules.push({
        id: `tenant/${name}`,
        layer: "tenant",
        kind,
        file: "library.ward",
        line,
        because: null,
        doc: null,
      }) - 1
    );
  }

  table(
    action: string,
    resource: string,
    rows: readonly Row[],
    pass: (row: Row) => Omit<Pass, "row" | "ceiling">,
  ): void {
    this.#read = new Set();
    for (const part of ["id", "tenant"] as const) this.slot({ from: "principal", part }, text);
    this.slot({ from: "principal", part: "roles" }, { kind: "set", of: { kind: "string" } });
    this.slot({ from: "tenant", part: "id" }, text);
    const passes = rows.map((row): Pass => {
      for (const part of ["id", "tenant"] as const) this.slot({ from: "row", row, part }, text);
      return { row, ceiling: this.condition({ kind: "constant", value: true }), ...pass(row) };
    });
    const duties: Obligation[] = resource === "Book" ? [{ type: "encrypt", fields: ["note"] }] : [];
    this.tables.push({
      principal: "Member",
      action,
      resource,
      passes,
      slots: [...this.#read].toSorted((a, b) => a - b),
      duties,
    });
  }
}

/** The library's policy for one tenant. */
export function libraryProgram(tenant: string): Program {
  const b = new Builder();
  const slotOf = (slot: number): Operand => ({ kind: "slot", slot, fallback: null });
  const me = (): Operand => slotOf(b.slot({ from: "principal", part: "id" }, text));
  const role = (name: string): number =>
    b.atom({
      kind: "role",
      slot: b.slot({ from: "principal", part: "roles" }, { kind: "set", of: { kind: "string" } }),
      roles: [name],
    });
  const own = (row: Row, name: string, entity: string): number => {
    const model = libraryModel.entities
      .find((candidate) => candidate.name === entity)
      ?.fields.find((f) => f.name === name);
    if (model === undefined) throw new Error(name);
    return b.slot({ from: "row_attribute", row, name }, model.type, model.optional);
  };
  const inBranch = (row: Row): number =>
    b.atom({
      kind: "within",
      entity: me(),
      group: slotOf(own(row, "branch", "Book")),
      same: false,
      ancestors: b.slot(
        { from: "ancestors", of: { root: "principal", attribute: null }, entity: "Branch" },
        { kind: "set", of: { kind: "string" } },
      ),
    });
  const rare = (row: Row, negated = false): number =>
    b.atom({ kind: "truth", of: slotOf(own(row, "rare", "Book")) }, negated);
  const keeps = (row: Row): number =>
    b.atom({
      kind: "related",
      slot: b.slot({ from: "relation", name: "keeps" }, { kind: "set", of: { kind: "string" } }),
      from: me(),
      to: slotOf(b.slot({ from: "row", row, part: "id" }, text)),
    });
  const grant = (name: string, when: number, effects: readonly FieldEffect[] = []) => ({
    rule: b.rule("permit", name),
    when,
    effects,
  });
  const none = { forbids: [], requires: [] };

  b.table("read", "Book", ["resource"], (row) => ({
    ...none,
    grants: [
      grant("staff-read", b.all(role("librarian"), inBranch(row))),
      grant("reader-read", b.all(role("reader"), rare(row, true)), [
        { field: "note", mask: { kind: "initials" } },
        { field: "price", mask: { kind: "hide" } },
      ]),
    ],
  }));
  b.table("create", "Book", ["next"], (row) => ({
    ...none,
    grants: [grant("staff-create", b.all(role("librarian"), inBranch(row)))],
  }));
  b.table("update", "Book", ["prior", "next"], (row) => ({
    forbids: [
      {
        rule: b.rule("forbid", "no-hoarding"),
        when: b.atom({
          kind: "compare",
          op: "gt",
          left: slotOf(own(row, "copies", "Book")),
          right: { kind: "constant", value: 50, type: { kind: "int", min: 0, max: 1000 } },
        }),
      },
    ],
    grants: [
      grant("staff-update", b.all(role("librarian"), inBranch(row))),
      grant("keeper-update", b.all(role("reader"), keeps(row))),
    ],
    requires: [],
  }));
  b.table("delete", "Book", ["prior"], (row) => ({
    forbids: [
      {
        rule: b.rule("forbid", "heritage"),
        when: b.atom({
          kind: "contains",
          set: own(row, "tags", "Book"),
          of: { kind: "constant", value: "heritage", type: { kind: "string" } },
          type: { kind: "string" },
        }),
      },
    ],
    grants: [grant("staff-delete", b.all(role("librarian"), inBranch(row)))],
    requires: [
      {
        rule: b.rule("require", "rare-needs-factor"),
        when: rare(row),
        effects: [],
        preconditions: [
          {
            obligation: { type: "step_up", factor: "mfa", within: null },
            met: b.atom({
              kind: "truth",
              of: slotOf(b.slot({ from: "context", name: "mfa" }, { kind: "bool" }, true)),
            }),
          },
        ],
      },
    ],
  }));
  const anyone = (): number => b.condition({ kind: "constant", value: true });
  b.table("read", "Branch", ["resource"], () => ({
    ...none,
    grants: [grant("all-read-branches", anyone())],
  }));
  for (const [action, rows] of [
    ["create", ["next"]],
    ["update", ["prior", "next"]],
    ["delete", ["prior"]],
  ] as const)
    b.table(action, "Branch", rows, () => ({
      ...none,
      grants: [grant("staff-branches", role("librarian"))],
    }));
  const mine = (row: Row): number =>
    b.atom({ kind: "compare", op: "eq", left: me(), right: slotOf(own(row, "member", "Loan")) });
  b.table("read", "Loan", ["resource"], (row) => ({
    ...none,
    grants: [grant("staff-loans", role("librarian")), grant("own-loans", mine(row))],
  }));
  b.table("create", "Loan", ["next"], (row) => ({ ...none, grants: [grant("own-loan-create", mine(row))] }));
  for (const [action, rows] of [
    ["update", ["prior", "next"]],
    ["delete", ["prior"]],
  ] as const)
    b.table(action, "Loan", rows, () => ({
      ...none,
      grants: [grant("staff-loans-write", role("librarian"))],
    }));

  const { slots, atoms, conditions, rules, tables } = b;
  return {
    format: irFormat,
    tenant,
    model: libraryModel,
    rules,
    slots,
    atoms,
    conditions,
    tables,
    sealed: librarySealed,
  };
}
