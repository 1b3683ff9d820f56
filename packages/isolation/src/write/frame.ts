/** What one write works with: the session inside a transaction that has entered its tenant's context. */
import type { KnownFacts } from "@wardline/core";
import type { PolicyGuard, Sealer, SqlSession } from "../contracts.ts";
import type { RowSource } from "../gate/load-rows.ts";
import type { Column, Scope } from "../scope/relation.ts";
import type { Rewriting } from "../scope/rewriting.ts";
import { named, parameter, sql, type Sql } from "../scope/text.ts";
import type { Assignment, WriteTarget } from "./plan.ts";

export interface WriteFrame {
  readonly session: SqlSession;
  readonly source: RowSource;
  readonly guard: PolicyGuard;
  /** With the principal's ancestors closed. */
  readonly facts: KnownFacts;
  readonly rewriting: Rewriting;
  readonly sealer: Sealer;
  readonly now: Date;
  /** Takes the original of an error that callers see only the meaning of. */
  readonly report: (error: unknown) => void;
}

export interface Written {
  readonly action: string;
  readonly entity: string;
  readonly ids: readonly string[];
  readonly rules: readonly string[];
  /** Null where nothing is to be returned. */
  readonly returned: Returned | null;
}

export interface Returned {
  readonly rows: readonly Record<string, unknown>[];
  readonly columns: readonly Column[];
}

/** The target's guarded view under the caller's name, and nothing else in sight. */
export function targetScope(
  frame: WriteFrame,
  target: WriteTarget,
): { readonly scope: Scope; readonly from: Sql; readonly key: Sql } {
  const { storage } = target.entity;
  const view = frame.rewriting.source(storage.table);
  const alias = frame.rewriting.alias();
  return {
    scope: {
      relations: new Map([[target.name, { alias, columns: view.columns }]]),
      ctes: new Map(),
      outer: null,
    },
    from: sql`(${view.text}) as ${named(alias)}`,
    key: named(alias, storage.key),
  };
}

/** A value as it is stored: sealed for its row if the policy says so. */
export function storedValue(
  frame: WriteFrame,
  entity: string,
  id: string,
  { field, value }: Assignment,
): Sql {
  if (value === null || !isSealed(frame, entity, field.name)) return parameter(value);
  if (typeof value !== "string") throw new TypeError(`${field.name} is sealed and no text`);
  return sql`pg_catalog.decode(${parameter(frame.sealer.seal({ entity, field: field.name, row: id }, value))}::text, 'hex')`;
}

export function isSealed(frame: WriteFrame, entity: string, field: string): boolean {
  return frame.source.program.sealed.some((entry) => entry.entity === entity && entry.fields.includes(field));
}
