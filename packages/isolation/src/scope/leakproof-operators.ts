/** Made by `pnpm generate:leakproof` from pg_proc.proleakproof: comparisons of two operands of one type that tell nothing of a row. */
export const leakproofOperators: Readonly<Record<string, readonly string[]>> = {
  bigint: ["=", "<>", "<", "<=", ">", ">="],
  boolean: ["=", "<>", "<", "<=", ">", ">="],
  bytea: ["=", "<>", "<", "<=", ">", ">="],
  date: ["=", "<>", "<", "<=", ">", ">="],
  inet: ["=", "<>", "<", "<=", ">", ">="],
  text: ["=", "<>", "<", "<=", ">", ">="],
  "time without time zone": ["=", "<>", "<", "<=", ">", ">="],
  "timestamp with time zone": ["=", "<>", "<", "<=", ">", ">="],
  uuid: ["=", "<>", "<", "<=", ">", ">="],
};
