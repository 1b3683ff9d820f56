/**
 * Reads a table's facts from a request, each once. What is malformed, or absent without being optional, stops the reading.
 * Objects whose keys the document fixes are read by name; the rest by levels.
 */
import { referenceSource, slotPath, type Program, type Row, type Slot, type Table } from "@wardline/core";
import type { KnownPlaces, KnownSlot } from "./known-facts.ts";
import { createLevel, readLevel, type Level } from "./level.ts";
import { ordinaryPrototype, isOrdinary, ownValue } from "./own.ts";
import { presenceOf, readingOf, takeFact, type Reading } from "./reading.ts";
import type { RoleNumbers } from "./role-numbers.ts";
import type { State } from "./state.ts";

/** What every request names, read once before its table is known. */
export interface Head {
  readonly request: Readonly<Record<string, unknown>>;
  readonly principal: unknown;
  readonly action: unknown;
  readonly resource: unknown;
}

/** The facts of the tenant, the principal or a row: those under keys that the document fixes, and the attributes. */
interface Part {
  readonly id: Reading | null;
  readonly tenant: Reading | null;
  readonly roles: Reading | null;
  readonly attributes: Level | null;
}

/** A level that is found by its way from the request: ancestors, references, limits, relations, the clock. */
interface Far {
  readonly path: readonly string[];
  readonly level: Level;
}

/** What reading needs for slots that stand for no slot of the program. */
export interface ReaderContext {
  readonly program: Program;
  readonly roles: RoleNumbers;
  /** A slot beyond those of the program. */
  readonly extraSlot: () => number;
  /** One object for equal levels and parts, by their text. */
  readonly shared: Map<string, unknown>;
  readonly known: KnownPlaces;
}

/** Where a table's facts stand. */
export interface FactReader {
  readonly tenant: Part;
  readonly principal: Part;
  /** The principal's type, and the slot of it; −1 if no rule reads it. */
  readonly type: string;
  readonly typeSlot: number;
  readonly resource: Part | null;
  readonly prior: Part | null;
  readonly next: Part | null;
  readonly context: Level | null;
  readonly now: Reading | null;
  readonly far: readonly Far[];
  /** For sessions: the facts that are known before any row, and the far levels that come with each row. */
  readonly known: readonly KnownSlot[];
  readonly withRow: Readonly<Record<Row, readonly Far[]>>;
}

/** Equal readers are one. */
export function compileFactReader(context: ReaderContext, table: Table): FactReader {
  const name = `reader ${table.principal} ${table.slots.join(" ")}`;
  return shared(context, name, () => makeReader(context, table));
}

function makeReader(context: ReaderContext, table: Table): FactReader {
  const slots = table.slots.map((id) => context.program.slots[id] as Slot);
  const readings = readingsOf(context, slots);
  const rowPart = (row: Row) => {
    const part = compilePart(context, row, readings);
    return part.id === null && part.tenant === null && part.attributes === null ? null : part;
  };
  const far = farLevels(context, readings);
  const withRow = (row: Row) => far.filter(({ path }) => rowOf(path) === row);
  const isType = ({ source }: Slot) => source.from === "principal" && source.part === "type";
  return {
    tenant: compilePart(context, "tenant", readings),
    principal: compilePart(context, "principal", readings),
    type: table.principal,
    typeSlot: slots.find(isType)?.id ?? -1,
    resource: rowPart("resource"),
    prior: rowPart("prior"),
    next: rowPart("next"),
    context: levelAt(context, ["context"], readings),
    now: readings.find(({ path }) => path.length === 1)?.reading ?? null,
    far,
    known: knownSlots(context, readings),
    withRow: { resource: withRow("resource"), prior: withRow("prior"), next: withRow("next") },
  };
}

