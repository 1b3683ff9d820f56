/** Parts of the isolation layer that are broken in one place after the other; their own tests have to notice. */
import type { Fault } from "./fault.ts";
import { scopeFaults } from "./scope-faults.ts";
import { writeFaults } from "./write-faults.ts";

export interface RoomFault extends Fault {
  /** The one test file that is to notice, from the room's folder; all of the part's where it is left out. */
  readonly test?: string;
}

export interface Part {
  /** From the folder of the room that the faults' files are in. */
  readonly room: string;
  readonly faults: readonly RoomFault[];
  /** The test files, from the room's folder, that are to notice. */
  readonly tests: readonly string[];
  /** Which of their tests, as a pattern of names; all where it is left out. */
  readonly named?: string;
}

export const parts = ["write", "scope"] as const;
export type PartName = (typeof parts)[number];

export const partOf: Readonly<Record<PartName, Part>> = {
  write: {
    room: "packages/isolation",
    faults: writeFaults,
    tests: [
      "test/write-boundary.test.ts",
      "test/write-concurrency.test.ts",
      "test/write-shapes.test.ts",
      "test/write-rows.test.ts",
      "test/blind-index-server.test.ts",
    ],
    // The embedded database would show the same, later.
    named: "on a server|V94|boundary",
  },
  scope: {
    room: "packages/isolation",
    faults: scopeFaults,
    tests: ["carried", "fence", "raising", "refused", "places"].map((name) => `test/scope-${name}.test.ts`),
  },
};
