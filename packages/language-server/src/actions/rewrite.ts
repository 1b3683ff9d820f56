/** `when not x` and `unless x`; one rule into several, by action or by type. */
import type { RequireStatement, RuleStatement } from "@wardline/compiler";
import { namesIn } from "../complete/names.ts";
import type { Action, ActionPlace } from "./action.ts";
import { isRule } from "./add-test.ts";
import { conditionClauses } from "../complete/conditions-of.ts";
import { startWithComments } from "./lets.ts";
import { isSameButRules, sameDecisions } from "./settle.ts";

export function turnClause({ snapshot, file, text, statement, start, end }: ActionPlace): readonly Action[] {
  if (statement === null) return [];
  return conditionClauses(statement).flatMap(({ kind, condition, span }): readonly Action[] => {
    if (span.start > start || end > span.end) return [];
    const word = { file, start: span.start, end: span.start + kind.length };
    if (kind === "when" && condition.kind === "not") {
      const { of } = condition;
      return [
        {
          title: "Turn `when not` into `unless`",
          kind: "refactor.rewrite",
          edits: () =>
            sameDecisions(snapshot, file, [
              {
                span: { file, start: span.start, end: span.end },
                text: `unless ${text.slice(of.span.start, of.span.end)}`,
              },
            ]),
        },
      ];
    }
    if (kind !== "unless") return [];
    const isPlain = condition.kind === "path" || condition.kind === "has" || condition.kind === "compare";
    return [
      {
        title: "Turn `unless` into `when not`",
        kind: "refactor.rewrite",
        edits: () =>
          sameDecisions(snapshot, file, [
            { span: word, text: "when" },
            ...(condition.kind === "not"
              ? [
                  {
                    span: { file, start: word.end, end: span.end },
                    text: ` ${text.slice(condition.of.span.start, condition.of.span.end)}`,
                  },
                ]
              : isPlain
                ? [
                    {
                      span: { file, start: word.end, end: span.end },
                      text: ` not ${text.slice(condition.span.start, condition.span.end)}`,
                    },
                  ]
                : [
                    {
                      span: { file, start: word.end, end: span.end },
                      text: ` not (${text.slice(condition.span.start, condition.span.end)})`,
                    },
                  ]),
          ]),
      },
    ];
  });
}

/** A rule whose name a test or an assert says would leave them without it. */
export function splitRule(place: ActionPlace): readonly Action[] {
  const { snapshot, file, text, statement } = place;
  if (statement === null || !isRule(statement) || statement.reach === null) return [];
  if (isNamedElsewhere(place, statement.name.text) || hasLimit(statement)) return [];
  const { actions, types } = statement.reach;
  const model = namesIn(snapshot, file)?.model;
  if (actions.kind !== "names" || model === undefined) return [];
  const actionNames = actions.names.map((name) => name.text);
  const typeNames = types.kind === "names" ? types.names.map((name) => name.text) : [];
  const goTogether = (action: string, type: string) =>
    (model.groups.get(action)?.members ?? [action]).some((one) =>
      model.actions.get(one)?.entities.includes(type),
    );
  const typesText = types.kind === "names" ? null : text.slice(types.span.start, types.span.end);
  const line = startWithComments(text, statement.span.start);
  const [first, last] = [actions.names[0], types.kind === "names" ? types.names.at(-1) : types];
  if (first === undefined || last === undefined) return [];
  const part = (name: string, ofActions: readonly string[], ofTypes: string) =>
    `${text.slice(line, statement.name.span.start)}${name}${text.slice(statement.name.span.end, first.span.start)}${ofActions.join(", ")} ${ofTypes}${text.slice(last.span.end, statement.span.end)}`;
  const make = (title: string, parts: () => readonly string[]): Action => ({
    title,
    kind: "refactor.rewrite",
    edits: () =>
      sameDecisions(
        snapshot,
        file,
        [{ span: { file, start: line, end: statement.span.end }, text: parts().join("\n\n") }],
        isSameButRules,
      ),
  });
  const name = statement.name.text;
  const byAction = () =>
    actionNames.map((action) =>
      part(
        `${name}_${action}`,
        [action],
        typesText ?? typeNames.filter((type) => goTogether(action, type)).join(", "),
      ),
    );
  const byType = () =>
    typeNames.map((type) =>
      part(
        `${name}_${snake(type)}`,
        actionNames.filter((action) => goTogether(action, type)),
        type,
      ),
    );
  return [
    ...(actionNames.length > 1 ? [make("Split the rule by action", byAction)] : []),
    ...(typeNames.length > 1 ? [make("Split the rule by type", byType)] : []),
  ];
}

const snake = (type: string) =>
  type.replaceAll(/(?<=[a-z0-9])[A-Z]/g, (letter) => `_${letter}`).toLowerCase();

/** Each part would count by itself. */
function hasLimit(statement: RuleStatement | RequireStatement): boolean {
  const terms = [
    ...(statement.kind === "require" ? statement.terms : []),
    ...statement.clauses.flatMap((clause) => (clause.kind === "with" ? clause.terms : [])),
  ];
  return terms.some((term) => term.kind === "call" && term.name.text === "limit");
}

function isNamedElsewhere({ snapshot }: ActionPlace, name: string): boolean {
  return snapshot.files.some((file) =>
    (snapshot.parsed(file)?.ast.statements ?? []).some((statement) => {
      if (statement.kind === "assert") return statement.except.some(({ text }) => text === name);
      if (statement.kind !== "test") return false;
      return statement.parts.some(
        (part) =>
          part.kind === "expect" &&
          part.expect.kind === "one" &&
          part.expect.by?.some(({ text }) => text === name) === true,
      );
    }),
  );
}
