/** From what a test says to the request document that the whole stack would be asked. */
import {
  clockAt,
  instantOfLocal,
  slotPath,
  type Program,
  type RequestDocument,
  type RowDocument,
  type ScalarType,
  type Slot,
  type Table,
  type ValueType,
  type WireScalar,
  type WireValue,
} from "@wardline/core";
import type { TestInstance } from "./checked-test.ts";
import { ancestorsOf, entityOf, reach, type Asked } from "./reach.ts";

export interface TestRequest {
  readonly request: RequestDocument;
  /** Slots of the table that the test leaves open: some value stands there, and no decision may depend on it. */
  readonly open: ReadonlySet<number>;
}

/** Without a word of the test: a Monday. */
const testDay = "2026-01-05";

/** The zone of the policy's clock. */
export function zoneOf(program: Program): string {
  return program.settings?.timezone ?? "UTC";
}

export function testRequest(asked: Asked, table: Table): TestRequest {
  const { program, world, principal, row, next } = asked;
  const open = new Set<number>();
  const zone = zoneOf(program);
  const now = world.now.kind === "instant" ? world.now.value : instantOfLocal(testDay, world.now.value, zone);
  const rows = new Set(table.passes.map((pass) => pass.row));
  const document: Document = {
    tenant: { id: program.tenant, attributes: Object.fromEntries(world.tenant) },
    principal: {
      type: principal.entity,
      id: principal.id,
      tenant: principal.tenant ?? program.tenant,
      roles: principal.roles,
      attributes: withDefaults(program, principal),
    },
    action: { name: table.action },
    resource: rows.has("resource")
      ? { type: table.resource, ...rowDocument(program, row) }
      : { type: table.resource },
    ...(rows.has("prior") ? { prior: rowDocument(program, row) } : {}),
    ...(rows.has("next") ? { next: rowDocument(program, next) } : {}),
    context: Object.fromEntries(world.context),
    now,
    clock: clockAt(now, zone),
  };
  for (const id of table.slots) fillSlot(asked, document, program.slots[id] as Slot, open);
  return { request: document as RequestDocument, open };
}

/** While it is filled. */
type Document = { [K in keyof RequestDocument]: unknown };

function rowDocument(program: Program, row: TestInstance): RowDocument {
  return { id: row.id, tenant: row.tenant ?? program.tenant, attributes: withDefaults(program, row) };
}

/** The attributes that are set, and those that are false or empty where they are not. */
function withDefaults(program: Program, instance: TestInstance): Record<string, WireValue> {
  const attributes = Object.fromEntries(instance.attributes);
  for (const field of entityOf(program, instance.entity)?.fields ?? [])
    if (!(field.name in attributes) && !field.optional) {
      const value = defaultOf(field.type);
      if (value !== undefined) attributes[field.name] = value;
    }
  return attributes;
}

function defaultOf(type: ValueType): WireValue | undefined {
  if (type.kind === "set") return [];
  return type.kind === "bool" ? false : undefined;
}

function fillSlot(asked: Asked, document: Document, slot: Slot, open: Set<number>): void {
  const { program, world } = asked;
  const { source } = slot;
  switch (source.from) {
    case "ancestors":
      put(document, slotPath(source), ancestorsOf(asked, source.of, source.entity));
      return;
    case "relation":
      put(
        document,
        slotPath(source),
        world.relations.filter((pair) => pair.name === source.name).map(({ from, to }) => ({ from, to })),
      );
      return;
    case "limit":
      if (source.part === "left") put(document, slotPath(source), Number.MAX_SAFE_INTEGER);
      return;
    case "reference": {
      const reached = reach(asked, source.of);
      if (reached.kind === "absent") return;
      // Of what a row must refer to, and the test does not name, nothing is said.
      const known =
        reached.kind === "there"
          ? withDefaults(program, reached.instance)[source.name]
          : slot.optional
            ? undefined
            : defaultOf(slot.type);
      if (known !== undefined) put(document, slotPath(source), known);
      else if (!slot.optional) leaveOpen(document, slot, open);
      return;
    }
    case "principal_attribute":
    case "row_attribute":
    case "tenant_attribute":
    case "context":
      if (slot.optional || valueAt(document, slotPath(source)) !== undefined) return;
      if (defaultOf(slot.type) === undefined) leaveOpen(document, slot, open);
      else put(document, slotPath(source), defaultOf(slot.type));
      return;
    case "principal":
    case "row":
    case "tenant":
    case "now":
    case "clock":
      return;
  }
}

function leaveOpen(document: Document, slot: Slot, open: Set<number>): void {
  open.add(slot.id);
  put(document, slotPath(slot.source), someValue(slot.type));
}

/** Any value of a type. */
function someValue(type: ValueType): WireValue {
  if (type.kind === "set") return [];
  return someScalar(type);
}

function someScalar(type: ScalarType): WireScalar {
  switch (type.kind) {
    case "bool":
      return false;
    case "int":
      return type.min;
    case "decimal":
      return type.scale === 0 ? "0" : `0.${"0".repeat(type.scale)}`;
    case "string":
    case "entity":
      return "";
    case "instant":
      return `${testDay}T12:00:00.000000Z`;
    case "duration":
      return 0;
    case "enum":
      return type.values[0] ?? "";
    case "uuid":
      return "00000000-0000-0000-0000-000000000000";
    case "ip":
      return "0.0.0.0";
    case "date":
      return testDay;
    case "time":
      return "12:00:00.000000";
  }
}

function put(document: Document, path: readonly string[], value: unknown): void {
  let at = document as Record<string, unknown>;
  for (const key of path.slice(0, -1)) at = (at[key] ??= {}) as Record<string, unknown>;
  at[path.at(-1) as string] = value;
}

function valueAt(document: Document, path: readonly string[]): unknown {
  let at: unknown = document;
  for (const key of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<string, unknown>)[key];
  }
  return at;
}
