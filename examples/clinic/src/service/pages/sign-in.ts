import { html } from "hono/html";
import { page, type Html } from "./layout.ts";

export interface SignInPage {
  readonly tenant: string;
  readonly problem?: string;
  /** Where to go afterwards: a path of this service. */
  readonly next: string;
}

export function signInPage({ tenant, problem, next }: SignInPage): Html {
  return page(
    `Sign in to ${tenant}`,
    html`${problem === undefined ? "" : html`<p class="note error" role="alert">${problem}</p>`}
      <form method="post" action="/sign-in">
        <input type="hidden" name="next" value="${next}" />
        <label for="account">Account</label>
        <input
          type="text"
          id="account"
          name="account"
          autocomplete="username"
          autocapitalize="none"
          required
        />
        <label for="password">Password</label>
        <input type="password" id="password" name="password" autocomplete="current-password" required />
        <div class="row"><button class="main">Sign in</button></div>
      </form>`,
  );
}

/** The hospitals, where the address names none. */
export function frontPage(addresses: readonly { readonly tenant: string; readonly url: string }[]): Html {
  return page(
    "Which hospital?",
    html`<ul>
      ${addresses.map(({ tenant, url }) => html`<li><a href="${url}">${tenant}</a></li>`)}
    </ul>`,
  );
}
