/** A condition with a name, which rules of the file use. */
import type { LetStatement } from "@wardline/compiler";
import { addConditions } from "../condition/conditions.ts";
import { plain } from "../../plain-words.ts";
import type { StatementPlace } from "../rule/rule-card.ts";
import { refuse } from "../text/change.ts";

/** Why it is not shown; null if it is. */
export function addLet({ ctx, block, draft }: StatementPlace, statement: LetStatement): string | null {
  const { name, parameters, value } = statement;
  if (parameters !== null) return "This condition has parameters, which cards do not show.";
  const { entities } = ctx.words.ir;
  const about = {
    principals: entities.filter(({ kind }) => kind === "principal"),
    entities,
    updates: true,
    loose: true,
  } as const;
  draft.part({ id: "head", kind: "head" }, [`That ${plain(name.text)} holds means that`]);
  const says = { when: "", whenBare: "it is", unless: "", unlessBare: "" };
  const clauses = [{ kind: "when", condition: value, span: value.span }] as const;
  const insert = (_: string, clause: string) => {
    const [kind, ...rest] = clause.split(" ");
    if (kind !== "when") return refuse("A named condition has no exceptions. Add the opposite condition.");
    return value.kind === "or"
      ? refuse("Add it to the group.")
      : [{ start: block.end, end: block.end, text: ` and ${rest.join(" ")}` }];
  };
  addConditions({ ctx, block, draft, about, clauses, says, insert, fixed: true });
  return null;
}
