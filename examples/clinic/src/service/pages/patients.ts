import { html } from "hono/html";
import type { PatientDetail, PatientPage, PatientRow, Visit } from "../patients.ts";
import { page, type Html, type Viewer } from "./layout.ts";

const cell = (value: string | null): Html | string =>
  value === null
    ? html`<span class="quiet" title="hidden from you, or empty" aria-hidden="true">–</span
        ><span class="spoken">hidden from you, or empty</span>`
    : value;

export function patientsPage(viewer: Viewer, { rows, next }: PatientPage): Html {
  return page(
    "Patients",
    html`${rows.length === 0 ? html`<p class="note">There is nothing here that you may see.</p>` : table(rows)}
      <div class="row">
        <a href="/">First page</a>
        ${next === null ? "" : html`<a rel="next" href="/?after=${next}">Next page</a>`}
      </div>`,
    viewer,
  );
}

const table = (rows: readonly PatientRow[]): Html =>
  html`<table>
    <thead>
      <tr>
        <th scope="col">Name</th>
        <th scope="col">Number</th>
        <th scope="col">Notes</th>
        <th scope="col" class="number">Balance</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        ({ id, name, ssn, notes, balance }) =>
          html`<tr>
            <td><a href="/patients/${id}">${name ?? "(no name)"}</a></td>
            <td>${cell(ssn)}</td>
            <td>${cell(notes)}</td>
            <td class="number">${cell(balance)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;

export interface PatientPageInput {
  readonly patient: PatientDetail;
  readonly visits: readonly Visit[];
  /** Fields that may be written; none where the patient may not be changed. */
  readonly editable: readonly ("name" | "notes" | "balance")[];
  readonly said?: string;
}

const labels = { name: "Name", notes: "Notes", balance: "Balance" } as const;

export function patientPage(viewer: Viewer, { patient, visits, editable, said }: PatientPageInput): Html {
  return page(
    patient.name ?? "Patient",
    html`${said === undefined ? "" : html`<p class="note" role="status">${said}</p>`}
      <table>
        <tbody>
          <tr>
            <th scope="row">Number</th>
            <td>${cell(patient.ssn)}</td>
          </tr>
          <tr>
            <th scope="row">Notes</th>
            <td>${cell(patient.notes)}</td>
          </tr>
          <tr>
            <th scope="row">Balance</th>
            <td>${cell(patient.balance)}</td>
          </tr>
          <tr>
            <th scope="row">Admitted</th>
            <td>${patient.admitted.slice(0, 16).replace("T", " ")}</td>
          </tr>
          <tr>
            <th scope="row">Discharged</th>
            <td>${patient.discharged ? "yes" : "no"}</td>
          </tr>
        </tbody>
      </table>
      ${
        editable.length === 0
          ? ""
          : html`<h2>Change</h2>
              <form method="post" action="/patients/${patient.id}">
                ${editable.map(
                  (field) =>
                    html`<label for="${field}">${labels[field]}</label>
                      <input type="text" id="${field}" name="${field}" value="${patient[field] ?? ""}" />`,
                )}
                <div class="row"><button class="main">Save</button></div>
              </form>`
      }
      <h2>Visits</h2>
      ${
        visits.length === 0
          ? html`<p>None that you may see.</p>`
          : html`<ul>
              ${visits.map(({ at, summary }) => html`<li>${at.slice(0, 10)}: ${cell(summary)}</li>`)}
            </ul>`
      }`,
    viewer,
  );
}

export function messagePage(viewer: Viewer | null, title: string, text: string): Html {
  return page(
    title,
    html`<p class="note error" role="alert">${text}</p>
      <p><a href="/">Back</a></p>`,
    viewer,
  );
}
