/**
 * Random programs of a lending library, made straight as IR, and requests for them. Small, so that the backends can be
 * compared with the oracle without a compiler; the values are few and hostile, so that atoms are often true.
 */
import fc, { type GeneratorValue } from "fast-check";
import { irFormat, slotsOfTable } from "@wardline/core";
import type {
  Atom,
  Condition,
  EntityModel,
  FieldEffect,
  FieldModel,
  Mask,
  ModelIr,
  Obligation,
  Operand,
  Pass,
} from "@wardline/core";
import type {
  Program,
  Row,
  Rule,
  ScalarType,
  Slot,
  SlotSource,
  Table,
  ValueType,
  WireScalar,
} from "@wardline/core";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const scalarTypes: Readonly<Record<string, ScalarType>> = {
  flag: { kind: "bool" },
  count: { kind: "int", min: -2, max: 9 },
  large: { kind: "int", min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER },
  price: { kind: "decimal", precision: 6, scale: 2 },
  rate: { kind: "decimal", precision: 18, scale: 2 },
  part: { kind: "decimal", precision: 2, scale: 2 },
  title: { kind: "string" },
  constructor: { kind: "string" } as ScalarType,
  due: { kind: "instant" },
  loan: { kind: "duration" },
  shelf: { kind: "enum", name: "Shelf", values: ["open", "closed", "constructor"] },
  branch: { kind: "entity", entity: "Branch" },
  keeper: { kind: "entity", entity: "Member" },
  code: { kind: "uuid" },
};

/** Values of each kind, with those that trip comparisons by text or by double. */
const samples: Readonly<Record<ScalarType["kind"], readonly WireScalar[]>> = {
  bool: [true, false],
  int: [-2, -1, -0, 0, 1, 2, 9],
  decimal: ["-9.99", "-10.00", "-0.01", "0.00", "0.01", "0.10", "9.99", "10.00", "9999.99"],
  string: ["", "a", "A", "aa", "é", "\u{1F600}", "\uFF5E", "__proto__", "constructor", "%"],
  instant: [
    "0001-01-01T00:00:00.000000Z",
    "2024-02-29T23:59:59.999999Z",
    "2024-03-01T00:00:00.000000Z",
    "9999-12-31T23:59:59.999999Z",
  ],
  duration: [-1, 0, 60_000_000, Number.MAX_SAFE_INTEGER],
  enum: ["open", "closed", "constructor"],
  entity: ["x", "y", "constructor"],
  uuid: ["00000000-0000-4000-8000-000000000000", "00000000-0000-4000-8000-00000000000a"],
  ip: ["::1"],
  date: ["2024-02-29"],
  time: ["00:00"],
};

const particular: Readonly<Record<string, readonly WireScalar[]>> = {
  large: [-Number.MAX_SAFE_INTEGER, 0, Number.MAX_SAFE_INTEGER - 1, Number.MAX_SAFE_INTEGER],
  rate: ["-9999999999999999.99", "0.00", "9999999999999999.98", "9999999999999999.99"],
  part: ["-0.99", "0.00", "0.10", "0.99"],
};

function samplesOf(name: string, type: ScalarType): readonly WireScalar[] {
  return Object.hasOwn(particular, name) ? (particular[name] as readonly WireScalar[]) : samples[type.kind];
}

const setNames: Readonly<Record<string, string>> = {
  tags: "title",
  counts: "count",
  keepers: "keeper",
  prices: "price",
};

const attributeTypes: readonly (readonly [string, ValueType])[] = [
  ...Object.entries(scalarTypes),
  ...Object.entries(setNames).map(([name, of]): [string, ValueType] => [
    name,
    { kind: "set", of: scalarTypes[of] as ScalarType },
  ]),
];

export interface Choose {
  readonly below: (count: number) => number;
  readonly one: <T>(items: readonly T[]) => T;
  readonly chance: (percent: number) => boolean;
  readonly some: <T>(items: readonly T[], most: number) => readonly T[];
}

/** Choices that fast-check can replay and shrink. */
export function chooseWith(g: GeneratorValue): Choose {
  const below = (count: number) => g(fc.nat, { max: count - 1 });
  const one = <T>(items: readonly T[]) => items[below(items.length)] as T;
  const chance = (percent: number) => below(100) < percent;
  const some = <T>(items: readonly T[], most: number) =>
    [...new Set(Array.from({ length: below(most + 1) }, () => below(items.length)))]
      .toSorted((a, b) => a - b)
      .map((i) => items[i] as T);
  return { below, one, chance, some };
}

