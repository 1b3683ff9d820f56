/** A condition with a name, which rules of the file use. */
import type { LetStatement } from "@wardline/compiler";
import { addConditions } from "../condition/conditions.ts";
import { outerOf } from "../condition/outer.ts";
import { andText, plain } from "../../plain-words.ts";
import type { StatementPlace } from "../rule/rule-card.ts";
import { ownNameSlot } from "./own-name.ts";
import { refuse } from "../text/change.ts";

export function addLet({ ctx, block, draft }: StatementPlace, statement: LetStatement): void {
  const { name, parameters, value } = statement;
  const given = (parameters ?? []).map(({ text }) => text);
  const { entities } = ctx.words.ir;
  const about = {
    principals: entities.filter(({ kind }) => kind === "principal"),
    entities,
    updates: true,
    loose: true,
    given,
  } as const;
  const of = given.length === 0 ? "" : ` of ${andText(given.map((one) => `“${plain(one)}”`))}`;
  draft.part({ id: "head", kind: "head" }, ["That", ownNameSlot(draft, name), `holds${of} means that`]);
  const says = { when: "", whenBare: "it is asked", unless: "", unlessBare: "", again: "or" };
  const clauses = [{ kind: "when", condition: value, span: value.span }] as const;
  const insert = (_: string, clause: string) => {
    const [kind, ...rest] = clause.split(" ");
    if (kind !== "when") return refuse("A named condition has no exceptions. Add the opposite condition.");
    // What holds on its own side of `and` needs parentheses, unless it has some.
    const bare = value.kind === "or" && outerOf(block, value).start === value.span.start;
    return [
      ...(bare ? [{ start: value.span.start, end: value.span.start, text: "(" }] : []),
      { start: block.end, end: block.end, text: `${bare ? ")" : ""} and ${rest.join(" ")}` },
    ];
  };
  addConditions({ ctx, block, draft, about, clauses, says, insert, fixed: true });
}
