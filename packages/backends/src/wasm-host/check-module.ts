/** Which modules the host runs: those that ask for an abort and for memory and for nothing else, and have the exports of ours. */
import { WasmPolicyError } from "./wasm-policy-error.ts";
import { webAssembly, type WasmInstance, type WasmModule } from "./web-assembly.ts";

const imports = ["env.opa_abort: function", "env.memory: memory"];

/** What the host calls. */
const needed = [
  "memory: memory",
  "opa_wasm_abi_version: global",
  "opa_wasm_abi_minor_version: global",
  "opa_eval: function",
  "opa_heap_ptr_get: function",
  "opa_json_dump: function",
  "builtins: function",
  "entrypoints: function",
  "wardline_begin: function",
  "wardline_decide: function",
];

/** What else the OPA ABI 1.3 has. */
const others = [
  "eval",
  "opa_eval_ctx_new",
  "opa_eval_ctx_set_input",
  "opa_eval_ctx_set_data",
  "opa_eval_ctx_set_entrypoint",
  "opa_eval_ctx_get_result",
  "opa_malloc",
  "opa_free",
  "opa_heap_ptr_set",
  "opa_heap_blocks_stash",
  "opa_heap_blocks_restore",
  "opa_heap_stash_clear",
  "opa_json_parse",
  "opa_value_parse",
  "opa_value_dump",
  "opa_value_free",
  "opa_value_add_path",
  "opa_value_remove_path",
].map((name) => `${name}: function`);

/** Throws a {@link WasmPolicyError} unless the module has the imports and exports of our modules. Nothing of it is run. */
export function checkModule(module: WasmModule): void {
  const asked = webAssembly.Module.imports(module).map((one) => `${one.module}.${one.name}: ${one.kind}`);
  refuseAny(
    "it imports",
    asked.filter((one) => !imports.includes(one)),
  );
  refuseAny(
    "it does not import",
    imports.filter((one) => !asked.includes(one)),
  );
  const given = webAssembly.Module.exports(module).map((one) => `${one.name}: ${one.kind}`);
  refuseAny(
    "it exports",
    given.filter((one) => !needed.includes(one) && !others.includes(one)),
  );
  refuseAny(
    "it does not export",
    needed.filter((one) => !given.includes(one)),
  );
}

/** Throws unless the instance speaks the ABI that the host speaks. */
export function checkVersion({ exports }: WasmInstance): void {
  const { opa_wasm_abi_version: major, opa_wasm_abi_minor_version: minor } = exports;
  const [a, b] = [major, minor].map((global) => (global as { readonly value: unknown }).value);
  if (a !== 1 || b !== 3) refuse(`it speaks version ${String(a)}.${String(b)} of the ABI, not 1.3`);
}

function refuseAny(what: string, found: readonly string[]): void {
  if (found.length > 0) refuse(`${what} ${found.join(", ")}`);
}

function refuse(why: string): never {
  throw new WasmPolicyError("module", `this is no policy module of Wardline: ${why}`);
}
