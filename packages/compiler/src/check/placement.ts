/** Which statement belongs in which file. */
import type { Span } from "@wardline/core";
import type { FileAst, Header, Statement } from "../ast/statement.ts";
import { finding } from "../diagnostics/table.ts";
import type { Report } from "./report.ts";

export type FileKind = Header["kind"];

interface Place {
  readonly files: readonly FileKind[];
  readonly where: string;
}

const inModel: Place = { files: ["model"], where: "the model" };
const inRules: Place = { files: ["platform", "policy"], where: "the platform's file or a tenant's policy" };
const inPacksToo: Place = {
  files: ["platform", "policy", "pack"],
  where: "the platform's file, a tenant's policy or a pack",
};
const guardrail: Place = { files: ["platform"], where: "the platform's file" };

/** The word that a statement begins with. */
export type Keyword = Exclude<Statement["kind"], "facts"> | Extract<Statement, { kind: "facts" }>["of"];

const places: { readonly [K in Keyword]: Place } = {
  enum: inModel,
  tenant: inModel,
  context: inModel,
  entity: inModel,
  principal: inModel,
  delegate: inModel,
  evidence: inModel,
  relation: inModel,
  action: inModel,
  group: inModel,
  role: { files: ["model", "policy"], where: "the model or a tenant's policy" },
  let: { files: ["policy"], where: "a tenant's policy" },
  permit: inRules,
  forbid: inPacksToo,
  require: inPacksToo,
  ceiling: guardrail,
  floor: guardrail,
  share: guardrail,
  assert: inRules,
  settings: inPacksToo,
  use: inRules,
  test: inRules,
  parameter: { files: ["pack"], where: "a pack" },
};

const described: { readonly [Kind in FileKind]: string } = {
  model: "a model",
  platform: "the platform's file",
  pack: "a pack",
  policy: "a tenant's policy",
};

/** The statements that belong in a kind of file, in the order of the table. */
export function statementsIn(kind: FileKind): readonly Keyword[] {
  return (Object.keys(places) as Keyword[]).filter((keyword) => places[keyword].files.includes(kind));
}

/**
 * The statements that stand where they belong; the others are reported.
 * `most`: how many statements the file may have.
 */
export function checkPlacement(
  report: Report,
  ast: FileAst,
  text: string,
  kind: FileKind,
  most: number,
): readonly Statement[] {
  const over = ast.statements[most];
  if (over !== undefined)
    report.add(
      finding("limit/statements", keywordSpan(over, keywordOf(over), text), {
        count: String(ast.statements.length),
        limit: String(most),
      }),
    );
  return ast.statements.filter((statement) => {
    const keyword = keywordOf(statement);
    const place = places[keyword];
    const isPlaced = place.files.includes(kind);
    if (isPlaced) return true;
    const span = keywordSpan(statement, keyword, text);
    const holes = { statement: `\`${keyword}\``, file: described[kind], where: place.where };
    report.add(finding("file/misplaced", span, holes));
    return false;
  });
}

function keywordOf(statement: Statement): Keyword {
  return statement.kind === "facts" ? statement.of : statement.kind;
}

/** The keyword itself. Annotations stand before it, and comments may. */
function keywordSpan(statement: Statement, keyword: string, text: string): Span {
  const gap = /(?:\s|\/\/[^\n]*)*/y;
  gap.lastIndex = statement.annotations.at(-1)?.span.end ?? statement.span.start;
  gap.exec(text);
  const start = gap.lastIndex;
  return { file: statement.span.file, start, end: start + keyword.length };
}
