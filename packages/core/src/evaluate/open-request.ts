/** What is settled of a request before any rule is asked: its table, its facts, its scope. */
import type { EntityModel } from "../ir/model.ts";
import { findTable, type Program, type Table } from "../ir/program.ts";
import type { Row, Slot, SlotSource } from "../ir/slot.ts";
import { readFacts, valueAt, type Fact, type Facts } from "./facts.ts";

export type OpenedRequest =
  | {
      readonly table: Table;
      readonly facts: Facts;
      /** The principal belongs to the tenant. */
      readonly home: boolean;
    }
  | { readonly refused: "invalid_input" }
  /** `row`: the first row that is not the tenant's; null where the request is another tenant's. */
  | { readonly refused: "out_of_scope"; readonly row: Row | null };

/** Opens any JSON value as a request. */
export function openRequest(program: Program, request: unknown): OpenedRequest {
  const principal = valueAt(request, ["principal", "type"]);
  const action = valueAt(request, ["action", "name"]);
  const resource = valueAt(request, ["resource", "type"]);
  if (typeof principal !== "string" || typeof action !== "string" || typeof resource !== "string")
    return { refused: "invalid_input" };
  const table = findTable(program, principal, action, resource);
  if (table === undefined) return { refused: "invalid_input" };
  const facts = readFacts(program, table, request);
  if (facts === undefined) return { refused: "invalid_input" };
  const tenant = factAt(program, table, facts, { from: "tenant", part: "id" });
  if (tenant !== program.tenant) return { refused: "out_of_scope", row: null };
  // What is shared belongs to no tenant.
  const owned = entityOf(program, resource).shared === undefined ? table.passes : [];
  for (const { row } of owned)
    if (factAt(program, table, facts, { from: "row", row, part: "tenant" }) !== tenant)
      return { refused: "out_of_scope", row };
  const home = factAt(program, table, facts, { from: "principal", part: "tenant" }) === tenant;
  return { table, facts, home };
}

function factAt(program: Program, table: Table, facts: Facts, source: SlotSource): Fact {
  const wanted = JSON.stringify(source);
  const id = table.slots.find((slot) => {
    const { source: at } = program.slots[slot] as Slot;
    return at.from === source.from && JSON.stringify(at) === wanted;
  });
  // Invariant: lowering puts the scope's slots into every table; without them nothing may be permitted.
  if (id === undefined) throw new RangeError(`the table does not read ${wanted}`);
  return facts.get(id);
}

/** The entity of a name that the program's model must have. */
export function entityOf(program: Program, name: string): EntityModel {
  const entity = program.model.entities.find((e) => e.name === name);
  if (entity === undefined) throw new RangeError(`no entity ${name}`);
  return entity;
}
