/** The faults of every backend. */
import { closureFaults } from "./closure-faults.ts";
import type { Backend, Fault } from "./fault.ts";
import { regoFaults } from "./rego-faults.ts";
import { sqlFaults } from "./sql-faults.ts";
import { wasmFaults } from "./wasm-faults.ts";

export const faultsOf: Readonly<Record<Backend, readonly Fault[]>> = {
  closure: closureFaults,
  wasm: wasmFaults,
  rego: regoFaults,
  sql: sqlFaults,
};
