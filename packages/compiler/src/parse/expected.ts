/**
 * Says in words what the parser expected. A message is only what was expected, such as "`to` after who the rule is
 * for"; what was found is added where the finding is made.
 */
import type { IParserErrorMessageProvider, IToken, TokenType } from "chevrotain";

const after = (previous: IToken) => (previous.image === "" ? "" : ` after \`${clip(previous.image)}\``);

const labelOf = (type: TokenType) => type.LABEL ?? type.name;

/** A text short enough to be shown in a message. */
export function clip(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 39)}…`;
}

/** `a`, `b` or `c` */
export function alternatives(labels: readonly string[]): string {
  const unique = [...new Set(labels)];
  const last = unique.pop() ?? "";
  return unique.length === 0 ? last : `${unique.join(", ")} or ${last}`;
}

const firsts = (paths: readonly (readonly TokenType[])[]) =>
  paths
    .map((path) => path[0])
    .filter((type) => type !== undefined)
    .map(labelOf);

export const expectedMessages: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected, previous }) => labelOf(expected) + after(previous),
  buildNotAllInputParsedMessage: () => "the end of the statement",
  buildNoViableAltMessage: ({ expectedPathsPerAlt, previous, customUserDescription }) =>
    customUserDescription ?? alternatives(firsts(expectedPathsPerAlt.flat())) + after(previous),
  buildEarlyExitMessage: ({ expectedIterationPaths, previous, customUserDescription }) =>
    customUserDescription ?? alternatives(firsts(expectedIterationPaths)) + after(previous),
};
