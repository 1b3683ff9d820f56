/** Hints for the shape of rules: WHO to ACTIONS TYPES, names and lists. Only explains: nothing is accepted that it names. */
import { tokenMatcher } from "chevrotain";
import { help, helpWithFix, spanOfToken, write, type Hint } from "./hint.ts";
import type { Place } from "./report.ts";
import { AnyWord, Colon, Minus, Name, Text, Type } from "./tokens.ts";

const ruleForm = "a rule is written `permit NAME: WHO to ACTIONS TYPES`";
const inLists = "the names of a list are separated by commas";

/** What other languages say for everyone. */
const everyone = /^(?:everyone|everybody|anybody|all|any)$/;
/** What other languages say in place of `to`. */
const instead = /^(?:can|may|could|should|must|do)$/;

/** Help for what stands where a part of a rule was expected. */
export function ruleHint(place: Place, expected: string): Hint | null {
  const { found } = place;
  if (found === null)
    return expected.startsWith("an entity or `anything`")
      ? help("say on what, as in `read, list TYPE`")
      : null;
  if (expected.startsWith("`:` after the rule's name") || expected.startsWith("a name for the rule"))
    return kebab(place) ?? help(ruleForm);
  if (expected.startsWith("`to` after who")) return whoHint(place);
  if (expected.startsWith("who the rule is for") || expected.startsWith("a role or a principal type"))
    return unquoted(place);
  if (expected.startsWith("an action or `act on`"))
    return found.tokenType === Type
      ? help(`say what may be done, as in \`to read ${found.image}\``)
      : unquoted(place);
  if (expected.startsWith("an entity or `anything`")) return typesHint(place);
  if (expected.startsWith("a reason in quotes"))
    return help('write the reason in quotes, as in `because "…"`');
  if (expected.startsWith("`=` after the name") && (found.tokenType === Colon || found.image === "=="))
    return write(place, found, "=", "a let is written `let NAME = CONDITION`");
  return null;
}

function whoHint(place: Place): Hint | null {
  const { found, last } = place;
  if (found === null || last === null) return null;
  if (everyone.test(last.image) && found.image === "except")
    return { span: spanOfToken(place, last), ...write(place, last, "anyone") };
  if (last.image === "anyone" && /^(?:but|without|besides)$/.test(found.image))
    return write(place, found, "except");
  if (found.image === "and" || found.image === "or") return comma(place);
  if (instead.test(found.image)) return write(place, found, "to");
  if (found.tokenType === Minus) return kebab(place);
  if (!tokenMatcher(found, Name) && found.tokenType !== Type) return null;
  // `reader keeper to read`: another one whom the rule is for.
  if (/^(?:\s*,\s*\w+)*\s+to\b/.test(textAfter(place))) return missingComma(place);
  if (!tokenMatcher(found, Name)) return null;
  const before = { ...spanOfToken(place, found), end: found.startOffset };
  return helpWithFix("write `to` before the actions", "Write `to`", before, "to ");
}

function typesHint(place: Place): Hint | null {
  const { found } = place;
  if (found === null) return null;
  if (found.image === "and" || found.image === "or") return comma(place);
  if (found.image === "on" || found.image === "of")
    return helpWithFix(`leave \`${found.image}\` out`, `Leave \`${found.image}\` out`, withSpace(place), "");
  // `read list Book`: another action.
  if (tokenMatcher(found, Name) && /^\s+[A-Z]/.test(textAfter(place))) return missingComma(place);
  return unquoted(place);
}

const textAfter = ({ source, found }: Place) => {
  const end = found === null ? source.text.length : found.startOffset + found.image.length;
  return source.text.slice(end, end + 200);
};

/** A comma after the last token. */
function missingComma(place: Place): Hint | null {
  const { last } = place;
  if (last === null) return null;
  const { end, ...span } = spanOfToken(place, last);
  return helpWithFix(inLists, "Write `,`", { ...span, start: end, end }, ",");
}

/** `and` in a list, with the space before it. */
function comma(place: Place): Hint | null {
  const { found, last } = place;
  if (found === null || last === null) return null;
  const span = { ...spanOfToken(place, found), start: last.startOffset + last.image.length };
  return helpWithFix(inLists, "Write `,`", span, ",");
}

/** The token that does not fit, with the space after it. */
function withSpace(place: Place) {
  const { found, source } = place;
  const span = spanOfToken(place, found ?? place.last ?? never());
  const space = /^[ \t]*/.exec(source.text.slice(span.end, span.end + 100))?.[0].length ?? 0;
  return { ...span, end: span.end + space };
}

function never(): never {
  throw new Error("Invariant: a hint is given for a token");
}

/** A name in quotes. */
function unquoted(place: Place): Hint | null {
  const { found } = place;
  if (found?.tokenType !== Text) return null;
  const inner = found.image.slice(1, -1);
  return /^[A-Za-z][A-Za-z0-9_]*$/.test(inner)
    ? write(place, found, inner, "names are written without quotes")
    : help("names are written without quotes");
}

/** `front-desk`: a name with a hyphen. */
export function kebab(place: Place): Hint | null {
  const { found, last, source } = place;
  if (found?.tokenType !== Minus || last === null || !tokenMatcher(last, AnyWord)) return null;
  const start = last.startOffset;
  const word = /^[a-z][a-z0-9_]*(?:-[a-z0-9_]+)+/.exec(source.text.slice(start, start + 200))?.[0];
  if (word === undefined || found.startOffset !== start + last.image.length) return null;
  const span = { file: source.name, start, end: start + word.length };
  const text = word.replaceAll("-", "_");
  return {
    span,
    ...helpWithFix(`names are written \`lower_snake\`: \`${text}\``, `Write \`${text}\``, span, text),
  };
}
