/** Damages requests: facts left out, null, of the wrong shape, out of range, or reached only through a prototype. */
import type { KnownFacts, RequestDocument } from "../decision/request.ts";
import type { Program, Table } from "../ir/program.ts";
import { slotPath, type Slot } from "../ir/slot.ts";
import type { Random } from "../search/random.ts";
import { badPairs, badValues, type Json } from "./bad-values.ts";

interface Damaged {
  readonly request: unknown;
  readonly damage: string;
}

/** One request, damaged in one place. */
export function damage(
  random: Random,
  program: Program,
  table: Table | undefined,
  request: RequestDocument,
  tenants: readonly string[],
): Damaged {
  const copy = cloneJson(request);
  const roll = random.below(100);
  if (roll < 60 && table !== undefined) {
    const slot = program.slots[random.pick(table.slots)] as Slot;
    return { damage: harm(random, copy, slot), request: copy };
  }
  if (roll < 70) {
    const path = random.pick([
      ["principal", "type"],
      ["action", "name"],
      ["resource", "type"],
    ]);
    const value = random.pick<Json>([
      "__proto__",
      "constructor",
      "toString",
      "",
      "Nobody",
      null,
      1,
      ["read"],
      { type: "Member" },
    ]);
    setAt(copy, path, value);
    return { damage: `${path.join(".")} is ${JSON.stringify(value)}`, request: copy };
  }
  if (roll < 80) {
    const path = random.pick([
      ["tenant", "id"],
      ["principal", "tenant"],
      ["resource", "tenant"],
      ["prior", "tenant"],
      ["next", "tenant"],
    ]);
    const value = random.pick([...tenants, "", "__proto__"]);
    setAt(copy, path, value);
    return { damage: `${path.join(".")} is ${value}`, request: copy };
  }
  if (roll < 90) {
    const part = random.pick([
      "tenant",
      "principal",
      "action",
      "resource",
      "prior",
      "next",
      "context",
      "ancestors",
      "relations",
      "now",
    ]);
    const value = random.pick<Json>([null, [], {}, "x", 0, true, [{}]]);
    setAt(copy, [part], value);
    return { damage: `${part} is ${JSON.stringify(value)}`, request: copy };
  }
  if (roll < 93) return { damage: "sets are repeated, and unknown keys added", request: swollen(copy) };
  if (roll < 97) {
    const part = random.pick(["principal", "resource", "prior", "next", "tenant"]);
    return { damage: `${part}.attributes stand under __proto__`, request: hideUnderProto(copy, part) };
  }
  const whole = random.pick<Json>([null, [], {}, "x", 0, false, [copy]]);
  return { damage: `the request is ${JSON.stringify(whole).slice(0, 20)}`, request: whole };
}

/** What is known before a list, damaged in a slot that the list is given. */
export function damageKnown(
  random: Random,
  program: Program,
  table: Table | undefined,
  known: KnownFacts,
): { readonly known: KnownFacts; readonly damage: string } | null {
  const slots = (table?.slots ?? []).map((id) => program.slots[id] as Slot).filter((slot) => !lookedUp(slot));
  if (slots.length === 0) return null;
  const copy = cloneJson(known);
  const damage = harm(random, copy, random.pick(slots));
  return { known: copy as unknown as KnownFacts, damage };
}

/** True for facts that a list takes from the tables and not from who asks. */
function lookedUp(slot: Slot): boolean {
  switch (slot.source.from) {
    case "row":
    case "row_attribute":
    case "relation":
      return true;
    case "reference":
    case "ancestors":
      return slot.source.of.root !== "principal";
    case "principal":
    case "principal_attribute":
    case "tenant":
    case "tenant_attribute":
    case "context":
    case "now":
    case "clock":
    case "limit":
      return false;
  }
}

/** Puts something wrong at a slot, in place. */
function harm(random: Random, request: Json, slot: Slot): string {
  const path = slotPath(slot.source);
  const roll = random.below(10);
  if (roll < 3) {
    removeAt(request, path);
    return `${path.join(".")} is missing`;
  }
  const value =
    roll < 4 ? null : random.pick(slot.source.from === "relation" ? badPairs : badValues(slot.type));
  setAt(request, path, value);
  return `${path.join(".")} is ${JSON.stringify(value).slice(0, 80)}`;
}

/** A deep copy that keeps −0. */
function cloneJson(value: unknown): Json {
  if (Array.isArray(value)) return value.map(cloneJson);
  if (typeof value !== "object" || value === null) return value as Json;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, cloneJson(inner)]));
}

function setAt(document: Json, path: readonly string[], value: Json): void {
  let at = document;
  for (const key of path.slice(0, -1)) {
    if (!isObject(at)) return;
    const inner = at[key];
    if (!isObject(inner)) at[key] = {};
    at = at[key] as Json;
  }
  if (isObject(at)) at[path.at(-1) as string] = value;
}

function removeAt(document: Json, path: readonly string[]): void {
  let at = document;
  for (const key of path.slice(0, -1)) {
    if (!isObject(at)) return;
    at = at[key] as Json;
  }
  if (isObject(at)) delete at[path.at(-1) as string];
}

function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Moves the attributes to an own key `__proto__`, where a careless reader of keys would still find them. */
function hideUnderProto(document: Json, part: string): Json {
  if (!isObject(document)) return document;
  const owner = document[part];
  if (!isObject(owner) || !isObject(owner["attributes"])) return document;
  const hidden = { ["__proto__"]: owner["attributes"] };
  return { ...document, [part]: { ...owner, attributes: hidden } };
}

/** The same request to a careful reader: arrays said twice in another order, keys that the model does not name. */
function swollen(document: Json): Json {
  if (Array.isArray(document)) return [...document, ...document.toReversed()].map(swollen);
  if (!isObject(document)) return document;
  const entries = Object.entries(document).map(([key, value]) => [key, swollen(value)] as const);
  return { ["__proto__"]: { roles: [] }, Zzz: [null], ...Object.fromEntries(entries), " ": {} };
}
