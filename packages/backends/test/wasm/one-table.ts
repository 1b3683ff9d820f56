/** The smallest program: a member reads a book, and may if a condition over facts of the context holds. */
import {
  irFormat,
  type Atom,
  type Condition,
  type Pass,
  type Program,
  type Rule,
  type Slot,
  type SlotSource,
  type Table,
  type ValueType,
} from "@wardline/core";
import { model } from "./library.ts";

const text: ValueType = { kind: "string" };

/** The scope's slots, which every program here begins with. */
const scope: readonly SlotSource[] = [
  { from: "principal", part: "tenant" },
  { from: "tenant", part: "id" },
  { from: "row", row: "resource", part: "tenant" },
];

/** The index of the first slot after those of the scope. */
export const firstFact = scope.length;

export interface Parts {
  readonly facts: readonly {
    readonly source: SlotSource;
    readonly type: ValueType;
    readonly optional: boolean;
  }[];
  readonly atoms: readonly Atom[];
  readonly conditions: readonly Condition[];
  readonly rules: readonly string[];
  readonly pass: Omit<Pass, "row">;
  readonly duties?: Table["duties"];
}

export function oneTable(parts: Parts): Program {
  const slots = [...scope.map((source) => ({ source, type: text, optional: false })), ...parts.facts];
  return {
    format: irFormat,
    tenant: "north",
    model,
    rules: parts.rules.map((id, i): Rule => {
      return {
        id,
        layer: "tenant",
        kind: "permit",
        file: "north.ward",
        line: i + 1,
        because: null,
        doc: null,
      };
    }),
    slots: slots.map((slot, id): Slot => ({ id, ...slot })),
    atoms: parts.atoms,
    conditions: parts.conditions,
    tables: [
      {
        principal: "Member",
        action: "read",
        resource: "Book",
        passes: [{ row: "resource", ...parts.pass }],
        slots: slots.map((_, id) => id),
        duties: parts.duties ?? [],
      },
    ],
    sealed: [],
  };
}

/** A grant for one condition, the last one. */
export function grantIf(conditions: readonly Condition[]): Pick<Parts, "conditions" | "rules" | "pass"> {
  const when = conditions.length - 1;
  return {
    rules: ["north/only"],
    conditions: [...conditions, { kind: "constant", value: true }],
    pass: {
      ceiling: conditions.length,
      forbids: [],
      grants: [{ rule: 0, when, effects: [] }],
      requires: [],
    },
  };
}

/** A request in scope, as JSON text; `context` is the text of an object. */
export function requestText(context: string): string {
  return `{"tenant":{"id":"north"},"principal":{"type":"Member","tenant":"north"},"action":{"name":"read"},"resource":{"type":"Book","tenant":"north"},"context":${context}}`;
}
