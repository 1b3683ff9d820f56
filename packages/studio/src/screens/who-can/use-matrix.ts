/** The matrix of access, worked out column by column: those that are shown first, and no further once they are not wanted any more. */
import type { AccessAxes, AccessCell, AccessColumn } from "@wardline/language-server";
import { useEffect, useMemo, useState } from "react";
import { isRefused, useAnswer, type Answered } from "../../evidence/use-answer.ts";
import { useStudio } from "../../session/use-studio.ts";

export interface Matrix {
  readonly axes: Answered<AccessAxes>;
  /** `action resource` → row → cell; of columns that are worked out. */
  readonly cells: ReadonlyMap<string, ReadonlyMap<string, AccessCell>>;
}

type Cells = Matrix["cells"];

export function keyOf({ action, resource }: Pick<AccessColumn, "action" | "resource">): string {
  return `${action} ${resource}`;
}

export function useAxes(tenant: string | null): Answered<AccessAxes> {
  return useAnswer("wardline/accessAxes", tenant === null ? null : { tenant });
}

export function useCells(tenant: string | null, columns: readonly AccessColumn[]): Cells {
  const { request, revision } = useStudio();
  const [known, setKnown] = useState<{ readonly of: string; readonly cells: Cells }>({
    of: "",
    cells: new Map(),
  });
  const wanted = JSON.stringify(columns.map(({ action, resource }) => ({ action, resource })));
  const of = `${tenant ?? ""} ${revision}`;
  useEffect(() => {
    if (tenant === null) return undefined;
    let isMeant = true;
    const work = async () => {
      for (const column of JSON.parse(wanted) as readonly AccessColumn[]) {
        const answer = await request("wardline/accessCells", { tenant, ...column });
        if (!isMeant) return;
        if (isRefused(answer)) continue;
        const rows = new Map(answer.cells.map((cell) => [cell.who, cell]));
        setKnown((before) => ({
          of,
          cells: new Map([...(before.of === of ? before.cells : []), [keyOf(column), rows]]),
        }));
      }
    };
    work().catch(() => undefined);
    return () => {
      isMeant = false;
    };
  }, [request, tenant, wanted, of]);
  return useMemo(() => (known.of === of ? known.cells : new Map()), [known, of]);
}