/** Fills the state's facts; false if the request is improper. */
export function readFacts(reader: FactReader, head: Head, state: State): boolean {
  const { request } = head;
  let { tenant, context, now } = request;
  if (
    !isOrdinary(request) ||
    "tenant" in ordinaryPrototype ||
    "context" in ordinaryPrototype ||
    "now" in ordinaryPrototype
  ) {
    tenant = ownValue(request, "tenant");
    context = ownValue(request, "context");
    now = ownValue(request, "now");
  }
  // Invariant: the table was found by the principal's type, which is not read again.
  if (reader.typeSlot >= 0) state.facts[reader.typeSlot] = reader.type;
  if (!readTenant(reader.tenant, tenant, state)) return false;
  if (!readPrincipal(reader.principal, head.principal, state)) return false;
  const { resource, prior, next, far } = reader;
  if (resource !== null && !readRow(resource, head.resource, state)) return false;
  if (prior !== null && !readRow(prior, ownValue(request, "prior"), state)) return false;
  if (next !== null && !readRow(next, ownValue(request, "next"), state)) return false;
  if (reader.context !== null && !readLevel(reader.context, context, state)) return false;
  if (reader.now !== null && !takeFact(reader.now, now, state)) return false;
  return readFar(far, request, state);
}

/** Fills the state's facts of the rows of a table; false if one is improper. `next`: of an update the row after it. */
export function readRows(
  { reader, second }: { readonly reader: FactReader; readonly second: object | null },
  row: unknown,
  next: unknown,
  state: State,
): boolean {
  const { withRow } = reader;
  const after = second === null ? row : next;
  if (reader.typeSlot >= 0) state.facts[reader.typeSlot] = reader.type;
  return (
    (reader.resource === null || readRow(reader.resource, row, state)) &&
    (reader.prior === null || readRow(reader.prior, row, state)) &&
    (reader.next === null || readRow(reader.next, after, state)) &&
    readFar(withRow.resource, row, state) &&
    readFar(withRow.prior, row, state) &&
    readFar(withRow.next, after, state)
  );
}

function readFar(far: readonly Far[], from: unknown, state: State): boolean {
  for (let i = 0; i < far.length; i += 1) {
    const { path, level } = far[i] as Far;
    let at = from;
    for (const key of path) at = ownValue(at, key);
    if (!readLevel(level, at, state)) return false;
  }
  return true;
}

// Written thrice, so that each meets objects of one shape and reads their keys without a search.

function readTenant(part: Part, value: unknown, state: State): boolean {
  let id: unknown;
  let attributes: unknown;
  if (typeof value === "object" && value !== null) {
    ({ id, attributes } = value as Record<string, unknown>);
    if (!isOrdinary(value) || "id" in ordinaryPrototype || "attributes" in ordinaryPrototype) {
      id = ownValue(value, "id");
      attributes = ownValue(value, "attributes");
    }
  }
  if (part.id !== null && !takeFact(part.id, id, state)) return false;
  return part.attributes === null || readLevel(part.attributes, attributes, state);
}

function readPrincipal(part: Part, value: unknown, state: State): boolean {
  let id: unknown;
  let tenant: unknown;
  let roles: unknown;
  let attributes: unknown;
  if (typeof value === "object" && value !== null) {
    ({ id, tenant, roles, attributes } = value as Record<string, unknown>);
    if (
      !isOrdinary(value) ||
      "id" in ordinaryPrototype ||
      "tenant" in ordinaryPrototype ||
      "roles" in ordinaryPrototype ||
      "attributes" in ordinaryPrototype
    ) {
      id = ownValue(value, "id");
      tenant = ownValue(value, "tenant");
      roles = ownValue(value, "roles");
      attributes = ownValue(value, "attributes");
    }
  }
  if (part.id !== null && !takeFact(part.id, id, state)) return false;
  if (part.tenant !== null && !takeFact(part.tenant, tenant, state)) return false;
  if (part.roles !== null && !takeFact(part.roles, roles, state)) return false;
  return part.attributes === null || readLevel(part.attributes, attributes, state);
}

function readRow(part: Part, value: unknown, state: State): boolean {
  let id: unknown;
  let tenant: unknown;
  let attributes: unknown;
  if (typeof value === "object" && value !== null) {
    ({ id, tenant, attributes } = value as Record<string, unknown>);
    if (
      !isOrdinary(value) ||
      "id" in ordinaryPrototype ||
      "tenant" in ordinaryPrototype ||
      "attributes" in ordinaryPrototype
    ) {
      id = ownValue(value, "id");
      tenant = ownValue(value, "tenant");
      attributes = ownValue(value, "attributes");
    }
  }
  if (part.id !== null && !takeFact(part.id, id, state)) return false;
  if (part.tenant !== null && !takeFact(part.tenant, tenant, state)) return false;
  return part.attributes === null || readLevel(part.attributes, attributes, state);
}

