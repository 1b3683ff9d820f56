/** What a part of the language looks like: said where nothing explains an error better. */
import { tokenMatcher } from "chevrotain";
import type { Statement } from "../ast/statement.ts";
import { help, helpWithFix, spanOfToken, type Hint } from "./hint.ts";
import type { Place } from "./report.ts";
import { Dot, Name, PathRoot, Text } from "./tokens.ts";

const rule = "a rule is written `permit NAME: WHO to ACTIONS TYPES`";
const header = "the first line is `model NAME`, `platform for MODEL` or `policy TENANT for MODEL`";
const letForm = "a let is written `let NAME = CONDITION`";
const condition = "a condition begins with `when` or `unless`";
const platformRole = "a role of the platform's own people is for no types: `role NAME platform`";
const role = "a role is declared `role NAME extends ROLE`, or `role NAME for TYPE`";

/** By how what was expected begins. */
const forms: readonly (readonly [string, string])[] = [
  ["`for` and the model's name", header],
  ["the model's name", header],
  ["the tenant's name", header],
  ["the first statement after the header", header],
  ["a name after `let`", letForm],
  ["`=` after the name", letForm],
  ["a name after `extends`", role],
  ["a name for the rule", rule],
  ["who the rule is for", rule],
  ["a role or a principal type", rule],
  ["`to` after who", rule],
  ["an action or `act on`", "say what may be done, as in `to read TYPE`"],
  ["an entity or `anything`", "say on what, as in `read, list TYPE`"],
  ["a reason in quotes", 'write the reason in quotes, as in `because "…"`'],
  ["a name after `.`", "say which attribute, as in `resource.name`"],
  ["an attribute such as", "say which attribute, as in `has resource.name`"],
  ["`,` or `)` after the argument", "arguments are separated by commas, and `)` ends them"],
  ["`,` or `]` after the list's value", "values are separated by commas, and `]` ends the list"],
  ["a name, a class, a value", "obligations are written as in `hide(NAME), mask(NAME, redact)`"],
  ["a condition or a value", "say what is asked, as in `resource.name == VALUE`"],
  ["`in` after `not`", "join two conditions with `and` or `or`"],
];

export function formHint(place: Place, expected: string): Hint | null {
  const twice = doubled(place);
  if (twice !== null) return twice;
  const { found, last } = place;
  // `context.mfa` and `principal.level` on a line of their own were taken for statements.
  if (expected.startsWith("`{` after") && found?.tokenType === Dot) return help(condition);
  if (expected.startsWith("a type name such as") && last?.image === "principal") return help(condition);
  const form = forms.find(([start]) => expected.startsWith(start));
  return form === undefined ? null : help(form[1]);
}

/** What is left over after a statement that could have ended. */
export function leftoverForm(place: Place, statement: Statement): Hint | null {
  const twice = doubled(place);
  const { found } = place;
  if (twice !== null || found === null) return twice;
  if (statement.kind === "role")
    return help([found.image, place.last?.image].includes("platform") ? platformRole : role);
  if (!("clauses" in statement)) return null;
  const clause = statement.clauses.at(-1);
  const isName = tokenMatcher(found, Name);
  if (clause === undefined && statement.kind === "require" && statement.reach === null) {
    if (!isName && found.image !== "anyone") return null;
    const before = { ...spanOfToken(place, found), end: found.startOffset };
    return helpWithFix("write `for` before who it is for", "Write `for`", before, "for ");
  }
  if (clause?.kind === "with" && isName) return help("obligations are separated by commas");
  if (clause?.kind === "because") return help("a rule has one reason, in quotes");
  const asks = isName || tokenMatcher(found, PathRoot) || found.image === "has" || found.image === "not";
  return asks ? help(condition) : null;
}

/** The same word or sign twice. */
function doubled(place: Place): Hint | null {
  const { found, last } = place;
  if (found === null || last?.image !== found.image || last.tokenType !== found.tokenType) return null;
  const span = { ...spanOfToken(place, found), start: last.startOffset + last.image.length };
  const what = found.tokenType === Text ? "the second text" : `the second \`${found.image}\``;
  return helpWithFix(`leave ${what} out`, `Leave ${what} out`, span, "");
}
