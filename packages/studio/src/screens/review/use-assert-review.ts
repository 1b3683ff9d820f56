/** What the asserts come to, tenant by tenant and one after another, until the versions are others. */
import type { ResultOf, ReviewedAssert, Versions } from "@wardline/language-server";
import { useEffect, useState } from "react";
import { isRefused } from "../../evidence/use-answer.ts";
import { useStudio } from "../../session/use-studio.ts";

export interface TenantAssert extends ReviewedAssert {
  readonly tenant: string;
}

/** Null while they are being tried. */
export function useAssertReview(
  tenants: readonly string[],
  versions: Versions,
): readonly TenantAssert[] | null {
  const { request } = useStudio();
  const asked = JSON.stringify({ tenants, versions });
  const [known, setKnown] = useState<{ readonly asked: string; readonly asserts: readonly TenantAssert[] }>({
    asked: "",
    asserts: [],
  });
  useEffect(() => {
    let isMeant = true;
    const of = JSON.parse(asked) as { readonly tenants: readonly string[]; readonly versions: Versions };
    const work = async () => {
      const asserts: TenantAssert[] = [];
      for (const tenant of of.tenants) {
        let from: number | null = 0;
        while (from !== null) {
          const slice: ResultOf<"wardline/reviewAsserts"> = await request("wardline/reviewAsserts", {
            tenant,
            ...of.versions,
            from,
          });
          if (!isMeant) return;
          if (isRefused(slice)) break;
          asserts.push(...slice.asserts.map((one) => ({ tenant, ...one })));
          from = slice.next;
        }
      }
      setKnown({ asked, asserts });
    };
    work().catch(() => undefined);
    return () => {
      isMeant = false;
    };
  }, [request, asked]);
  return known.asked === asked ? known.asserts : null;
}
