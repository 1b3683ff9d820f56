/** The matrix as a grid: rows are who, columns what. One cell is in the order of the tab key; arrows lead to the others. */
import type { AccessCell, AccessColumn } from "@wardline/language-server";
import { useRef, useState, type KeyboardEvent } from "react";
import { AccessWord, words } from "./access-word.tsx";
import { moved, type GridPlace } from "./grid-keys.ts";
import type { ShownMatrix } from "./shown.ts";
import { keyOf, type Matrix } from "./use-matrix.ts";

export interface Chosen {
  readonly who: string;
  readonly column: string;
}

export interface MatrixGridProps extends ShownMatrix {
  readonly cells: Matrix["cells"];
  readonly chosen: Chosen | null;
  readonly choose: (chosen: Chosen) => void;
}

export function MatrixGrid({ who, columns, cells, isMeant, chosen, choose }: MatrixGridProps) {
  const table = useRef<HTMLTableElement>(null);
  const [focused, setFocused] = useState<GridPlace>({ row: 0, column: 0 });
  const size = { rows: who.length, columns: columns.length };
  // What is shown may have become less than where the focus was.
  const place = {
    row: Math.min(focused.row, size.rows - 1),
    column: Math.min(focused.column, size.columns - 1),
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const next = moved(event.key, event.ctrlKey || event.metaKey, place, size);
    if (next === null) return;
    event.preventDefault();
    setFocused(next);
    table.current?.querySelector<HTMLElement>(`[data-place="${next.row} ${next.column}"]`)?.focus();
  };
  return (
    <div className="matrix-frame">
      <table role="grid" aria-label="Who can do what" className="matrix" ref={table} onKeyDown={onKeyDown}>
        <thead>
          <tr>
            <th scope="col" rowSpan={2} className="corner">
              Who
            </th>
            {typesOf(columns).map(({ resource, count }) => (
              <th key={resource} scope="colgroup" colSpan={count} className="type">
                <span>{resource}</span>
              </th>
            ))}
          </tr>
          <tr>
            {columns.map((column, index) => (
              <th
                key={keyOf(column)}
                scope="col"
                className={isFirst(columns, index) ? "action first" : "action"}
              >
                {column.action}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {who.map((one, row) => (
            <tr key={one.id}>
              <th scope="row">{one.label}</th>
              {columns.map((column, index) => (
                <Cell
                  key={keyOf(column)}
                  cell={cells.get(keyOf(column))?.get(one.id)}
                  isMeant={isMeant}
                  label={`${one.label}, ${keyOf(column)}`}
                  place={{ row, column: index }}
                  isFocused={place.row === row && place.column === index}
                  isChosen={chosen?.who === one.id && chosen.column === keyOf(column)}
                  isFirst={isFirst(columns, index)}
                  onFocus={setFocused}
                  choose={() => choose({ who: one.id, column: keyOf(column) })}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface CellProps {
  readonly cell: AccessCell | undefined;
  readonly isMeant: (cell: AccessCell) => boolean;
  readonly label: string;
  readonly place: GridPlace;
  readonly isFocused: boolean;
  readonly isChosen: boolean;
  readonly isFirst: boolean;
  readonly onFocus: (place: GridPlace) => void;
  readonly choose: () => void;
}

function Cell({
  cell,
  isMeant,
  label,
  place,
  isFocused,
  isChosen,
  isFirst: first,
  onFocus,
  choose,
}: CellProps) {
  const back = cell !== undefined && !isMeant(cell);
  const said = cell === undefined ? "being worked out" : words[cell.access].toLowerCase();
  return (
    <td
      role="gridcell"
      aria-selected={isChosen}
      aria-label={`${label}: ${said}${back ? ", not asked for" : ""}`}
      tabIndex={isFocused ? 0 : -1}
      data-place={`${place.row} ${place.column}`}
      className={first ? "first" : undefined}
      onFocus={() => onFocus(place)}
      onClick={choose}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        choose();
      }}
    >
      {cell === undefined ? (
        <span className="soft">…</span>
      ) : back ? (
        <span aria-hidden="true">·</span>
      ) : (
        <AccessWord access={cell.access} />
      )}
    </td>
  );
}

function typesOf(
  columns: readonly AccessColumn[],
): readonly { readonly resource: string; readonly count: number }[] {
  return [...Map.groupBy(columns, ({ resource }) => resource)].map(([resource, of]) => ({
    resource,
    count: of.length,
  }));
}

function isFirst(columns: readonly AccessColumn[], index: number): boolean {
  return columns[index]?.resource !== columns[index - 1]?.resource;
}
