/** What a challenged write is gone on with, as the application hands it in: copied and checked before anything uses it. */
import type { ModelIr } from "@wardline/core";
import type { GivenEvidence } from "@wardline/isolation";
import { readPrincipal, type PrincipalInput } from "./principal.ts";

export interface ResumeEvidence {
  /** Why, in the words of who asks: at most 2,000 characters. It goes sealed into the record. */
  readonly reason?: string;
  /** What `approve` gave to the approvers. */
  readonly approvals?: readonly string[];
  /**
   * Looks up who approved, as the principal is now; null for nobody any more, which refuses the approval. Left out, roles, attributes and
   * session parents count as they were when it was approved.
   */
  readonly approver?: (of: {
    readonly type: string;
    readonly id: string;
  }) => PrincipalInput | null | Promise<PrincipalInput | null>;
}

/** The most approvals of one write. */
const mostApprovals = 8;

/** Throws TypeError for what is nothing of the kind, and for a principal other than the one who was asked for. */
export function readEvidence(model: ModelIr, tenant: string, given: ResumeEvidence): GivenEvidence {
  const { reason, approvals, approver } = Object.assign<object, ResumeEvidence>(
    Object.create(null) as object,
    given,
  );
  if (reason !== undefined && typeof reason !== "string") throw new TypeError("a reason is a text");
  if (
    approvals !== undefined &&
    (!Array.isArray(approvals) ||
      approvals.length > mostApprovals ||
      !approvals.every((one) => typeof one === "string"))
  )
    throw new TypeError(`approvals are a list of at most ${mostApprovals} texts`);
  return {
    ...(reason === undefined ? {} : { reason }),
    ...(approvals === undefined ? {} : { approvals: [...approvals] }),
    ...(approver === undefined
      ? {}
      : {
          approver: async (of) => {
            const present = await approver(of);
            if (present === null) return null;
            const { document, parents } = readPrincipal(model, tenant, present);
            if (document.type !== of.type || document.id !== of.id)
              throw new TypeError("the principal is not the one who approved");
            return { roles: document.roles, attributes: document.attributes ?? {}, parents };
          },
        }),
  };
}