const actionRows = {
  read: ["resource"],
  add: ["next"],
  change: ["prior", "next"],
  drop: ["prior"],
} as const satisfies Record<string, readonly Row[]>;
const actionKinds = { read: "reads", add: "creates", change: "updates", drop: "deletes" } as const;
const roles = ["reader", "keeper", "constructor"];

function randomModel(choose: Choose): ModelIr {
  const fields = (): FieldModel[] =>
    attributeTypes.map(([name, type]) => ({
      name,
      type,
      optional: choose.chance(40),
      classes: [],
      searchable: false,
      storage: null,
    }));
  const entity = (name: string, kind: "entity" | "principal", own: readonly FieldModel[]): EntityModel => ({
    name,
    kind,
    storage: null,
    keyType: "text",
    parents: [],
    fields: own,
  });
  const facts = () =>
    Object.entries(scalarTypes).map(([name, type]) => ({ name, type, optional: choose.chance(40) }));
  return {
    name: "library",
    enums: [{ name: "Shelf", values: ["open", "closed", "constructor"] }],
    tenant: facts(),
    context: facts(),
    entities: [
      entity("Branch", "entity", []),
      entity("Member", "principal", fields()),
      entity("Book", "entity", fields()),
    ],
    relations: [
      { name: "lends", from: "Member", to: "Book", table: "lends", fromColumn: "a", toColumn: "b" },
    ],
    actions: Object.entries(actionKinds).map(([name, kind]) => ({ name, kind, entities: ["Book"] })),
    roles: roles.map((name) => ({ name, extends: [], platform: false })),
  };
}

/** Interned slots, atoms and conditions, as lowering interns them. */
class Builder {
  readonly slots: Slot[] = [];
  readonly atoms: Atom[] = [];
  readonly conditions: Condition[] = [];
  readonly #seen = new Map<string, number>();
  readonly model: ModelIr;
  readonly choose: Choose;

  constructor(choose: Choose) {
    this.choose = choose;
    this.model = randomModel(choose);
  }

