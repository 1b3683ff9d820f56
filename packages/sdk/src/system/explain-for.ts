/** What the platform's own people are told of a decision on somebody else's behalf. It is on record before they are. */
import { explainRow, recordAlone, type RowExplanation } from "@wardline/isolation";
import type { Attributes } from "@wardline/core";
import type { PrincipalInput } from "../principal.ts";
import { optionsOf, Session, type ResourceReference } from "../session.ts";
import { partsOf } from "../tenant.ts";
import type { TenantId } from "../tenant-id.ts";
import type { Wardline } from "../wardline.ts";
import { checkReason } from "./check-reason.ts";
import { systemRule } from "./system-policy.ts";

export interface ExplainOptions {
  readonly tenant: TenantId | string;
  /** The model's tenant facts. */
  readonly attributes?: Attributes;
  /** Who wants to know, as the record names it: a principal of the model. */
  readonly as: PrincipalInput;
  /** Why, in words for whoever reads the record: 1 to 500 characters. */
  readonly reason: string;
  /** Whose decision it is, and the facts of their request. */
  readonly principal: PrincipalInput;
  readonly context?: Attributes;
  readonly action: string;
  readonly resource: ResourceReference;
}

/**
 * Why the action of a principal is decided so on a stored row, whether they may read it or not: every rule, every answer, and what would have
 * to be otherwise. Values are left out of fields that the principal sees masked, of all fields of a row that they may not read, of sealed
 * fields and of other rows. Throws `handle/no-reason`, and `audit/failed` where it could not be put on record.
 */
export async function explainFor(wardline: Wardline, options: ExplainOptions): Promise<RowExplanation> {
  const { tenant, attributes, as, reason, principal, context, action, resource } = Object.assign<
    object,
    ExplainOptions
  >(Object.create(null) as object, options);
  checkReason(reason);
  const { type, id } = resource;
  const { parts, closed } = partsOf(wardline.tenant(tenant, attributes));
  // Nobody's session: its bounds are those of persons who are there.
  const asked = { ...parts, settings: () => ({}) };
  const operator = new Session(asked, as, {}, closed);
  const explained = new Session(asked, principal, context ?? {}, closed);
  const rows = typeof id === "string" && id.isWellFormed() && !id.includes("\0") ? [id] : [];
  await recordAlone(optionsOf(operator), {
    kind: "operation",
    action: "system.explain",
    entity: typeof type === "string" ? type : "",
    rules: [systemRule],
    rows,
    words: reason,
  });
  return explainRow(optionsOf(explained), action, type, id, "operator");
}
