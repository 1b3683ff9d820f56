/** Makes a draft a proper request of a table: what it leaves out, and what does not fit, is as nobody had said anything. */
import {
  clockAt,
  entityPathKey,
  instantMicros,
  instantOfLocal,
  isWireValue,
  referenceSource,
  slotPath,
  valueAt,
  type EntityModel,
  type Program,
  type Row,
  type Slot,
  type Table,
} from "@wardline/core";
import { defaultValue, ordinaryDay, ordinaryId, ordinaryTime } from "./default-value.ts";
import { draftOf, firstRow, put, putThing, thingAt, type Draft } from "./document.ts";
import type { Thing } from "./scenario.ts";

export function zoneOf(program: Program): string {
  return program.settings?.timezone ?? "UTC";
}

/** A request of the table with all that the draft says and the table can take. */
export function completeRequest(program: Program, table: Table, request: unknown): Draft {
  const draft = draftOf(request);
  put(draft, ["action"], { name: table.action });
  putRows(program, table, draft);
  const person = thingAt(draft, "principal");
  const isKnown = person.entity === table.principal;
  putThing(draft, "principal", filled(program, table.principal, isKnown ? person : null, "ada"));
  put(draft, ["tenant", "id"], program.tenant);
  const now = valueAt(draft, ["now"]);
  const isTime = typeof now === "string" && instantMicros(now) !== undefined;
  const at = isTime ? now : instantOfLocal(ordinaryDay, ordinaryTime, zoneOf(program));
  put(draft, ["now"], at);
  put(draft, ["clock"], clockAt(at, zoneOf(program)));
  for (const id of table.slots) fillSlot(draft, program.slots[id] as Slot);
  return draft;
}

/** Each row of the table; one that is new is as the one that there was. */
function putRows(program: Program, table: Table, draft: Draft): void {
  const rows = table.passes.map((pass) => pass.row);
  const known = new Map(
    rows.map((row) => [row, valueAt(draft, [row, "id"]) === undefined ? null : thingAt(draft, row)]),
  );
  const before = thingAt(draft, firstRow(draft));
  for (const row of ["resource", "prior", "next"] as const) {
    if (rows.includes(row)) continue;
    putThing(draft, row, { ...before, above: {}, behind: {} });
    put(draft, [row], null);
  }
  for (const row of rows) {
    const thing = known.get(row) ?? known.get("prior") ?? before;
    const isKnown = thing.entity === table.resource;
    putThing(
      draft,
      row,
      filled(program, table.resource, isKnown ? thing : null, ordinaryId(table.resource, 1)),
    );
  }
  if (!rows.includes("resource")) put(draft, ["resource"], { type: table.resource });
}

/** Somebody or something with a value for each attribute that it must have. */
function filled(program: Program, entity: string, thing: Thing | null, id: string): Thing {
  const known = thing?.attributes ?? {};
  const fields = entityNamed(program, entity)?.fields ?? [];
  const attributes = fields.flatMap(({ name, type, optional }) => {
    const value = Object.hasOwn(known, name) ? known[name] : undefined;
    if (value !== undefined && value !== null && isWireValue(value, type)) return [[name, value] as const];
    return optional ? [] : [[name, defaultValue(type, name)] as const];
  });
  return {
    entity,
    id: thing === null || thing.id === "" ? id : thing.id,
    tenant: thing === null || thing.tenant === "" ? program.tenant : thing.tenant,
    roles: thing?.roles.filter((role) => typeof role === "string") ?? [],
    attributes: Object.fromEntries(attributes),
    above: thing?.above ?? {},
    behind: thing?.behind ?? {},
  };
}

function fillSlot(draft: Draft, { source, type, optional }: Slot): void {
  const path = slotPath(source);
  const value = valueAt(draft, path);
  if (source.from === "relation") {
    if (!Array.isArray(value)) put(draft, path, []);
    return;
  }
  if (value !== undefined && value !== null) {
    if (isWireValue(value, type)) return;
    put(draft, path, null);
  }
  switch (source.from) {
    case "ancestors":
      put(draft, path, above(draft, source.of, source.entity));
      return;
    case "limit":
      if (source.part === "left") put(draft, path, Number.MAX_SAFE_INTEGER);
      return;
    case "reference": {
      const reference = referenceSource(source.of);
      const isThere = reference !== null && (valueAt(draft, slotPath(reference)) ?? null) !== null;
      if (isThere && !optional) put(draft, path, defaultValue(type, source.name));
      return;
    }
    case "principal_attribute":
    case "row_attribute":
    case "tenant_attribute":
    case "context":
      if (!optional) put(draft, path, defaultValue(type, source.name));
      return;
    case "principal":
    case "row":
    case "tenant":
    case "now":
    case "clock":
      return;
  }
}

/** What stood above the row before an update stands above it after. */
function above(
  draft: Draft,
  of: { readonly root: "principal" | Row } & Parameters<typeof entityPathKey>[0],
  entity: string,
): unknown {
  if (of.root !== "next") return [];
  return valueAt(draft, ["ancestors", entityPathKey({ ...of, root: "prior" }), entity]) ?? [];
}

export function entityNamed(program: Program, name: string): EntityModel | undefined {
  return program.model.entities.find((entity) => entity.name === name);
}
