/** The frame of every page: plain HTML, no script. Values are escaped where they are put in. */
import { html, raw } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

export interface Viewer {
  readonly tenant: string;
  readonly title: string;
  readonly isOwner: boolean;
}

export function page(title: string, body: Html, viewer: Viewer | null = null): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · Clinic</title>
        <link rel="stylesheet" href="/style.css" />
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
      </head>
      <body>
        <header>
          <strong>Clinic</strong>
          ${viewer === null ? "" : navigation(viewer)}
        </header>
        <main>
          <h1>${title}</h1>
          ${body}
        </main>
      </body>
    </html>`;
}

function navigation({ tenant, title, isOwner }: Viewer): Html {
  return html`<nav aria-label="Main">
      <a href="/">Patients</a>
      <a href="/export">Export</a> ${isOwner ? raw('<a href="/policy">Policy</a>') : ""}
    </nav>
    <form method="post" action="/sign-out" class="who">
      <span>${title} at ${tenant}</span>
      <button>Sign out</button>
    </form>`;
}

export const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#0b6e63"/><path d="M8 3v10M3 8h10" stroke="#fff" stroke-width="3"/></svg>`;

export const style = `:root { color-scheme: light dark; --accent: #0b6e63; --wrong: #c0392b;
  --line: color-mix(in srgb, CanvasText 20%, Canvas); --edge: color-mix(in srgb, CanvasText 55%, Canvas); --quiet: color-mix(in srgb, CanvasText 72%, Canvas); }
@media (prefers-color-scheme: dark) { :root { --accent: #5fd3c4; --wrong: #ff7b6b; } }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; }
header { display: flex; flex-wrap: wrap; gap: 0.5rem 1.5rem; align-items: center; padding: 0.75rem 1.5rem; border-bottom: 1px solid var(--line); }
header .who { margin-left: auto; display: flex; gap: 1rem; align-items: center; }
main { max-width: 70rem; margin: 0 auto; padding: 1rem 1.5rem 3rem; }
h1 { overflow-wrap: anywhere; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
nav a { margin-right: 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: 0.35rem 0.75rem 0.35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
th[scope="row"] { width: 9rem; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; padding-right: 0; }
.quiet { color: var(--quiet); }
.spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
label { display: block; margin: 0.75rem 0 0.25rem; }
input, textarea, button { font: inherit; padding: 0.4rem 0.6rem; border: 1px solid var(--edge); border-radius: 0.3rem; background: Canvas; color: CanvasText; }
input[type="text"], input[type="password"] { width: min(24rem, 100%); }
textarea { width: 100%; min-height: 26rem; font: 14px/1.5 ui-monospace, monospace; tab-size: 2; white-space: pre; overflow-x: auto; }
button { cursor: pointer; white-space: nowrap; } button.main { background: var(--accent); color: Canvas; border-color: var(--accent); }
.row { display: flex; gap: 0.75rem; margin: 1rem 0; flex-wrap: wrap; align-items: center; }
.note { border-left: 4px solid var(--accent); padding: 0.5rem 1rem; margin: 1rem 0; background: color-mix(in srgb, var(--accent) 8%, Canvas); }
.error { border-left-color: var(--wrong); background: color-mix(in srgb, var(--wrong) 10%, Canvas); }
pre { overflow: auto; max-height: 24rem; margin: 0.5rem 0; padding: 0.75rem; border: 1px solid var(--line); border-radius: 0.3rem; background: Canvas; font: 13px/1.5 ui-monospace, monospace; }
.findings { list-style: none; margin: 0; padding: 0; } .findings > li + li { margin-top: 1.25rem; }
.findings p { margin: 0.25rem 0; } .findings pre { white-space: pre-wrap; overflow-wrap: anywhere; }
mark { background: #ffe066; color: #000; font-weight: bold; }
@media (max-width: 40rem) { header, main { padding-left: 1rem; padding-right: 1rem; } header .who { margin-left: 0; width: 100%; justify-content: space-between; } }
`;
