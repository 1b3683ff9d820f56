/** A program small enough to check by eye: members read, list and update loans of a library. */
import {
  irFormat,
  maxInt,
  type Atom,
  type Condition,
  type LimitUse,
  type Pass,
  type Program,
  type RequestDocument,
  type Row,
  type RuleKind,
  type Slot,
  type SlotSource,
  type ValueType,
} from "../../src/index.ts";

const text: ValueType = { kind: "string" };
const texts: ValueType = { kind: "set", of: { kind: "string" } };

/** Collects slots, atoms and conditions and gives each its index. */
export class Draft {
  readonly slots: Slot[] = [];
  readonly atoms: Atom[] = [];
  readonly conditions: Condition[] = [];

  slot(source: SlotSource, type: ValueType = text, optional = false): number {
    return this.slots.push({ id: this.slots.length, source, type, optional }) - 1;
  }

  atom(atom: Atom, negated = false): number {
    return this.condition({ kind: "atom", atom: this.atoms.push(atom) - 1, negated });
  }

  condition(condition: Condition): number {
    return this.conditions.push(condition) - 1;
  }

  /** The slots of a rule's limit, and its use. */
  limit(rule: string, count = 20): LimitUse {
    return {
      obligation: { type: "limit", rule, count, per: "day", by: "principal" },
      left: this.slot({ from: "limit", rule, part: "left" }, { kind: "int", min: 0, max: maxInt }),
      retryAfter: this.slot({ from: "limit", rule, part: "retry_after" }, { kind: "duration" }, true),
    };
  }

  /** A condition that is always so, or never. */
  constant(value: boolean): number {
    return this.condition({ kind: "constant", value });
  }

  always(): number {
    return this.condition({ kind: "constant", value: true });
  }

  /** Base slots that every table reads. */
  base(rows: readonly Row[]): readonly number[] {
    return [
      this.slot({ from: "principal", part: "id" }),
      this.slot({ from: "principal", part: "tenant" }),
      this.slot({ from: "principal", part: "roles" }, texts),
      this.slot({ from: "tenant", part: "id" }),
      ...rows.flatMap((row) => [
        this.slot({ from: "row", row, part: "id" }),
        this.slot({ from: "row", row, part: "tenant" }),
      ]),
    ];
  }

  /**
   * A program with one table; `rules` are ids, those of the platform begin with `platform/`, with the kind after a space
   * where it is not a permit.
   */
  program(action: string, rules: readonly string[], passes: readonly Pass[]): Program {
    return {
      format: irFormat,
      tenant: "north",
      model: {
        name: "library",
        enums: [],
        tenant: [],
        context: [],
        entities: [
          {
            name: "Loan",
            kind: "entity",
            storage: { table: "loans", key: "id", tenant: "tenant_id" },
            keyType: "uuid",
            parents: [],
            fields: ["title", "borrower", "card"].map((name) => ({
              name,
              type: text,
              optional: name === "borrower",
              classes: [],
              searchable: false,
              storage: { kind: "column", column: name },
            })),
          },
          { name: "Member", kind: "principal", storage: null, keyType: "text", parents: [], fields: [] },
        ],
        relations: [],
        actions: [],
        roles: [],
      },
      rules: rules.map((text, index) => ({
        id: text.split(" ")[0] ?? text,
        layer: text.startsWith("platform/") ? "platform" : "tenant",
        kind: (text.split(" ")[1] ?? "permit") as RuleKind,
        file: "north.ward",
        line: index + 1,
        because: null,
        doc: null,
      })),
      slots: this.slots,
      atoms: this.atoms,
      conditions: this.conditions,
      tables: [
        {
          principal: "Member",
          action,
          resource: "Loan",
          passes,
          slots: this.slots.map((s) => s.id),
          duties: [],
        },
      ],
      sealed: [],
    };
  }
}

/** A proper request of a member of `north` on a loan of `north`; override what a test is about. */
export function request(over: Partial<RequestDocument> = {}): RequestDocument {
  return {
    tenant: { id: "north" },
    principal: { type: "Member", id: "ada", tenant: "north", roles: ["reader"] },
    action: { name: "read" },
    resource: { type: "Loan", id: "1", tenant: "north", attributes: { title: "Emma", card: "1234567890" } },
    ...over,
  };
}
