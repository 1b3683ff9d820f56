/** A bare name that stands for nothing: most often an attribute without its row. Must never accept what it explains. */
import type { Finding } from "@wardline/core";
import type { Expression, Name, PathExpression } from "../ast/expression.ts";
import { finding } from "../diagnostics/table.ts";
import { pathText } from "./field-path.ts";
import type { Scope } from "./scope.ts";
import { nearest, replaceFix, unknownName } from "./suggest.ts";

/** Words of other languages for what is absent. Where a model declares one, it means what the model says. */
const absentWords: ReadonlySet<string> = new Set(["null", "nil", "none", "undefined"]);

/** True if the name stands for something, even if not for what is wanted here. */
export function isDeclared({ setting }: Scope, name: string): boolean {
  const { roles, lets, model } = setting;
  if (roles.has(name) || lets.has(name) || model.relations.has(name)) return true;
  return [...model.enums.values()].some((values) => values.includes(name));
}

/** Reports a name that stands for nothing, once in a rule: most often one of the candidates, or an attribute. */
export function reportUnknown(scope: Scope, name: Name, candidates: Iterable<string>, isRoot = false): void {
  scope.setting.report.note(`name ${name.span.file} ${name.text}`, false, () =>
    isAbsentWord(scope, name.text) ? noNull(name) : unknownBareName(scope, name, [...candidates], isRoot),
  );
}

/** What other languages call the one who asks, and what is asked for. */
const otherRoots: ReadonlyMap<string, string> = new Map([
  ["user", "principal"],
  ["subject", "principal"],
  ["actor", "principal"],
  ["me", "principal"],
  ["self", "resource"],
  ["this", "resource"],
  ["row", "resource"],
  ["record", "resource"],
  ["object", "resource"],
]);

/** `isRoot`: a path begins with it. */
function unknownBareName(scope: Scope, name: Name, names: readonly string[], isRoot: boolean): Finding {
  const text = meantBy(scope, name.text, names, isRoot);
  if (text === null) return unknownName("name", name, names);
  return finding(
    "name/unknown",
    name.span,
    { kind: "name", name: name.text },
    { label: `did you mean \`${text}\`?`, fixes: [replaceFix(name.span, text)] },
  );
}

function meantBy(scope: Scope, name: string, names: readonly string[], isRoot: boolean): string | null {
  const owners = attributes(scope);
  const exact = owners.find(([, known]) => known.includes(name));
  if (exact !== undefined) return `${exact[0]}.${name}`;
  if (isRoot && name === scope.entity.name.toLowerCase()) return "resource";
  if (isRoot && name === scope.principal.name.toLowerCase()) return "principal";
  const root = otherRoots.get(name);
  if (isRoot && root !== undefined) return root;
  // A short word is near to too much.
  if (isRoot || name.length < 5 || nearest(name, names) !== undefined) return null;
  for (const [owner, known] of owners) {
    const near = nearest(name, known);
    if (near !== undefined) return `${owner}.${near}`;
  }
  return null;
}

function attributes({
  setting,
  entity,
  principal,
}: Scope): readonly (readonly [string, readonly string[]])[] {
  return [
    ["resource", [...entity.fields.keys()]],
    ["principal", [...principal.fields.keys()]],
    ["context", [...setting.model.context.keys()]],
    ["tenant", [...setting.model.tenant.keys()]],
  ];
}

/** Reports a name that stands for nothing where a fact or a value stands. True if it was reported. */
export function reportBareName(scope: Scope, expression: Expression, candidates: Iterable<string>): boolean {
  if (expression.kind !== "path" || expression.root.kind !== "name" || expression.steps.length > 0)
    return false;
  if (isDeclared(scope, expression.root.name.text)) return false;
  reportUnknown(scope, expression.root.name, candidates);
  return true;
}

/** True if the name is what other languages call an absent value, and the model does not declare it. */
export function isAbsentWord(scope: Scope, name: string): boolean {
  return absentWords.has(name) && !isDeclared(scope, name);
}

function noNull(name: Name): Finding {
  const help = "what may be absent is asked for with `has`, as in `has resource.NAME`";
  return finding("type/null", name.span, { word: name.text }, { help });
}

/** `path == null` and `path != null`: the path, and whether it is meant to be there. */
export interface NullTest {
  readonly path: PathExpression;
  readonly present: boolean;
  readonly word: string;
}

/** What a comparison with `null` asks, or null if it is none. */
export function nullTest(
  scope: Scope,
  { op, left, right }: Extract<Expression, { kind: "compare" }>,
): NullTest | null {
  if (op !== "==" && op !== "!=") return null;
  for (const [path, other] of [
    [left, right],
    [right, left],
  ] as const)
    if (
      path.kind === "path" &&
      path.root.kind === "keyword" &&
      other.kind === "path" &&
      other.root.kind === "name" &&
      other.steps.length === 0 &&
      isAbsentWord(scope, other.root.name.text)
    )
      return { path, present: op === "!=", word: other.root.name.text };
  return null;
}

/** The finding of a comparison with `null`. */
export function comparedWithNull(
  { path, present, word }: NullTest,
  span: Finding["labels"][0]["span"],
  optional: boolean,
): Finding {
  const text = `${present ? "" : "not "}has ${pathText(path)}`;
  return finding(
    "type/null",
    span,
    { word },
    optional
      ? { help: `write \`${text}\``, fixes: [replaceFix(span, text)] }
      : { help: `\`${pathText(path)}\` is never absent: leave the comparison out` },
  );
}
