/** Where a tenant's owner edits the tenant's policy. */
import { html } from "hono/html";
import type { Finding } from "../desk/findings.ts";
import { page, type Html, type Viewer } from "./layout.ts";

export interface PolicyPage {
  readonly text: string;
  /** The digest of the text in force that this one was made of. */
  readonly before: string;
  readonly findings: readonly Finding[] | null;
  /** Whom it would let do what, compared with what is in force. */
  readonly changes: string | null;
  readonly said?: { readonly kind: "fine" | "error"; readonly text: string };
}

export function policyPage(viewer: Viewer, { text, before, findings, changes, said }: PolicyPage): Html {
  return page(
    `Policy of ${viewer.tenant}`,
    html`${
        said === undefined
          ? ""
          : html`<p
              class="note ${said.kind === "error" ? "error" : ""}"
              role="${said.kind === "error" ? "alert" : "status"}"
            >
              ${said.text}
            </p>`
      }
      ${findings === null ? "" : findingList(findings)}
      <form method="post" action="/policy">
        <input type="hidden" name="before" value="${before}" />
        <label for="text">What your people may do. What the platform forbids stays forbidden.</label>
        <textarea id="text" name="text" spellcheck="false" aria-describedby="findings">${text}</textarea>
        <div class="row">
          <button name="do" value="check">Check</button>
          <button class="main" name="do" value="publish">Publish</button>
        </div>
      </form>
      ${
        changes === null
          ? ""
          : html`<h2>What changes</h2>
              <pre>${changes}</pre>`
      }`,
    viewer,
  );
}

function findingList(findings: readonly Finding[]): Html {
  if (findings.length === 0)
    return html`<p class="note" id="findings" role="status">Nothing to say against it.</p>`;
  return html`<div
    class="note ${findings.some(({ severity }) => severity === "error") ? "error" : ""}"
    id="findings"
    role="alert"
  >
    <ul>
      ${findings.map(
        ({ severity, code, message, line, column, label, help }) =>
          html`<li>
            line ${line}, column ${column}: ${severity} <code>${code}</code>:
            ${message}${label === null ? "" : `; ${label}`}${help === null ? "" : ` (${help})`}
          </li>`,
      )}
    </ul>
  </div>`;
}