  #intern<T>(list: T[], kind: string, value: T, make: (id: number) => T): number {
    const key = kind + JSON.stringify(value);
    const id = this.#seen.get(key) ?? list.push(make(list.length)) - 1;
    this.#seen.set(key, id);
    return id;
  }

  slot(source: SlotSource, type: ValueType, optional: boolean): number {
    const slot = { id: 0, source, type, optional };
    return this.#intern(this.slots, "slot", slot, (id) => ({ ...slot, id }));
  }

  condition(condition: Condition): number {
    return this.#intern(this.conditions, "condition", condition, () => condition);
  }

  scope(row: Row): readonly number[] {
    const text: ValueType = { kind: "string" };
    return [
      this.slot({ from: "principal", part: "id" }, { kind: "entity", entity: "Member" }, false),
      this.slot({ from: "principal", part: "tenant" }, text, false),
      this.roles(),
      this.slot({ from: "tenant", part: "id" }, text, false),
      this.slot({ from: "row", row, part: "id" }, { kind: "entity", entity: "Book" }, false),
      this.slot({ from: "row", row, part: "tenant" }, text, false),
    ];
  }

  roles(): number {
    return this.slot({ from: "principal", part: "roles" }, { kind: "set", of: { kind: "string" } }, false);
  }

  /** A slot of an attribute by its name, from the principal, the tenant, the context or a row. */
  attribute(name: string, rows: readonly Row[]): number {
    const from = this.choose.below(Object.hasOwn(setNames, name) ? 2 : 4);
    const member = this.model.entities[1] as EntityModel;
    const book = this.model.entities[2] as EntityModel;
    const take = (
      source: SlotSource,
      declared: readonly { name: string; type: ValueType; optional: boolean }[],
    ) => {
      const found = declared.find((d) => d.name === name) as { type: ValueType; optional: boolean };
      return this.slot(source, found.type, found.optional);
    };
    if (from === 0) return take({ from: "principal_attribute", name }, member.fields);
    if (from === 1) return take({ from: "row_attribute", row: this.choose.one(rows), name }, book.fields);
    if (from === 2) return take({ from: "tenant_attribute", name }, this.model.tenant);
    return take({ from: "context", name }, this.model.context);
  }

  operand(name: string, rows: readonly Row[], constants = true): Operand {
    const type = scalarTypes[name] as ScalarType;
    const sample = () => this.choose.one(samplesOf(name, type));
    if (constants && this.choose.chance(50)) return { kind: "constant", value: normal(sample()), type };
    if (type.kind === "instant" && this.choose.chance(40))
      return { kind: "slot", slot: this.slot({ from: "now" }, type, false), fallback: null };
    return {
      kind: "slot",
      slot: this.attribute(name, rows),
      fallback: this.choose.chance(30) ? normal(sample()) : null,
    };
  }

  atom(rows: readonly Row[]): Atom {
    const { one, chance, below, some } = this.choose;
    const name = one(Object.keys(scalarTypes));
    const type = scalarTypes[name] as ScalarType;
    const member = {
      kind: "slot",
      slot: this.slot({ from: "principal", part: "id" }, { kind: "entity", entity: "Member" }, false),
      fallback: null,
    } as const;
    switch (below(9)) {
      case 0:
        return { kind: "truth", of: this.operand("flag", rows, false) };
      case 1: {
        const values = sorted(
          [one(samplesOf(name, type)), ...some(samplesOf(name, type), 3)].map(normal),
          type,
        );
        return { kind: "one_of", of: this.operand(name, rows, false), values, type };
      }
      case 2: {
        const [set, of] = one<[string, string]>(Object.entries(setNames));
        return {
          kind: "contains",
          set: this.attribute(set, rows),
          of: this.operand(of, rows),
          type: scalarTypes[of] as ScalarType,
        };
      }
      case 3:
        return { kind: "has", slot: this.attribute(one([name, one(Object.keys(setNames))]), rows) };
      case 4:
        return {
          kind: "role",
          slot: this.roles(),
          roles: [one(roles), ...some(roles, 1)].filter((r, i, all) => all.indexOf(r) === i),
        };
      case 5: {
        const entity = chance(50) ? member : this.operand("keeper", rows, false);
        const own = entity === member ? null : (this.slots[(entity as { slot: number }).slot] as Slot).source;
        const path = own === null ? { root: "principal" as const, attribute: null } : pathOf(own);
        const target = one(["branch", "keeper"]);
        const group = (scalarTypes[target] as { entity: string }).entity;
        const ancestors = (): number =>
          this.slot(
            { from: "ancestors", of: path as NonNullable<typeof path>, entity: group },
            { kind: "set", of: { kind: "entity", entity: group } },
            false,
          );
        return {
          kind: "within",
          entity,
          group: this.operand(target, rows),
          same: group === "Member",
          ancestors: path === null || chance(20) ? null : ancestors(),
        };
      }
      case 6: {
        const row = one(rows);
        const book = this.slot({ from: "row", row, part: "id" }, { kind: "entity", entity: "Book" }, false);
        const lends = this.slot(
          { from: "relation", name: "lends" },
          { kind: "set", of: { kind: "string" } },
          false,
        );
        return {
          kind: "related",
          slot: lends,
          from: chance(50) ? member : this.operand("keeper", rows),
          to: { kind: "slot", slot: book, fallback: null },
        };
      }
      default: {
        const ordered = ["count", "large", "price", "rate", "part", "due", "loan"];
        const op = one(["eq", "lt", "le", "gt", "ge"] as const);
        const compared = op === "eq" ? name : one(ordered);
        // Decimals of one scale and different precisions are one type.
        const other = compared === "price" ? one(["price", "rate", "part"]) : compared;
        return { kind: "compare", op, left: this.operand(compared, rows), right: this.operand(other, rows) };
      }
    }
  }

  /** A random condition; parts made before for the same rows are often used again. */
  tree(rows: readonly Row[], depth: number, before: number[]): number {
    if (before.length > 0 && this.choose.chance(20)) return this.choose.one(before);
    const leaf = () => {
      const atom = this.atom(rows);
      return this.condition({
        kind: "atom",
        atom: this.#intern(this.atoms, "atom", atom, () => atom),
        negated: this.choose.chance(30),
      });
    };
    const made = depth === 0 || this.choose.chance(40) ? leaf() : this.inner(rows, depth, before);
    before.push(made);
    return made;
  }

  inner(rows: readonly Row[], depth: number, before: number[]): number {
    const of = [
      ...new Set(Array.from({ length: 2 + this.choose.below(2) }, () => this.tree(rows, depth - 1, before))),
    ];
    return of.length === 1
      ? (of[0] as number)
      : this.condition({ kind: this.choose.one(["and", "or"] as const), of });
  }
}

