/** Says on a terminal how far a long run is, and takes it back. Nothing is said in the first half second, nor elsewhere. */
import type { Io } from "./io.ts";

export interface Progress {
  readonly step: (done: number, all: number) => void;
  readonly end: () => void;
}

const quietMilliseconds = 500;

export function startProgress(io: Io, what: string, now: () => number = () => performance.now()): Progress {
  const began = now();
  let shown = 0;
  return {
    step: (done, all) => {
      if (!io.interactive || now() - began < quietMilliseconds) return;
      const text = `${what} ${done} of ${all}`;
      io.err(`\r${text.padEnd(shown)}`);
      shown = text.length;
    },
    end: () => {
      if (shown > 0) io.err(`\r${" ".repeat(shown)}\r`);
      shown = 0;
    },
  };
}
