/** Adds the comment that documents a statement, to be filled in. */
import type { Action, ActionPlace } from "./action.ts";
import { isRule } from "./add-test.ts";
import { ruleSentences } from "../lenses/verbalise.ts";

export function documentStatement({ file, text, statement }: ActionPlace): readonly Action[] {
  if (statement === null || statement.doc !== null || statement.kind === "test") return [];
  const line = text.lastIndexOf("\n", statement.span.start - 1) + 1;
  if (text.slice(line, statement.span.start).trim() !== "") return [];
  const said = isRule(statement) ? ruleSentences(statement)[0] : undefined;
  return [
    {
      title: "Add documentation",
      kind: "refactor.rewrite",
      edits: () => [
        {
          span: { file, start: line, end: line },
          text: `${text.slice(line, statement.span.start)}/// ${said ?? "What it is for."}\n`,
        },
      ],
    },
  ];
}
