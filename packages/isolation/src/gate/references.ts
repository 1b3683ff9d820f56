/**
 * What references lead to, loaded from the database: the facts that rules read through one reference or two. A reference
 * that leads to no row of the tenant is no proper fact, and what stands behind it is given in a form that denies.
 */
import {
  referenceField,
  type Attributes,
  type EntityPath,
  type PathStart,
  type Program,
  valueAt,
} from "@wardline/core";
import type { SqlSession } from "../contracts.ts";
import { entityNamed, isStored, type StoredEntity } from "./catalogue.ts";
import { loadRows, type RowSource } from "./load-rows.ts";

/** What a path leads to, by the path without its root: `shelf`, `shelf.branch`. */
export type References = ReadonlyMap<string, Attributes>;

export interface Followed {
  /** What rules read, and nothing else of a row. */
  readonly read: References;
  /** The id that a path of the holder ends in; null where it leads nowhere. */
  readonly idAt: (path: Pick<EntityPath, "attribute" | "further">) => string | null;
}

/** Of whom references are followed: the principal, or a row. */
export interface Holder {
  readonly entity: string;
  readonly attributes: Attributes;
}

/** Reference, and perhaps the reference of its target. */
interface Steps {
  readonly attribute: string;
  readonly further?: string;
}

/** The attributes that some rule reads through references of principals, or of rows, for each holder in order. */
export async function referencesOf(
  session: SqlSession,
  source: RowSource,
  of: "principal" | "row",
  holders: readonly Holder[],
): Promise<readonly Followed[]> {
  const wanted = wantedPaths(source.program, of);
  const found = holders.map(() => new Map<string, Attributes>());
  const first = distinct([...wanted.values()].map(({ attribute }) => ({ attribute })));
  const second = [...wanted.values()].filter((steps) => steps.further !== undefined);
  for (const round of [first, second]) await follow(session, source, holders, round, found);
  return holders.map((holder, at) => {
    const all = found[at] as References;
    return { read: onlyRead(source.program, of, all), idAt: (path) => idAt(holder, all, path) };
  });
}

async function follow(
  session: SqlSession,
  source: RowSource,
  holders: readonly Holder[],
  steps: readonly Steps[],
  found: readonly Map<string, Attributes>[],
): Promise<void> {
  const questions = holders.flatMap((holder, at) =>
    steps.flatMap((step) => {
      const target = targetOf(source.program, holder.entity, step);
      const known = found[at] as Map<string, Attributes>;
      const id =
        step.further === undefined
          ? valueAt(holder.attributes, [step.attribute])
          : valueAt(known.get(step.attribute), [step.further]);
      return target === undefined || typeof id !== "string" ? [] : [{ known, step, target, id }];
    }),
  );
  for (const asked of Map.groupBy(questions, ({ target }) => target.name).values()) {
    const [{ target }] = asked as [(typeof asked)[number]];
    const ids = asked.map(({ id }) => id);
    const rows = await loadRows(session, source, target, ids);
    for (const { known, step, id } of asked) known.set(keyOf(step), rows.get(id)?.attributes ?? missing);
  }
}

/** Stands for the attributes of a row that is not there. */
const missing: Attributes = Object.freeze({});

/** Nothing else of a row goes into a request than what rules read of it. */
function onlyRead(program: Program, of: "principal" | "row", all: References): References {
  const read = new Map<string, Attributes>();
  for (const [key, attributes] of all) {
    const names = program.slots.flatMap(({ source }) =>
      source.from === "reference" && isOf(source.of, of) && keyOf(stepsOf(source.of)) === key
        ? [source.name]
        : [],
    );
    if (names.length === 0) continue;
    const entries = names.flatMap((name) => {
      // An object is no value of any type, so that whatever reads it is denied as improper.
      const value = attributes === missing ? {} : valueAt(attributes, [name]);
      return value === undefined || value === null ? [] : [[name, value] as const];
    });
    read.set(key, Object.fromEntries(entries));
  }
  return read;
}

/** The paths whose targets are read, or whose targets' references are climbed from. */
function wantedPaths(program: Program, of: "principal" | "row"): ReadonlyMap<string, Steps> {
  const wanted = new Map<string, Steps>();
  for (const { source } of program.slots) {
    if (source.from !== "reference" && source.from !== "ancestors") continue;
    const path = source.of;
    if (path.attribute === null || !isOf(path, of)) continue;
    // The ancestors of a second reference begin at what the first one leads to.
    if (source.from === "ancestors" && path.further === undefined) continue;
    const steps = source.from === "ancestors" ? { attribute: path.attribute } : stepsOf(path);
    wanted.set(keyOf(steps), steps);
  }
  return wanted;
}

function isOf(path: EntityPath, of: "principal" | "row"): boolean {
  return (path.root === "principal") === (of === "principal");
}

function stepsOf({ attribute, further }: EntityPath): Steps {
  if (attribute === null) throw new RangeError("a root alone is no reference");
  return further === undefined ? { attribute } : { attribute, further };
}

function keyOf({ attribute, further }: Steps): string {
  return further === undefined ? attribute : `${attribute}.${further}`;
}

function distinct(steps: readonly Steps[]): readonly Steps[] {
  return [...new Map(steps.map((step) => [keyOf(step), step])).values()];
}

/** The stored entity that the path leads to from a holder of this type; undefined where the type has no such path. */
function targetOf({ model }: Program, entity: string, steps: Steps): StoredEntity | undefined {
  const start: PathStart = { principal: entity, resource: entity };
  const type = referenceField(model, start, { root: "resource", ...steps })?.type;
  const target = type?.kind === "entity" ? entityNamed(model, type.entity) : undefined;
  return target !== undefined && isStored(target) ? target : undefined;
}

/** The id that a path of references ends in; null where it leads nowhere. */
function idAt(
  holder: Holder,
  all: References,
  { attribute, further }: Pick<EntityPath, "attribute" | "further">,
): string | null {
  if (attribute === null) throw new RangeError("a root alone is no reference");
  const id =
    further === undefined ? valueAt(holder.attributes, [attribute]) : valueAt(all.get(attribute), [further]);
  return typeof id === "string" ? id : null;
}
