/** What access changes, tenant by tenant and slice by slice, until the versions are others. */
import type { AccessReview, ResultOf, Versions } from "@wardline/language-server";
import { useEffect, useState } from "react";
import { isRefused } from "../../evidence/use-answer.ts";
import { useStudio } from "../../session/use-studio.ts";

export interface ReviewedAccess {
  /** In the order of the tenants; of those that are compared already. */
  readonly reviews: readonly AccessReview[];
  readonly isDone: boolean;
}

export function useAccessReview(tenants: readonly string[], versions: Versions): ReviewedAccess {
  const { request } = useStudio();
  const asked = JSON.stringify({ tenants, versions });
  const [known, setKnown] = useState<ReviewedAccess & { readonly asked: string }>({ ...nothing, asked: "" });
  useEffect(() => {
    let isMeant = true;
    const of = JSON.parse(asked) as { readonly tenants: readonly string[]; readonly versions: Versions };
    const work = async () => {
      const reviews: AccessReview[] = [];
      for (const tenant of of.tenants) {
        const slices: AccessReview[] = [];
        let from: number | null = 0;
        while (from !== null) {
          const slice: ResultOf<"wardline/reviewAccess"> = await request("wardline/reviewAccess", {
            tenant,
            ...of.versions,
            from,
          });
          if (!isMeant) return;
          if (isRefused(slice)) {
            slices.push(notCompared(tenant, slice.refused));
            break;
          }
          slices.push(slice);
          from = slice.next;
        }
        const [first] = slices;
        if (first !== undefined) reviews.push(slices.slice(1).reduce(joined, first));
        setKnown({ asked, reviews: [...reviews], isDone: false });
      }
      setKnown({ asked, reviews, isDone: true });
    };
    work().catch(() => undefined);
    return () => {
      isMeant = false;
    };
  }, [request, asked]);
  return known.asked === asked ? known : nothing;
}

const nothing: ReviewedAccess = { reviews: [], isDone: false };

/** What could not be compared passes no gate. */
function notCompared(tenant: string, why: string): AccessReview {
  const gates = (["no-new-access", "no-lost-access"] as const).map((gate) => ({
    gate,
    passed: false,
    reasons: [`${tenant} was not compared to its end: ${why}`],
  }));
  return { tenant, changes: [], model: [`not all was compared: ${why}`], tried: 0, gates, next: null };
}

function joined(one: AccessReview, other: AccessReview): AccessReview {
  return {
    ...one,
    changes: [...one.changes, ...other.changes],
    model: [...one.model, ...other.model],
    tried: one.tried + other.tried,
    gates: one.gates.map((gate, index) => {
      const reasons = [...gate.reasons, ...(other.gates[index]?.reasons ?? [])];
      return { ...gate, reasons, passed: reasons.length === 0 };
    }),
    next: other.next,
  };
}
