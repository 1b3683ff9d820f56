/** Hints for conditions and values. Only explains: nothing is accepted that it names. */
import { tokenMatcher } from "chevrotain";
import { help, helpWithFix, spanOfToken, write, type Hint } from "./hint.ts";
import type { Place } from "./report.ts";
import { kebab } from "./rule-hints.ts";
import {
  AnyWord,
  CloseRound,
  Comma,
  Comparison,
  Decimal,
  EqualEqual,
  Int,
  Minus,
  OpenBrace,
  OpenRound,
  Scalar,
  Type,
} from "./tokens.ts";
import { offsetHint, partialAddress } from "./value-hints.ts";
import { clauseWords, isReservedWord } from "./words.ts";

const units = /^(?:us|ms|s|m|h|d|w)$/;

/** Help for what stands where a condition, a value or an argument was expected. */
export function conditionHint(place: Place, expected: string): Hint | null {
  const { found, last } = place;
  if (expected.startsWith("a condition or a value")) return valueHint(place) ?? partialAddress(place);
  if (expected.startsWith("an id in quotes after the type")) return shouted(place);
  if (expected.startsWith("a duration such as")) return offsetHint(place);
  if (found === null) return null;
  if (expected.startsWith("`in` after `not`") && tokenMatcher(found, Comparison)) return notBefore(place);
  if (expected.startsWith("`,` or `)` after the argument") && last !== null) return spaced(place);
  return null;
}

/** `TRUE`, which was taken for a type. */
function shouted(place: Place): Hint | null {
  const { last } = place;
  const word = last?.tokenType === Type ? last.image.toLowerCase() : "";
  if (last === null || !isReservedWord(word)) return null;
  return { span: spanOfToken(place, last), ...write(place, last, word) };
}

function valueHint(place: Place): Hint | null {
  const { found, last } = place;
  if (found === null)
    return last?.image === "and" || last?.image === "or"
      ? help(`leave \`${last.image}\` out, or say what else is asked`)
      : null;
  if (found.image === "role" || found.image === "roles")
    return help("a role is named before `to`, or asked for with `principal.roles.contains(ROLE)`");
  if (found.tokenType === OpenBrace) return help("a list is written in square brackets, as in `[a, b]`");
  if (found.image === "not" && last !== null && tokenMatcher(last, Comparison))
    return help("`not` stands before a whole comparison; that two values differ is written `!=`");
  if (found.tokenType === CloseRound && last?.tokenType === OpenRound)
    return help("without arguments the parentheses are left out");
  if (found.image === "and" || found.image === "or")
    return helpWithFix(
      `leave \`${found.image}\` out, or say what stands before it`,
      `Leave \`${found.image}\` out`,
      spanOfToken(place, found),
      "",
    );
  return null;
}

/** `a not == b`. */
function notBefore(place: Place): Hint | null {
  const { found, last } = place;
  if (found === null || last === null) return null;
  if (found.tokenType !== EqualEqual) return help("`not` stands before the whole comparison");
  const span = { ...spanOfToken(place, last), end: found.startOffset + found.image.length };
  return { span, ...helpWithFix("write `!=`", "Write `!=`", span, "!=") };
}

/** `within: 5 m`. */
function spaced(place: Place): Hint | null {
  const { found, last } = place;
  if (found === null || last?.tokenType !== Int || !units.test(found.image)) return null;
  const text = `${last.image}${found.image}`;
  const span = { ...spanOfToken(place, last), end: found.startOffset + found.image.length };
  return {
    span,
    ...helpWithFix(`a duration is written without a space: \`${text}\``, `Write \`${text}\``, span, text),
  };
}

/** Help for what is left over after a condition that could have ended. */
export function afterConditionHint(place: Place): Hint | null {
  const { found, last, source } = place;
  if (found === null || last === null) return null;
  if (found.tokenType === Minus) return kebab(place);
  const end = last.startOffset + last.image.length;
  if (
    found.tokenType === Comma &&
    found.startOffset === end &&
    (last.tokenType === Int || last.tokenType === Decimal)
  )
    return /^,\d/.test(source.text.slice(end, end + 2))
      ? write(place, found, ".", "a decimal point is written `.`")
      : null;
  if (last.tokenType === Int && units.test(found.image)) return spaced(place);
  const isWord = tokenMatcher(found, AnyWord) && !(clauseWords as readonly string[]).includes(found.image);
  const begins = isWord || tokenMatcher(found, Scalar) || found.tokenType === OpenRound;
  const joins = /^(?:is|contains|includes|xor|nor)$/i.test(found.image);
  return begins && !joins ? help("join two conditions with `and` or `or`") : null;
}
