/** An option that may be given several times. */
import { Option } from "commander";

export function many(flags: string, description: string): Option {
  return new Option(flags, `${description}; may be given several times`)
    .default([], "none")
    .argParser((value: string, before: readonly string[]) => [...before, value]);
}
