/** The entry `@wardline/compiler/diagnostics`: the pages of findings. The compiler itself never imports it. */
export { diagnostics, type DiagnosticCode } from "../table.ts";
export { diagnosticPages } from "./table.ts";
export type { DiagnosticPage, Example, ExampleSet } from "./page.ts";
export { renderPage, renderPages, type RenderedPage } from "./render.ts";
