/** What a scope is opened with. */
import type { ModelOf } from "../model-types.ts";
import type { AnyTables } from "../session.ts";
import type { SessionInput } from "../session-times.ts";
import type { TenantId } from "../tenant-id.ts";

/** Whose scope it is. */
export interface ScopeInput<Tables = AnyTables> {
  readonly tenant: TenantId | string;
  /** The model's tenant facts, as for `Wardline.tenant`. */
  readonly attributes?: ModelOf<Tables>["tenant"];
  readonly principal: ModelOf<Tables>["principal"];
  /** The model's context facts, as for `TenantHandle.as`. */
  readonly context?: ModelOf<Tables>["context"];
  /** When the person signed in and last did something, as for `TenantHandle.as`. */
  readonly session?: SessionInput;
}