function pathOf(source: SlotSource) {
  if (source.from === "principal_attribute") return { root: "principal" as const, attribute: source.name };
  return source.from === "row_attribute" ? { root: source.row, attribute: source.name } : null;
}

/** Minus zero can't be written in a serialised program. */
function normal(value: WireScalar): WireScalar {
  return value === 0 ? 0 : value;
}

function sorted(values: readonly WireScalar[], type: ScalarType): readonly WireScalar[] {
  const rank = (value: WireScalar): number =>
    type.kind === "decimal"
      ? Number(String(value).replace(".", ""))
      : typeof value === "string"
        ? 0
        : Number(value);
  const points = (value: WireScalar) =>
    Array.from(String(value), (point) => (point.codePointAt(0) as number).toString(16).padStart(6, "0")).join(
      "",
    );
  return [...new Set(values)].toSorted((a, b) => rank(a) - rank(b) || (points(a) < points(b) ? -1 : 1));
}

export function randomProgram(choose: Choose): Program {
  const builder = new Builder(choose);
  const kinds = ["permit", "permit", "forbid", "require"] as const;
  const rules = Array.from({ length: 2 + choose.below(6) }, (_, i): Rule => {
    const layer = choose.one(["platform", "tenant"] as const);
    return {
      id: `${layer === "tenant" ? "north" : layer}/rule_${i}`,
      layer,
      kind: choose.one(kinds),
      file: "library.ward",
      line: i + 1,
      because: choose.chance(20) ? "a reason\n} with a brace" : null,
      doc: choose.chance(20) ? "documented\r\nnot allow := true" : null,
    };
  });
  const always = builder.condition({ kind: "constant", value: true });
  const tables = Object.entries(actionRows).map(([action, rows]) =>
    randomTable(builder, rules, action, rows, always),
  );
  const program: Program = {
    format: irFormat,
    tenant: "north",
    model: builder.model,
    rules,
    slots: builder.slots,
    atoms: builder.atoms,
    conditions: builder.conditions,
    tables,
    sealed: [],
  };
  return { ...program, tables: tables.map((table) => withSlots(builder, program, table)) };
}

/** Slots are listed when the whole table is known. */
function withSlots(builder: Builder, program: Program, table: Table): Table {
  const scope = table.passes.flatMap((pass) => builder.scope(pass.row));
  const slots = [...new Set([...scope, ...slotsOfTable(program, table)])].toSorted((a, b) => a - b);
  return { ...table, slots };
}

const maskable = ["title", "constructor", "price"];

function randomTable(
  builder: Builder,
  rules: readonly Rule[],
  action: string,
  rows: readonly Row[],
  always: number,
): Table {
  const { choose } = builder;
  const before: number[] = [];
  const tree = () => (choose.chance(25) ? always : builder.tree(rows, 2, before));
  const effects = (): FieldEffect[] =>
    choose.some(maskable, 2).map((field) => ({ field, mask: randomMask(choose, field) }));
  const chosen = (kind: Rule["kind"]) =>
    rules.flatMap((rule, i) => (rule.kind === kind && choose.chance(70) ? [i] : []));
  const passes = rows.map((row): Pass => ({
    row,
    ceiling: choose.chance(80) ? always : tree(),
    forbids: chosen("forbid").map((rule) => ({ rule, when: builder.tree(rows, 2, before) })),
    grants: chosen("permit").map((rule) => ({ rule, when: tree(), effects: effects() })),
    requires: chosen("require").map((rule) => ({
      rule,
      when: tree(),
      effects: effects(),
      preconditions: choose.some(preconditions, 2).map((obligation) => ({ obligation, met: tree() })),
    })),
  }));
  const duties: Obligation[] = [];
  return { principal: "Member", action, resource: "Book", passes, slots: [], duties };
}

const preconditions: readonly Obligation[] = [
  { type: "reason" },
  { type: "step_up", factor: "token", within: 60_000_000 },
  { type: "step_up", factor: "token", within: null },
];

function randomMask(choose: Choose, field: string): Mask {
  const any: readonly Mask[] = [{ kind: "show" }, { kind: "hide" }];
  const textual: readonly Mask[] = [
    { kind: "initials" },
    { kind: "partial", last: 2 },
    { kind: "partial", last: 64 },
    { kind: "redact" },
  ];
  return choose.one(field === "price" ? any : [...any, ...textual]);
}

