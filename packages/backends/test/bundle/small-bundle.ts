/** A bundle of next to nothing: a program without atoms. */
import type { BundleInput } from "@wardline/backends";
import { irFormat, type Program } from "@wardline/core";

export const emptyProgram: Program = {
  format: irFormat,
  tenant: "north",
  model: {
    name: "library",
    enums: [],
    tenant: [],
    context: [],
    entities: [],
    relations: [],
    actions: [],
    roles: [],
  },
  rules: [
    { id: "north/a", layer: "tenant", kind: "permit", file: "north.ward", line: 1, because: null, doc: "é" },
  ],
  slots: [],
  atoms: [],
  conditions: [{ kind: "constant", value: true }],
  tables: [],
  sealed: [],
};

export const smallInput: BundleInput = {
  program: emptyProgram,
  wasm: Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0),
  rego: "package wardline\n",
  sql: "-- nothing\n",
  revision: "7",
  compiler: "0.1.0",
  sourceMap: { atoms: [] },
  platform: "ab".repeat(32),
};
