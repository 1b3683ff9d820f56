/** The screen *Who can*: who may do what, always, depending on facts, or never, and what stands behind each answer. */
import type { AccessAxes } from "@wardline/language-server";
import { useMemo, useState } from "react";
import "../../evidence/evidence.css";
import { noTenant, Unanswered } from "../../evidence/unanswered.tsx";
import { useAnswer } from "../../evidence/use-answer.ts";
import { download } from "../../host/download.ts";
import { useStudio } from "../../session/use-studio.ts";
import { words } from "./access-word.tsx";
import { CellPanel } from "./cell-panel.tsx";
import { matrixCsv } from "./matrix-csv.ts";
import { MatrixGrid, type Chosen } from "./matrix-grid.tsx";
import { firstFilter, shownColumns, shownMatrix, shownWho, type Filter } from "./shown.ts";
import { Toolbar } from "./toolbar.tsx";
import { keyOf, useAxes, useCells } from "./use-matrix.ts";
import "./who-can.css";

export function Screen() {
  const { tenant } = useStudio();
  const axes = useAxes(tenant);
  return (
    <section aria-labelledby="screen-title" className="screen who-can">
      <div className="screen-head">
        <h1 id="screen-title">Who can do what{tenant === null ? "" : ` in ${tenant}`}</h1>
        <p className="soft">Choose a cell to see the rules behind it, and a request that shows it.</p>
      </div>
      {tenant === null && <Unanswered why={noTenant} />}
      {axes.refused !== null && <Unanswered why={axes.refused} />}
      {axes.value === null && axes.isWaiting && <p className="soft">Reading the policy …</p>}
      {axes.value !== null && <Answers key={axes.value.tenant} axes={axes.value} />}
    </section>
  );
}

function Answers({ axes }: { readonly axes: AccessAxes }) {
  const { announce } = useStudio();
  const { tenant } = axes;
  const [filter, setFilter] = useState<Filter>(() => firstFilter(axes));
  const [asked, ask] = useState("");
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const search = useAnswer("wardline/searchAccess", asked === "" ? null : { tenant, text: asked }).value;
  const who = shownWho(axes, filter, search);
  const wanted = shownColumns(axes, filter, search);
  const cells = useCells(tenant, wanted);
  const shown = useMemo(
    () => shownMatrix(who, wanted, cells, filter.only, search),
    [who, wanted, cells, filter.only, search],
  );
  const ready = wanted.filter((column) => cells.has(keyOf(column))).length;
  const choose = (next: Chosen) => {
    setChosen(next);
    const cell = cells.get(next.column)?.get(next.who);
    if (cell !== undefined)
      announce(`${words[cell.access]}. What stands behind it is shown beside the table.`);
  };
  const behind = chosenIn(axes, cells, chosen);
  return (
    <>
      <Toolbar
        axes={axes}
        filter={filter}
        setFilter={setFilter}
        asked={asked}
        ask={ask}
        search={search}
        download={() => download(`who-can-${tenant}.csv`, matrixCsv(shown, cells), "text/csv")}
      />
      <p className="soft" role="status">
        {ready < wanted.length
          ? `${ready} of ${wanted.length} columns worked out …`
          : `${shown.who.length} ${shown.who.length === 1 ? "row" : "rows"}, ${shown.columns.length} ${shown.columns.length === 1 ? "column" : "columns"}`}
      </p>
      <div className={behind === null ? "answers" : "answers with-panel"}>
        {shown.columns.length === 0 || shown.who.length === 0 ? (
          <p>Nothing of this policy is like that.</p>
        ) : (
          <MatrixGrid {...shown} cells={cells} chosen={chosen} choose={choose} />
        )}
        {behind !== null && <CellPanel tenant={tenant} rules={axes.rules} {...behind} />}
      </div>
    </>
  );
}

function chosenIn(axes: AccessAxes, cells: ReturnType<typeof useCells>, chosen: Chosen | null) {
  if (chosen === null) return null;
  const who = axes.who.find(({ id }) => id === chosen.who);
  const column = axes.columns.find((one) => keyOf(one) === chosen.column);
  const cell = cells.get(chosen.column)?.get(chosen.who);
  return who === undefined || column === undefined || cell === undefined ? null : { who, column, cell };
}
