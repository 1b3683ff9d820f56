export * from "./ast/expression.ts";
export * from "./ast/statement.ts";
export * from "./compile.ts";
