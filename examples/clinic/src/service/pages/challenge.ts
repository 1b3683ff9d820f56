/** What stands between a person and what they asked for, and can be met: a second factor, a reason, somebody's approval. */
import type { Obligation } from "@wardline/sdk";
import { html } from "hono/html";
import { page, type Html, type Viewer } from "./layout.ts";

export interface ChallengePage {
  readonly obligations: readonly Obligation[];
  /** Where the form goes. */
  readonly action: string;
  /** What it carries along. */
  readonly carried: Readonly<Record<string, string>>;
  readonly problem?: string;
}

export function challengePage(
  viewer: Viewer,
  { obligations, action, carried, problem }: ChallengePage,
): Html {
  const needs = new Set(obligations.map(({ type }) => type));
  return page(
    "One more step",
    html`<p>Nothing was changed or shown yet. The policy permits it once you have given what it asks for.</p>
      ${problem === undefined ? "" : html`<p class="note error" role="alert">${problem}</p>`}
      <form method="post" action="${action}">
        ${Object.entries(carried).map(
          ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
        )}
        ${needs.has("step_up") ? codeField() : ""}
        ${
          needs.has("reason")
            ? html`<label for="purpose">Reason, for the record</label>
                <input type="text" id="purpose" name="purpose" maxlength="200" required />`
            : ""
        }
        ${needs.has("approval") ? html`<p class="note">Somebody else has to approve it, for which there is no page here.</p>` : ""}
        <div class="row"><button class="main">Go on</button> <a href="/">Back</a></div>
      </form>`,
    viewer,
  );
}

export function confirmPage(viewer: Viewer, next: string, problem?: string): Html {
  return page(
    "Confirm that it is you",
    html`<p>
        What you asked for needs your second
        factor.${next === "/export" ? " The file comes as a download; you stay on this page." : ""}
      </p>
      ${problem === undefined ? "" : html`<p class="note error" role="alert">${problem}</p>`}
      <form method="post" action="/confirm">
        <input type="hidden" name="next" value="${next}" />
        ${codeField()}
        <div class="row"><button class="main">Confirm</button> <a href="/">Back</a></div>
      </form>`,
    viewer,
  );
}

const codeField = (): Html =>
  html`<label for="code">Code of your authenticator</label>
    <input type="text" id="code" name="code" inputmode="numeric" autocomplete="one-time-code" required />`;
