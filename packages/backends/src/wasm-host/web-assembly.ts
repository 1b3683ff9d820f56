/** The part of the WebAssembly JavaScript interface (W3C, version 2) and of the Encoding Standard that the host needs. */

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  readonly grow: (pages: number) => number;
}

/** A compiled module. */
export type WasmModule = object;

export interface WasmInstance {
  readonly exports: Readonly<Record<string, unknown>>;
}

interface ImportDescriptor {
  readonly module: string;
  readonly name: string;
  readonly kind: string;
}

interface WebAssemblyInterface {
  readonly Memory: new (size: { readonly initial: number; readonly maximum: number }) => WasmMemory;
  readonly Module: {
    new (bytes: Uint8Array): WasmModule;
    readonly imports: (module: WasmModule) => readonly ImportDescriptor[];
    readonly exports: (module: WasmModule) => readonly Omit<ImportDescriptor, "module">[];
  };
  readonly Instance: new (module: WasmModule, imports: object) => WasmInstance;
}

interface Platform {
  readonly WebAssembly: WebAssemblyInterface;
  readonly TextDecoder: new (
    label: "utf-8",
    options: { readonly fatal: true; readonly ignoreBOM: true },
  ) => { readonly decode: (bytes: Uint8Array) => string };
  readonly TextEncoder: new () => {
    readonly encodeInto: (text: string, to: Uint8Array) => { readonly written: number };
  };
}

const platform = globalThis as unknown as Platform;

export const webAssembly = platform.WebAssembly;

const decoder = new platform.TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The text of UTF-8 bytes. Throws a TypeError where they are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

const encoder = new platform.TextEncoder();

/** Writes a text as UTF-8 and gives its length. There must be room for three bytes for each of its units. */
export function encodeUtf8(text: string, to: Uint8Array): number {
  return encoder.encodeInto(text, to).written;
}
