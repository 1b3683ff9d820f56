/** Conditions into lets, and lets back into conditions. Both leave every decision as it is. */
import type { Expression, LetStatement } from "@wardline/compiler";
import type { TextEdit } from "@wardline/core";
import { namesIn } from "../complete/names.ts";
import type { Action, ActionPlace } from "./action.ts";
import { conditionClauses, conditionParts, pathsIn } from "../complete/conditions-of.ts";
import { sameDecisions } from "./settle.ts";

/** The condition that is selected, or the whole clause at the cursor, as a let of its own. */
export function extractLet({ snapshot, file, text, statement, start, end }: ActionPlace): readonly Action[] {
  if (snapshot.roleOf(file)?.kind !== "policy" || statement === null || statement.kind === "test") return [];
  const clause = conditionClauses(statement).find(({ span }) => span.start <= start && end <= span.end);
  const around = (clause === undefined ? [] : conditionParts(clause.condition)).filter(
    ({ span }) => span.start <= start && end <= span.end,
  );
  const chosen = start === end || around.length === 0 ? clause?.condition : around.at(-1);
  // A name alone has nothing to be extracted.
  if (chosen === undefined || (chosen.kind === "path" && chosen.root.kind === "name" && chosen.args === null))
    return [];
  const wish = "name" in statement && !("names" in statement) ? `${statement.name.text}_if` : "condition";
  const name = freshName({ snapshot, file }, wish);
  const { span } = chosen;
  return [
    {
      title: `Extract the condition into \`let ${name}\``,
      kind: "refactor.extract",
      edits: () => {
        const line = startWithComments(text, statement.span.start);
        return sameDecisions(snapshot, file, [
          {
            span: { file, start: line, end: line },
            text: `let ${name} = ${text.slice(span.start, span.end)}\n\n`,
          },
          { span, text: name },
        ]);
      },
    },
  ];
}

/** The beginning of the comments right above a statement. */
export function startWithComments(text: string, offset: number): number {
  let start = text.lastIndexOf("\n", offset - 1) + 1;
  for (;;) {
    const above = text.lastIndexOf("\n", start - 2) + 1;
    if (start === 0 || !/^\s*\/\//.test(text.slice(above, start))) return start;
    start = above;
  }
}

function freshName({ snapshot, file }: Pick<ActionPlace, "snapshot" | "file">, wish: string): string {
  const names = namesIn(snapshot, file);
  const { model } = names ?? {};
  const values = [...(model?.enums.values() ?? [])].flatMap((one) => one.values);
  const taken = new Set([
    ...(names?.lets.keys() ?? []),
    ...(names?.roles.keys() ?? []),
    ...(model?.relations.keys() ?? []),
    ...(model?.actions.keys() ?? []),
    ...(model?.groups.keys() ?? []),
    ...values,
  ]);
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? wish : `${wish}_${count}`;
    if (!taken.has(name)) return name;
  }
}

/** A let without parameters, in place of its name: here, or everywhere and gone. */
export function inlineLet({ snapshot, file, text, statement, start, end }: ActionPlace): readonly Action[] {
  if (statement === null) return [];
  const statements = snapshot.parsed(file)?.ast.statements ?? [];
  const lets = statements.filter((one): one is LetStatement => one.kind === "let" && one.parameters === null);
  const usesOf = (name: string) =>
    statements.flatMap((one) => {
      if (one.kind === "let" && one.parameters?.some((parameter) => parameter.text === name) === true)
        return [];
      const conditions =
        one.kind === "let" ? [one.value] : conditionClauses(one).map(({ condition }) => condition);
      return conditions
        .flatMap(pathsIn)
        .flatMap(({ root, args, steps, span }) =>
          root.kind === "name" && root.name.text === name && args === null && steps.length === 0
            ? [span]
            : [],
        );
    });
  const written = (one: LetStatement) =>
    inParentheses(one.value, text.slice(one.value.span.start, one.value.span.end));
  if (statement.kind === "let" && start <= statement.name.span.end) {
    if (!lets.includes(statement)) return [];
    const uses = usesOf(statement.name.text);
    if (uses.length === 0) return [];
    const removed: TextEdit = { span: wholeLines(text, statement.span), text: "" };
    return [
      {
        title: `Inline \`${statement.name.text}\` in ${uses.length === 1 ? "its one place" : `all ${uses.length} places`}`,
        kind: "refactor.inline",
        edits: () =>
          sameDecisions(snapshot, file, [
            removed,
            ...uses.map((span) => ({ span, text: written(statement) })),
          ]),
      },
    ];
  }
  return lets.flatMap((one): readonly Action[] => {
    const here = usesOf(one.name.text).find((span) => span.start <= start && end <= span.end);
    if (here === undefined) return [];
    return [
      {
        title: `Inline \`${one.name.text}\` here`,
        kind: "refactor.inline",
        edits: () => sameDecisions(snapshot, file, [{ span: here, text: written(one) }]),
      },
    ];
  });
}

function inParentheses({ kind }: Expression, text: string): string {
  return kind === "path" || kind === "compare" || kind === "has" ? text : `(${text})`;
}

/** A statement with its line's end and the empty line after it. Its comments stay: they may say more than the let. */
function wholeLines(text: string, span: TextEdit["span"]): TextEdit["span"] {
  const rest = /^[ \t]*\n(?:[ \t]*\n)?/.exec(text.slice(span.end))?.[0] ?? "";
  return { ...span, end: span.end + rest.length };
}
