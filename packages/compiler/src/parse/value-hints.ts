/** Hints for ranges, times, texts and what `now` is moved by. Only explains: nothing is accepted that it names. */
import { tokenMatcher } from "chevrotain";
import { help, write, type Hint } from "./hint.ts";
import type { Place } from "./report.ts";
import { AnyWord, CloseRound, Dot, DotDot, Int, Minus, Period, Time, Version3 } from "./tokens.ts";

/** What stands after `now +` or `now -` and is no duration. */
export function offsetHint({ found }: Place): Hint {
  if (found?.tokenType === Period)
    return help("months and years have no fixed length: count days, as in `now - 30d`");
  if (found?.tokenType === Int) return help(`say the unit, as in \`${found.image}m\``);
  return help("`now` is moved by a duration that is written out, as in `now - 5m`");
}

/** What stands after a value that could have ended the condition. */
export function afterValueHint(place: Place): Hint | null {
  const { found, last } = place;
  if (found === null || last === null) return null;
  if (found.tokenType === Minus && last.tokenType === Time)
    return write(place, found, "..", "a range of times is written `22:00..06:00`");
  if (found.tokenType === DotDot && tokenMatcher(last, AnyWord))
    return help("list the values, as in `in [monday, tuesday]`");
  if (found.tokenType === Dot && last.tokenType === CloseRound)
    return help(
      "a method is asked of a path; what may be absent is guarded, as in `has x and x.contains(…)`",
    );
  if (/^(?:like|ilike|matches|startswith|endswith)$/.test(found.image))
    return help("ask a text with `.starts_with(…)`, `.ends_with(…)` or `.contains(…)`");
  return null;
}

/** What stands for a value and is none: a part of an address. */
export function partialAddress({ found }: Place): Hint | null {
  return found?.tokenType === Version3 ? help("an address has four parts, as in `10.20.0.0/16`") : null;
}
