/** The paths at which a module reads facts, and where it looks for each: the tree of runtime/document.ts. */
import { WasmPolicyError } from "./wasm-policy-error.ts";
import { decodeUtf8 } from "./web-assembly.ts";

export interface FactTree {
  /** Where the address of the fact is to be noted; 0 for what is no fact itself. */
  readonly leaf: number;
  readonly children: readonly FactBranch[];
}

export interface FactBranch {
  readonly key: string;
  readonly tree: FactTree;
}

/** No path has more keys. */
const deepest = 16;

/** Reads the tree from a module's memory. Throws a fault where there is none. */
export function readFactTree(memory: Uint8Array, root: number): FactTree {
  const words = new DataView(memory.buffer);
  const read = (at: number, depth: number): FactTree => {
    if (depth > deepest) throw new RangeError("a path without an end");
    const children = Array.from({ length: words.getUint32(at + 12, true) }, (_, n): FactBranch => {
      const [text, length, node] = [0, 4, 8].map((offset) =>
        words.getUint32(at + 16 + n * 12 + offset, true),
      ) as [number, number, number];
      return { key: decodeUtf8(memory.subarray(text, text + length)), tree: read(node, depth + 1) };
    });
    return { leaf: words.getUint32(at, true), children };
  };
  try {
    return read(root, 0);
  } catch (cause) {
    throw new WasmPolicyError("fault", "the module has no tree of facts", { cause });
  }
}
