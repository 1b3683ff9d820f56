/** A file line by line, side by side or as one column. What was added and removed is said by a sign and a word, never by colour alone. */
import type { DiffLine, DiffRow, Review } from "@wardline/language-server";
import { Fragment, useState } from "react";
import { Button } from "react-aria-components";
import { foldedRows, isFold } from "./folded-rows.ts";
import "./text-difference.css";

export type DiffLayout = "beside" | "one";

export interface TextDifferenceProps {
  readonly file: Review["files"][number];
  readonly layout: DiffLayout;
}

export function TextDifference({ file: { file, rows, added, removed }, layout }: TextDifferenceProps) {
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const columns = layout === "beside" ? 4 : 3;
  return (
    <div className="difference-frame" role="region" tabIndex={0} aria-label={`Differences in ${file}`}>
      <table className={`difference ${layout}`}>
        <caption>
          <code>{file}</code>{" "}
          <span className="soft">
            {added} {added === 1 ? "line" : "lines"} added, {removed} removed
          </span>
        </caption>
        <colgroup>
          <col className="number" />
          <col className={layout === "beside" ? "" : "number"} />
          <col className={layout === "beside" ? "number" : ""} />
          {layout === "beside" && <col />}
        </colgroup>
        <thead className="unseen-head">
          <tr>
            {layout === "beside" ? (
              <>
                <th scope="col">Line before</th>
                <th scope="col">Before</th>
                <th scope="col">Line after</th>
                <th scope="col">After</th>
              </>
            ) : (
              <>
                <th scope="col">Line before</th>
                <th scope="col">Line after</th>
                <th scope="col">Text</th>
              </>
            )}
          </tr>
        </thead>
        <tbody>
          {foldedRows(rows, open).map((row) =>
            isFold(row) ? (
              <tr key={`fold ${row.from}`} className="fold">
                <td colSpan={columns}>
                  <Button className="button bare" onPress={() => setOpen(new Set([...open, row.from]))}>
                    Show {row.count} unchanged lines
                  </Button>
                </td>
              </tr>
            ) : (
              <Fragment key={`${row.before?.line ?? ""} ${row.after?.line ?? ""}`}>
                {layout === "beside" ? <BesideRow row={row} /> : <OneRows row={row} />}
              </Fragment>
            ),
          )}
        </tbody>
      </table>
    </div>
  );
}

function BesideRow({ row: { kind, before, after } }: { readonly row: DiffRow }) {
  return (
    <tr>
      <Side line={before} change={kind === "same" ? null : "removed"} />
      <Side line={after} change={kind === "same" ? null : "added"} />
    </tr>
  );
}

function Side({ line, change }: { readonly line: DiffLine | null; readonly change: Changed | null }) {
  if (line === null)
    return (
      <>
        <td className="number" />
        <td className="empty" />
      </>
    );
  return (
    <>
      <td className="number">{line.line}</td>
      <Words line={line} change={change} />
    </>
  );
}

function OneRows({ row: { kind, before, after } }: { readonly row: DiffRow }) {
  if (kind === "same" && before !== null && after !== null)
    return (
      <tr>
        <td className="number">{before.line}</td>
        <td className="number">{after.line}</td>
        <Words line={after} change={null} />
      </tr>
    );
  return (
    <>
      {before !== null && (
        <tr>
          <td className="number">{before.line}</td>
          <td className="number" />
          <Words line={before} change="removed" />
        </tr>
      )}
      {after !== null && (
        <tr>
          <td className="number" />
          <td className="number">{after.line}</td>
          <Words line={after} change="added" />
        </tr>
      )}
    </>
  );
}

type Changed = "added" | "removed";

function Words({ line, change }: { readonly line: DiffLine; readonly change: Changed | null }) {
  const Part = change === "added" ? "ins" : "del";
  const [from, to] = line.changed ?? [0, 0];
  return (
    <td className={`words ${change ?? ""}`}>
      <span className="sign" aria-hidden="true">
        {change === null ? " " : change === "added" ? "+" : "−"}
      </span>
      {change !== null && <span className="unseen">{change}: </span>}
      {line.text.slice(0, from)}
      {to > from && <Part>{line.text.slice(from, to)}</Part>}
      {line.text.slice(to)}
    </td>
  );
}
