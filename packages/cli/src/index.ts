export { runCli } from "./cli.ts";
export { exitCode } from "./exit-code.ts";
export type { Io } from "./io.ts";
