/** `--max-warnings`: how many warnings pass. */
import { InvalidArgumentError, type Command } from "commander";

export function addMaxWarnings(command: Command): Command {
  return command.option("--max-warnings <number>", "exit 1 if there are more warnings", wholeNumber);
}

function wholeNumber(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError("It is a whole number from 0.");
  return Number(value);
}
