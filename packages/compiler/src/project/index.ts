export * from "./compile-project.ts";
export * from "./config-file.ts";
export * from "./project.ts";
