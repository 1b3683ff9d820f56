/** The rewriting of one statement: each table becomes the guarded view of it for the principal who asks. */
import {
  blindIndexOf,
  printSelect,
  storedColumns,
  type FieldModel,
  type GuardedView,
  type KnownFacts,
  type ModelIr,
  type Obligation,
} from "@wardline/core";
import type { PolicyGuard, Sealer } from "../contracts.ts";
import { AccessDenied } from "../errors.ts";
import {
  actionOf,
  entityOfTable,
  fieldOfColumn,
  listActionOf,
  readActionNamed,
  storedField,
  type StoredEntity,
} from "../gate/catalogue.ts";
import type { ReadDuty, ReadNotice } from "../driver/read-record.ts";
import type { LimitObligation } from "../limits/limits-of.ts";
import { columnType, keyColumn } from "../schema/column-type.ts";
import type { Column } from "./relation.ts";
import type { Derived, Rewriting } from "./rewriting.ts";
import { rewriteSelect } from "./select.ts";
import { createFence, type Fence } from "./fence.ts";
import { Sought, soughtIndexes } from "./sought.ts";
import { late, parameter, printed } from "./text.ts";

export interface StatementFrame {
  readonly guard: PolicyGuard;
  readonly facts: KnownFacts;
  readonly schema: string;
  /** A query asks what may be listed, also one inside a write; what is written is looked for in what may be read. */
  readonly asks: "list" | "read";
  /** The action that a query asks in place of `list`; it must read what the query names. */
  readonly reads?: string;
  /** Random, and new for each statement. */
  readonly sealMarker: string;
  /** Views may stand without a fence where the caller's operators are leakproof: the server's catalogue was asked. */
  readonly mayOpen?: boolean;
  /** Makes the blind indexes of what is sought; left out where they are made once the plan is filled. */
  readonly sealer?: Sealer;
  /** Takes what a view says to put on record, and sees to it; left out, a view that says so is not shown. */
  readonly onDuty?: (duty: ReadDuty) => void;
  /** Takes what a view draws from, likewise. */
  readonly onLimit?: (draw: ReadLimit) => void;
  /** Takes whom a view says to tell, likewise. */
  readonly onNotice?: (notice: ReadNotice) => void;
  /** Told of each view that the statement asks. */
  readonly onView?: (action: string, view: GuardedView) => void;
}

/** What the list of one view draws from. */
export interface ReadLimit {
  readonly entity: string;
  readonly action: string;
  readonly limit: LimitObligation;
}

export function createRewriting(frame: StatementFrame): Rewriting {
  const views = new Map<string, Derived>();
  let relations = 0;
  const fence = createFence(frame.mayOpen === true);
  const rewriting: Rewriting = {
    fence,
    source(table, asks = frame.asks) {
      const key = `${asks} ${table}`;
      const known = views.get(key);
      if (known !== undefined) return known;
      const view = guardedSource({ ...frame, asks }, fence, entityOfTable(frame.guard.program.model, table));
      views.set(key, view);
      return view;
    },
    alias: () => `w${++relations}`,
    select: (node, outer, carry) => rewriteSelect(rewriting, node, outer, carry),
    sought(field, values) {
      const sought = new Sought({ table: field.table, column: field.column }, values);
      return parameter(frame.sealer === undefined ? sought : soughtIndexes(sought, frame.sealer));
    },
  };
  return rewriting;
}

