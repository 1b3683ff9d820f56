/** What one write works with: the session inside a transaction that has entered its tenant's context. */
import type { KnownFacts } from "@wardline/core";
import type { PolicyGuard, Sealer, SqlSession } from "../contracts.ts";
import type { StoredEntity } from "../gate/catalogue.ts";
import type { Asked } from "../gate/decide.ts";
import type { RowSource } from "../gate/load-rows.ts";
import type { Column } from "../scope/relation.ts";
import type { Rewriting } from "../scope/rewriting.ts";
import type { WriteLimits } from "../driver/write-limits.ts";
import type { Permitted } from "./refusal.ts";
import { named, sql, tenantParameter, type Sql } from "../scope/text.ts";

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
  /** What it may draw, and whether somebody is told. */
  readonly limits: WriteLimits;
  /** Of a write that was approved: throws where it is not any more. Asked after the policy, about the same rows. */
  readonly endorse?: (frame: WriteFrame, entity: StoredEntity, asked: readonly Asked[]) => Promise<void>;
  /** The same write with the principal's facts, and the views that they go into, as they are in the database now. */
  readonly renewed: () => Promise<WriteFrame>;
}

/** Rows of one entity that one action wrote, and the rules that permitted it. */
export interface WrittenRows extends Permitted {
  readonly action: string;
  readonly entity: string;
  readonly ids: readonly string[];
  /** Names of those that were given values. */
  readonly fields: readonly string[];
}

export interface Written {
  /** None for an action that found no row. */
  readonly written: readonly WrittenRows[];
  /** Null where nothing is to be returned. */
  readonly returned: Returned | null;
}

export interface Returned {
  readonly rows: readonly Record<string, unknown>[];
  readonly columns: readonly Column[];
}

/** The entity's own table under an alias. A base table stands in the text nowhere but here and in `gate/`. */
export function baseTable(frame: WriteFrame, entity: StoredEntity): Sql {
  return named(frame.source.schema, entity.storage.table);
}

/** The conjunct that every statement on a base table begins with. */
export function ofThisTenant(frame: WriteFrame, entity: StoredEntity): Sql {
  return sql`${named("t", entity.storage.tenant)} = ${tenantValue(frame)}`;
}

export function tenantValue(frame: WriteFrame): Sql {
  return tenantParameter(frame.source.tenant);
}
