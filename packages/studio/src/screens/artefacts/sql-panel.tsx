/** The SQL of one person: the guarded view of a table, or what a write asks of its rows. */
import type { AccessAxes, SqlPart } from "@wardline/language-server";
import { useState } from "react";
import { Choice } from "../../controls/choice.tsx";
import { Unanswered } from "../../evidence/unanswered.tsx";
import { useAnswer } from "../../evidence/use-answer.ts";
import { TextPane } from "./text-pane.tsx";

export function SqlPanel({ tenant }: { readonly tenant: string }) {
  const axes = useAnswer("wardline/accessAxes", { tenant });
  if (axes.refused !== null) return <Unanswered why={axes.refused} />;
  if (axes.value === null) return <p className="soft">Compiling …</p>;
  return <ForPerson key={tenant} axes={axes.value} />;
}

function ForPerson({ axes }: { readonly axes: AccessAxes }) {
  const { tenant, who, columns } = axes;
  const [person, setPerson] = useState(() => (who.find(({ role }) => role !== null) ?? who[0])?.id ?? "");
  const [what, setWhat] = useState(() => keyOf(columns[0]));
  const column = columns.find((one) => keyOf(one) === what) ?? columns[0];
  const cells = useAnswer(
    "wardline/accessCells",
    column === undefined ? null : { tenant, action: column.action, resource: column.resource },
  );
  const cell = cells.value?.cells.find((one) => one.who === person);
  const request = (cell?.permitted ?? cell?.refused)?.request ?? null;
  const sql = useAnswer("wardline/sqlFor", request === null ? null : { tenant, request });
  return (
    <>
      <p className="soft">
        What the database is asked when this person asks. All that is known of them is folded in; values are
        never part of the text.
      </p>
      <div className="toolbar">
        <div className="field">
          <span className="field-label">Who</span>
          <Choice
            label="Who"
            chosen={person}
            options={who.map(({ id, label }) => ({ id, label }))}
            choose={setPerson}
          />
        </div>
        <div className="field">
          <span className="field-label">What</span>
          <Choice
            label="What"
            chosen={keyOf(column)}
            options={columns.map((one) => ({ id: keyOf(one), label: `${one.action} ${one.resource}` }))}
            choose={setWhat}
          />
        </div>
      </div>
      {cell !== undefined && request === null && (
        <p>Nobody like this may {what}, whatever is known of them: no query is made.</p>
      )}
      {sql.refused !== null && <Unanswered why={sql.refused} />}
      {request !== null && sql.value !== null && (
        <>
          <Facts facts={sql.value.facts} />
          {sql.value.duties.length > 0 && <p>Besides: {sql.value.duties.join("; ")}.</p>}
          {sql.value.parts.map((part) => (
            <Part key={part.title} part={part} />
          ))}
        </>
      )}
    </>
  );
}

function Facts({ facts }: { readonly facts: readonly { readonly name: string; readonly value: string }[] }) {
  return (
    <details>
      <summary>What is known of this person ({facts.length})</summary>
      <dl className="fact-list">
        {facts.map(({ name, value }) => (
          <div key={name}>
            <dt>
              <code>{name}</code>
            </dt>
            <dd>
              <code>{value}</code>
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

function Part({ part: { title, says, text, places, parameters } }: { readonly part: SqlPart }) {
  return (
    <div className="sql-part">
      <p>{says}</p>
      {text !== "" && <TextPane title={title} text={text} language="sql" places={places} fileName={null} />}
      {parameters.length > 0 && (
        <table className="plain-table">
          <caption>Values, sent apart from the text</caption>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Type</th>
              <th scope="col">Value</th>
            </tr>
          </thead>
          <tbody>
            {parameters.map(({ name, type, value }) => (
              <tr key={name}>
                <th scope="row">
                  <code>{name}</code>
                </th>
                <td>
                  <code>{type}</code>
                </td>
                <td>
                  <code>{value}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

function keyOf(column: AccessAxes["columns"][number] | undefined): string {
  return column === undefined ? "" : `${column.action} ${column.resource}`;
}
