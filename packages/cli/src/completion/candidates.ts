/** What can stand at the end of a command line, read from the commands themselves. */
import type { Argument, Command, Option } from "commander";

/** Values that only the project knows, by the name of the option or argument that takes them. */
export type KnownValues = (name: string) => readonly string[];

/**
 * The words that can stand in place of the last of `words`, which may be unfinished. None where a file is expected.
 */
export function candidates(
  program: Command,
  words: readonly string[],
  known: KnownValues,
): readonly string[] {
  const last = words.at(-1) ?? "";
  const place = placeOf(program, words.slice(0, -1));
  return possible(place, last, known).filter((word) => word.startsWith(last));
}

interface Place {
  readonly command: Command;
  /** The option whose value is expected, if one is. */
  readonly option: Option | undefined;
  /** How many arguments the command has before this place. */
  readonly argument: number;
}

function placeOf(program: Command, words: readonly string[]): Place {
  let command = program;
  let option: Option | undefined;
  let argument = 0;
  for (const word of words) {
    if (option !== undefined) {
      option = undefined;
      continue;
    }
    if (word.startsWith("-")) {
      const found = command.options.find((known) => known.long === word || known.short === word);
      option = found?.required === true ? found : undefined;
      continue;
    }
    const next = argument === 0 ? command.commands.find((known) => known.name() === word) : undefined;
    if (next === undefined) argument += 1;
    else command = next;
  }
  return { command, option, argument };
}

function possible({ command, option, argument }: Place, last: string, known: KnownValues): readonly string[] {
  if (option !== undefined) return valuesOf(option, known);
  const [, name] = /^(--[a-z-]+)=/.exec(last) ?? [];
  if (name !== undefined) {
    const found = command.options.find((one) => one.long === name);
    return found === undefined ? [] : valuesOf(found, known).map((value) => `${name}=${value}`);
  }
  if (last.startsWith("-"))
    return [...command.options.flatMap((one) => (one.hidden ? [] : (one.long ?? []))), "--help"];
  const commands = argument === 0 ? command.createHelp().visibleCommands(command) : [];
  const arguments_ = command.registeredArguments;
  const expected =
    arguments_[argument] ?? (arguments_.at(-1)?.variadic === true ? arguments_.at(-1) : undefined);
  return [...commands.map((one) => one.name()), ...(expected === undefined ? [] : valuesOf(expected, known))];
}

function valuesOf(taker: Option | Argument, known: KnownValues): readonly string[] {
  const name = "long" in taker ? taker.attributeName() : taker.name();
  return taker.argChoices ?? known(name);
}
