/** Where a tenant's owner edits the tenant's policy. */
import { html, raw } from "hono/html";
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
      ${findings === null ? "" : findingList(findings)} ${changes === null ? "" : changeList(changes)}
      <form method="post" action="/policy">
        <input type="hidden" name="before" value="${before}" />
        <label for="text">What your people may do. What the platform forbids stays forbidden.</label>
        <textarea
          id="text"
          name="text"
          spellcheck="false"
          ${
            findings === null ? "" : raw(' aria-describedby="findings"')
          }${hasErrors(findings) ? raw(' aria-invalid="true"') : ""}
        >
${text}</textarea>
        <div class="row">
          <button name="do" value="check">Check</button>
          <button class="main" name="do" value="publish">Publish</button>
        </div>
      </form>`,
    viewer,
  );
}

const changeList = (changes: string): Html =>
  html`<section aria-labelledby="changes">
    <h2 id="changes">What changes</h2>
    <pre tabindex="0" aria-labelledby="changes">${changes}</pre>
  </section>`;

const hasErrors = (findings: readonly Finding[] | null): boolean =>
  findings?.some(({ severity }) => severity === "error") === true;

function findingList(findings: readonly Finding[]): Html {
  if (findings.length === 0)
    return html`<p class="note" id="findings" role="status">Nothing to say against it.</p>`;
  return html`<div
    class="note ${hasErrors(findings) ? "error" : ""}"
    id="findings"
    role="${hasErrors(findings) ? "alert" : "status"}"
  >
    <ul class="findings">
      ${findings.map(findingItem)}
    </ul>
  </div>`;
}

// A line of code is shown as it is: nothing may stand between the tags.
const findingItem = ({ severity, code, message, line, column, label, help, excerpt }: Finding): Html =>
  html`<li>
    <p><strong>${severity}</strong>: ${message} <code class="quiet">${code}</code></p>
    <pre><span class="quiet">${line}:${column} </span>${excerpt[0]}<mark>${excerpt[1]}</mark>${excerpt[2]}</pre>
    ${label === null ? "" : html`<p>${label}</p>`} ${help === null ? "" : html`<p>${help}</p>`}
  </li>`;