/** The row that a path begins with, or that what it leads to comes with; null for what is known before any row. */
function rowOf([root, of = ""]: readonly string[]): Row | null {
  const start = root === "ancestors" || root === "references" ? of.split(".")[0] : root;
  return start === "resource" || start === "prior" || start === "next" ? start : null;
}

/** Those of a session, each after the references that it stands behind. */
function knownSlots({ known }: ReaderContext, readings: readonly Placed[]): readonly KnownSlot[] {
  const depth = ({ path }: Placed) => (path[0] === "references" ? (path[1] as string).split(".").length : 0);
  return readings
    .filter(({ path }) => rowOf(path) === null && path.join(".") !== "principal.type")
    .toSorted((a, b) => depth(a) - depth(b))
    .map(({ path, reading }) => known.add(path, reading));
}

interface Placed {
  readonly path: readonly string[];
  readonly reading: Reading;
}

/** The readings of slots, and of references that no slot of the table holds but that others stand behind. */
function readingsOf(context: ReaderContext, slots: readonly Slot[]): readonly Placed[] {
  const placed = new Map<string, Placed>();
  const bySource = new Map(slots.map((slot) => [JSON.stringify(slot.source), slot]));
  const behindOf = ({ source }: Slot): number => {
    if (source.from !== "reference") return -1;
    const reference = referenceSource(source.of);
    if (reference === null) return -1;
    const found = bySource.get(JSON.stringify(reference));
    if (found !== undefined) return found.id;
    const path = slotPath(reference);
    // Invariant: one reading for each reference, since whoever stands behind it asks the slot that it fills.
    const known = placed.get(path.join("\0"));
    if (known !== undefined) return known.reading.slot;
    const slot = context.extraSlot();
    placed.set(path.join("\0"), { path, reading: presenceOf(path.at(-1) as string, slot) });
    return slot;
  };
  const all = slots.map((slot): Placed => {
    const path = slotPath(slot.source);
    const behind = behindOf(slot);
    const name = `reading ${slot.id} ${behind}`;
    const { roles } = context;
    const options = { behind, roles, own: context.program.tenant };
    return { path, reading: shared(context, name, () => readingOf(path.at(-1) as string, slot, options)) };
  });
  return [...placed.values(), ...all];
}

/** One object for all that have the same name. */
function shared<T>(context: ReaderContext, name: string, make: () => T): T {
  const known = context.shared.get(name) as T | undefined;
  if (known !== undefined) return known;
  const made = make();
  context.shared.set(name, made);
  return made;
}

function compilePart(context: ReaderContext, root: string, readings: readonly Placed[]): Part {
  const reading = (key: string) =>
    readings.find(({ path }) => path.length === 2 && path[0] === root && path[1] === key)?.reading ?? null;
  const part: Part = {
    id: reading("id"),
    tenant: reading("tenant"),
    roles: reading("roles"),
    attributes: levelAt(context, [root, "attributes"], readings),
  };
  const slots = [part.id, part.tenant, part.roles, ...(part.attributes?.readings ?? [])];
  const named = slots.map((one) => `${one?.slot ?? ""} ${one?.behind ?? ""}`);
  return shared(context, `part ${root} ${named.join(",")}`, () => part);
}

function levelAt(context: ReaderContext, path: readonly string[], readings: readonly Placed[]): Level | null {
  const found = readings.filter(
    (placed) => placed.path.length === path.length + 1 && path.every((key, i) => placed.path[i] === key),
  );
  if (found.length === 0) return null;
  const name = JSON.stringify([path, found.map(({ reading }) => [reading.slot, reading.behind])]);
  return shared(context, name, () => createLevel(found.map(({ reading }) => reading)));
}

/** Levels under other roots, the shorter ways first: what stands behind a reference is read after it. */
function farLevels(context: ReaderContext, readings: readonly Placed[]): readonly Far[] {
  const near = new Set(["tenant", "principal", "resource", "prior", "next", "context"]);
  const paths = new Map<string, readonly string[]>();
  for (const { path } of readings)
    if (path.length > 1 && !near.has(path[0] as string))
      paths.set(JSON.stringify(path.slice(0, -1)), path.slice(0, -1));
  return [...paths.values()]
    .toSorted((a, b) => (a.at(-1) as string).split(".").length - (b.at(-1) as string).split(".").length)
    .map((path) => ({ path, level: levelAt(context, path, readings) as Level }));
}