/** A request that mostly fits the program, with now and then something wrong in it. */
export function randomRequest(choose: Choose, program: Program): Json {
  const action = choose.one(Object.keys(actionRows)) as keyof typeof actionRows;
  const ids = samples.entity as readonly string[];
  const attributes = (fields: readonly { name: string; type: ValueType; optional: boolean }[]): Json =>
    Object.fromEntries(
      fields.flatMap((field) =>
        field.optional && choose.chance(30)
          ? []
          : [[field.name, randomValue(choose, field.name, field.type)]],
      ),
    );
  const [, member, book] = program.model.entities as [EntityModel, EntityModel, EntityModel];
  const tenant = () => (choose.chance(97) ? "north" : "south");
  const row = (): { readonly [key: string]: Json } => ({
    id: choose.one(ids),
    tenant: tenant(),
    attributes: attributes(book.fields),
  });
  const rows: Readonly<Record<string, Json>> = Object.fromEntries(
    actionRows[action].map((name) => [name, row()]),
  );
  const paths = program.slots.flatMap((slot) => (slot.source.from === "ancestors" ? [slot.source] : []));
  const ancestors: Record<string, Record<string, Json>> = {};
  for (const { of, entity } of paths) {
    const key = of.attribute === null ? of.root : `${of.root}.${of.attribute}`;
    ancestors[key] = { ...ancestors[key], [entity]: choose.some(ids, 2) };
  }
  const document: Json = {
    tenant: { id: "north", attributes: attributes(program.model.tenant) },
    principal: {
      type: "Member",
      id: choose.one(ids),
      tenant: tenant(),
      roles: choose.some(roles, 3),
      attributes: attributes(member.fields),
    },
    action: { name: action },
    ...rows,
    resource: { ...(rows["resource"] as object), type: "Book" },
    context: attributes(program.model.context),
    ancestors,
    relations: {
      lends: Array.from({ length: choose.below(4) }, () => ({ from: choose.one(ids), to: choose.one(ids) })),
    },
    now: choose.one(samples.instant),
  };
  return choose.chance(20) ? damage(choose, document) : document;
}

function randomValue(choose: Choose, name: string, type: ValueType): Json {
  if (type.kind !== "set") return choose.one(samplesOf(name, type));
  return choose.some(samplesOf(setNames[name] as string, type.of), 3);
}

const hostile: readonly Json[] = [
  null,
  {},
  [],
  "",
  "x",
  "north",
  "Book",
  0,
  1,
  1.5,
  1e21,
  2 ** 53,
  true,
  [null],
  [[]],
  ["reader", 1],
  { length: 0 },
  { 0: "reader", length: 1 },
  "1",
  "01.00",
  "1.0",
  "1.000",
  "-0.00",
  "+1.00",
  "1e2",
  " 1.00",
  "1.00\n",
  "10000.00",
  "1.00",
  ".99",
  "١.00",
  "2023-02-29T00:00:00.000000Z",
  "2024-02-30T00:00:00.000000Z",
  "2024-02-29T24:00:00.000000Z",
  "2024-02-29T00:00:60.000000Z",
  "2024-02-29T00:00:00Z",
  "0000-01-01T00:00:00.000000Z",
  "2100-02-29T00:00:00.000000Z",
  "2000-02-29T00:00:00.000000Z",
  "\ud800",
  "a\u0000b",
  "OPEN",
  "00000000-0000-4000-8000-00000000000A",
  [{ from: "x" }],
  [{ from: "x", to: 1 }],
  [{ from: "x", to: "\ud800" }],
  [["x", "y"]],
  [{ from: "x", to: "y", more: 1 }],
  JSON.parse('{"__proto__": {"id": "x", "tenant": "north", "from": "x", "to": "y"}}') as Json,
];

/** One place of a document replaced by something else, removed, or given a key of evil fame. */
function damage(choose: Choose, document: Json): Json {
  if (typeof document !== "object" || document === null || choose.chance(10)) return choose.one(hostile);
  if (Array.isArray(document)) {
    if (document.length === 0) return [choose.one(hostile)];
    const at = choose.below(document.length);
    return document.map((item: Json, i) => (i === at ? damage(choose, item) : item));
  }
  const object = document as { readonly [key: string]: Json };
  const keys = Object.keys(object);
  if (keys.length === 0) return choose.one(hostile);
  const at = choose.one(keys);
  const copy: Record<string, Json> = { ...object };
  if (choose.chance(15)) delete copy[at];
  else if (choose.chance(10))
    Object.defineProperty(copy, "__proto__", { value: object[at], enumerable: true });
  else copy[at] = damage(choose, object[at] as Json);
  return copy;
}
