export * from "./contracts.ts";
export * from "./errors.ts";
