/** Work of the platform itself. Never import it where requests are answered. */
export { system, type SystemOptions } from "./system.ts";
export { explainFor, type ExplainOptions } from "./explain-for.ts";