function guardedSource(frame: StatementFrame, fence: Fence, entity: StoredEntity): Derived {
  const { guard, facts, schema, sealMarker } = frame;
  const { model } = guard.program;
  const action = askedAction(frame, entity.name);
  const view = guard.view(entity.name, action, facts, { schema, sealMarker });
  frame.onView?.(action, view);
  // Invariant: a caller's expression that could tell of a row never runs on one that the view leaves out.
  if (!view.select.fence) throw new TypeError(`the view of ${entity.name} has no fence`);
  // An obligation that is not carried out turns a permit into a denial.
  for (const duty of view.duties)
    if (!takeDuty(frame, duty, { entity: entity.name, action }, view.rules))
      throw new AccessDenied(action, entity.name, null, [], duty.type);
  const sealed = sealedFieldsOf(frame, entity);
  const indexes = indexesOf(frame, entity, view);
  const shown = view.select.columns.filter(({ as }) => !indexes.includes(as));
  const columns = shown.map(({ as }): Column => {
    if (entity.shared !== true && as === entity.storage.tenant)
      throw new TypeError(`the view of ${entity.name} shows the tenant column`);
    const field = fieldOfColumn(entity, as);
    if (!view.sealedColumns.includes(as))
      return { name: as, sealed: null, ...keyOf(entity, as), ...typeOf(model, entity, as, field) };
    if (field === undefined)
      throw new TypeError(`the view of ${entity.name} seals a column that is no field`);
    const state = sealed.includes(field.name) ? "sealed" : "plain";
    const index = view.indexes.find(({ column }) => column === as)?.index;
    return {
      name: as,
      sealed: {
        state,
        entity: entity.name,
        field: field.name,
        ...storedField(model, entity.name, field.name),
      },
      ...(index === undefined ? {} : { index }),
    };
  });
  const unsealed = sealed.find((name) => !columns.some((column) => column.sealed?.field === name));
  // Invariant: what the policy says to seal never leaves a view as a plain column.
  if (unsealed !== undefined) throw new TypeError(`the view of ${entity.name} does not seal ${unsealed}`);
  const { fragments, parameters } = printSelect({ ...view.select, fence: false });
  const bare = printed(fragments, parameters);
  return { text: [...bare, ...late(() => (fence.isOpen() ? "" : " OFFSET 0"))], columns };
}

function askedAction({ guard, asks, reads }: StatementFrame, entity: string): string {
  const { model } = guard.program;
  if (asks === "read") return actionOf(model, entity, "reads");
  return reads === undefined ? listActionOf(model, entity) : readActionNamed(model, entity, reads);
}

/** False where nobody sees to it: also of a kind that is not known here. */
function takeDuty(
  frame: StatementFrame,
  duty: Obligation,
  of: { readonly entity: string; readonly action: string },
  rules: readonly string[],
): boolean {
  if (duty.type === "audit" && frame.onDuty !== undefined) {
    frame.onDuty({ ...of, level: duty.level, rules });
    return true;
  }
  if (duty.type === "limit" && frame.onLimit !== undefined) {
    frame.onLimit({ ...of, limit: duty });
    return true;
  }
  if (duty.type === "notify" && frame.onNotice !== undefined) {
    frame.onNotice({ ...of, whom: duty.whom, rules });
    return true;
  }
  return false;
}

function keyOf({ name, storage }: StoredEntity, column: string): { readonly key?: string } {
  return column === storage.key ? { key: name } : {};
}

/** The type of a column that is shown as it is stored, or through a mask of its own type. */
function typeOf(
  model: ModelIr,
  entity: StoredEntity,
  column: string,
  field: FieldModel | undefined,
): { readonly type?: string } {
  const keys = new Map(model.entities.map(({ name, keyType }) => [name, keyType]));
  if (column === entity.storage.key) return { type: keyColumn(entity.name, keys).type };
  if (field === undefined || field.type.kind === "set") return {};
  return { type: columnType(field.type, keys).type.replace(/\(.*\)$/, "") };
}

/** The columns of a view that hold blind indexes. */
function indexesOf(
  { guard }: StatementFrame,
  entity: StoredEntity,
  { indexes, select }: GuardedView,
): readonly string[] {
  const wanted = storedColumns(entity).flatMap((field) => {
    const index = blindIndexOf(guard.program, entity.name, field);
    return index === null || field.storage?.kind !== "column" ? [] : [`${field.storage.column} ${index}`];
  });
  const told = indexes.map(({ column, index }) => `${column} ${index}`);
  const names = indexes.map(({ index }) => index);
  // Invariant: what a view shows as a column is never a blind index, and a blind index is of the column that it says.
  const isWhole =
    told.join() === wanted.join() && names.every((name) => select.columns.some(({ as }) => as === name));
  if (!isWhole) throw new TypeError(`the view of ${entity.name} has other blind indexes than its fields`);
  return names;
}

function sealedFieldsOf(frame: StatementFrame, entity: StoredEntity): readonly string[] {
  return frame.guard.program.sealed.find((sealed) => sealed.entity === entity.name)?.fields ?? [];
}
