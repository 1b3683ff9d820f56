/** The request document that facts make, and the facts of a request document. */
import type { RequestDocument } from "../decision/request.ts";
import type { Fact } from "../evaluate/facts.ts";
import { valueAt } from "../evaluate/facts.ts";
import { slotPath } from "../ir/slot.ts";
import { canonicalJson } from "../value/canonical-json.ts";
import type { Draft } from "./facts.ts";
import { ordinaryNow } from "./ordinary-values.ts";
import { slotAt, type Space } from "./space.ts";

interface Place {
  readonly id: number;
  /** The keys that lead to the object which holds the fact, and its key there. */
  readonly path: readonly string[];
  readonly key: string;
  readonly isClock: boolean;
}

const places = new WeakMap<Space, readonly Place[]>();

/** Where the facts of a space stand in a request. */
function placesOf(space: Space): readonly Place[] {
  const known = places.get(space);
  if (known !== undefined) return known;
  const made = space.slots.map((id): Place => {
    const { source } = slotAt(space, id);
    const path = slotPath(source);
    return { id, path: path.slice(0, -1), key: path.at(-1) as string, isClock: source.from === "clock" };
  });
  places.set(space, made);
  return made;
}

/** Holds what the space reads, and nothing else. What is absent has no key. */
export function requestFrom(space: Space, { facts, now }: Draft): RequestDocument {
  const document: Record<string, unknown> = {
    tenant: {},
    principal: { type: space.principal },
    action: { name: space.action },
    resource: { type: space.resource },
  };
  for (const { id, path, key, isClock } of placesOf(space)) {
    const value = facts.get(id);
    if (value !== undefined) {
      let at = document;
      for (const part of path) at = (at[part] ??= {}) as Record<string, unknown>;
      at[key] = value;
    }
    // The clock is that of a time, which is said too.
    if (isClock) document["now"] = now;
  }
  return document as unknown as RequestDocument;
}

/** A text that is the same for drafts that make the same request, and for no others; cheaper than the request's own. */
export function draftKey(space: Space, { facts, now }: Draft): string {
  const hasClock = placesOf(space).some(({ isClock }) => isClock);
  return canonicalJson([hasClock ? now : null, ...space.slots.map((id) => facts.get(id) ?? null)]);
}

/** A copy of a document that holds the facts of the draft where it held those of another. */
export function requestWith(space: Space, document: unknown, before: Draft, after: Draft): unknown {
  const copy = JSON.parse(JSON.stringify(document)) as Record<string, unknown>;
  const put = (path: readonly string[], value: unknown) => {
    let at = copy;
    for (const key of path.slice(0, -1)) {
      const next = Object.hasOwn(at, key) ? at[key] : undefined;
      if (typeof next !== "object" || next === null) at[key] = {};
      at = at[key] as Record<string, unknown>;
    }
    const last = path.at(-1) as string;
    if (value === undefined) delete at[last];
    else at[last] = value;
  };
  for (const id of space.slots) {
    const value = after.facts.get(id);
    if (JSON.stringify(value) !== JSON.stringify(before.facts.get(id)))
      put(slotPath(slotAt(space, id).source), value);
  }
  if (after.now !== before.now) put(["now"], after.now);
  return copy;
}

/** The facts of a document that are proper for the space; others are left to be filled. */
export function draftOf(space: Space, document: unknown): Draft {
  const facts = new Map<number, Fact>();
  for (const id of space.slots) {
    const value = valueAt(document, slotPath(slotAt(space, id).source));
    facts.set(id, (value ?? undefined) as Fact);
  }
  const now = valueAt(document, ["now"]);
  return { facts, now: typeof now === "string" ? now : ordinaryNow };
}
