/** A test: who and what there is, what is given, and its cases, each with what is decided. */
import type { TestPart, TestStatement } from "@wardline/compiler";
import { listNamed, option } from "../card-context.ts";
import { plain, withArticle } from "../../plain-words.ts";
import { quoted } from "../condition/value.ts";
import { endOf } from "../text/blocks.ts";
import { insertLine } from "../rule/clauses.ts";
import type { StatementPlace } from "../rule/rule-card.ts";
import { refuse, type Change } from "../text/change.ts";
import { firstDatum } from "./datum-segments.ts";
import { addInstanceLines } from "./entry-lines.ts";
import { addExpect } from "./expect-lines.ts";
import { addGiven, addGiving } from "./given-lines.ts";
import { datumWords } from "./reference-slot.ts";
import { stepsOf, type Step } from "./step.ts";
import { entityOf, freshBinding, namesOf, principalTypes, type TestScope } from "./test-scope.ts";

export function addTest(
  { ctx, block, draft }: StatementPlace,
  { title, titleSpan, parts }: TestStatement,
): void {
  const { start, end } = titleSpan;
  const slot = draft.slot({
    id: "title",
    label: "What is tested",
    shown: `“${title}”`,
    picker: { kind: "text", lines: "one", least: 1 },
    value: title,
    start,
    end,
    set: (value) => {
      const text = typeof value === "string" ? quoted(value, 1) : refuse("Give one text.");
      return typeof text === "string" ? [{ start, end, text }] : text;
    },
  });
  draft.part({ id: "head", kind: "head" }, ["It is tested that", slot]);
  const bound = new Map(
    parts.flatMap((part) => (part.kind === "let" ? [[part.name.text, part.value] as const] : [])),
  );
  const scope: TestScope = { ctx, block, draft, bound };
  const steps = stepsOf(block, parts);
  for (const [at, step] of steps.entries()) {
    const { part } = step;
    if (part.kind === "let") addBinding(scope, { ...step, part });
    else if (part.kind === "given") addGiven(scope, { ...step, part });
    else {
      addExpect(scope, { ...step, part });
      addGiving(scope, steps, at);
    }
  }
  addNewSteps(scope, parts);
}

function addBinding(scope: TestScope, { id, part, remove }: Step<"let">): void {
  const { name, value } = part;
  scope.draft.part({ id, kind: "step", depth: 1, remove }, [`${plain(name.text)} is ${datumWords(value)}`]);
  if (value.kind === "instance") addInstanceLines(scope, value, id, id, 2, name.text);
}

/** What can be added to a test: somebody, something, and a case. */
function addNewSteps(scope: TestScope, parts: readonly TestPart[]): void {
  const { ctx, draft, block } = scope;
  const { entities, actions } = ctx.words.ir;
  const opening = block.tokens.find(({ token }) => token.image === "{");
  const begin = opening === undefined ? block.end : endOf(opening);
  const put = (end: number, text: string): Change => [
    insertLine(block, ctx.text, end, `  ${text}${parts.length === 0 ? "\n" : ""}`),
  ];
  const afterLets = parts.findLast(({ kind }) => kind === "let")?.span.end ?? begin;
  const named = listNamed(ctx, "somebody or something", () =>
    entities.map(({ name, kind }) =>
      option(
        name,
        withArticle(name),
        ctx.words.documentation.get(name) ?? null,
        kind === "principal" ? "Somebody" : "Something",
      ),
    ),
  );
  draft.addition("let", "Somebody or something", "step", named, (choice) => {
    const entity = entities.find(({ name }) => name === choice);
    if (entity === undefined) return refuse("Choose who or what it is.");
    const roles =
      entity.kind === "principal" ? firstDatum(scope, { kind: "roles", holder: entity.name }, null) : null;
    const said = roles === null ? "{ }" : `{ roles: ${roles} }`;
    return put(afterLets, `let ${freshBinding(scope, entity.name)} = ${entity.name} ${said}`);
  });
  const cases = listNamed(ctx, "cases", () =>
    actions.flatMap((action) =>
      action.entities.map((entity) =>
        option(
          `${action.name} ${entity}`,
          `${plain(action.name)} ${withArticle(entity)}`,
          ctx.words.documentation.get(`action ${action.name}`) ?? null,
        ),
      ),
    ),
  );
  draft.addition("expect", "A case", "step", cases, (choice) => {
    const [name = "", entity = ""] = choice?.split(" ") ?? [];
    const known = actions.some((action) => action.name === name && action.entities.includes(entity));
    const who = subjectOf(scope, parts, principalTypes(ctx));
    if (!known || who === null) return refuse("Choose what is asked for.");
    const what = subjectOf(scope, parts, [entity]) ?? `${entity} { }`;
    return put(parts.at(-1)?.span.end ?? begin, `expect deny ${who} to ${name} ${what}`);
  });
}

/** Who or what of some types the last case is about, or a name of the test, or one of whom nothing is said. */
function subjectOf(scope: TestScope, parts: readonly TestPart[], types: readonly string[]): string | null {
  const last = parts.findLast((part) => part.kind === "expect");
  const subjects =
    last === undefined
      ? []
      : [last.expect.principal, ...(last.expect.kind === "one" ? [last.expect.resource] : [])];
  const same = subjects.find((subject) => {
    const entity = entityOf(scope, subject);
    return subject.kind === "name" && entity !== undefined && types.includes(entity.name);
  });
  if (same?.kind === "name") return same.name.text;
  const [name] = namesOf(scope, types);
  return name ?? (types[0] === undefined ? null : `${types[0]} { }`);
}
