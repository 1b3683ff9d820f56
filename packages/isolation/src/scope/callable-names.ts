/** Names of functions that a caller may use: no column may bear one, since `(row).name` and `name(row)` mean the same. */
import { aggregateFunctions } from "./aggregate-function.ts";
import { scalarFunctions } from "./scalar-function.ts";

export const callableNames: ReadonlySet<string> = new Set([...scalarFunctions, ...aggregateFunctions]);
