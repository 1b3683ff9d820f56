/**
 * - `module`: what was to be loaded is no module that `compileWasm` makes.
 * - `input`: the input is no JSON in UTF-8, nests too deep, is too large or of a wrong kind. The request was not decided.
 * - `fault`: the module trapped or gave what is no answer. The request was not decided; the next one is asked of a new instance.
 */
export type WasmPolicyErrorCode = "module" | "input" | "fault";

/** What the host throws in place of an answer. Whoever enforces takes it for a denial. */
export class WasmPolicyError extends Error {
  readonly code: WasmPolicyErrorCode;

  constructor(code: WasmPolicyErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "WasmPolicyError";
    this.code = code;
  }
}
