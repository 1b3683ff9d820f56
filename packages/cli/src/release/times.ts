/** How long what is signed holds, as options say it. */
import { InvalidArgumentError, type Command } from "commander";
import { UsageError } from "../exit-code.ts";

export const minute = 60;
export const day = 24 * 60 * minute;

/** Seconds by which what is signed begins earlier than now: clocks differ. */
export const clockSkew = minute;

/** The present in whole seconds since 1970. */
export function presentSecond(): number {
  return Math.floor(Date.now() / 1000);
}

export interface LifetimeOptions {
  readonly days: number;
  readonly maxStaleness?: number;
}

/** Adds how long bundles are in force. */
export function addLifetimeOptions(command: Command): Command {
  return command
    .option("--days <number>", "for how many days bundles are in force", wholeNumber(3650), 30)
    .option(
      "--max-staleness <minutes>",
      "for how many minutes bundles stay in force without a newer timestamp",
      wholeNumber(10_000_000),
    );
}

export function addTimestampOption(command: Command): Command {
  return command.option(
    "--timestamp-minutes <number>",
    "for how many minutes the timestamp holds",
    wholeNumber(10_000_000),
    60,
  );
}

export function lifetimeFrom(begin: number, { days, maxStaleness }: LifetimeOptions) {
  return {
    notBefore: begin,
    expires: begin + clockSkew + days * day,
    maxStaleness: maxStaleness === undefined ? null : maxStaleness * minute,
  };
}

/** A reader of whole numbers from 1. */
export function wholeNumber(most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^[1-9]\d{0,9}$/.test(text) || value > most)
      throw new InvalidArgumentError(`a whole number from 1 to ${most}`);
    return value;
  };
}

/** Seconds of an instant as `2026-01-05T12:00:00Z`. */
export function secondOf(option: string, text: string): number {
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw new UsageError(`${option} must be a time as 2026-01-05T12:00:00Z`);
  return time / 1000;
}
