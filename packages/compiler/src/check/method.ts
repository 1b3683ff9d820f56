/** `path.method(args)`: what is asked of a set, of a text, or of the principal's roles. */
import { formatType, type Finding, type ValueType } from "@wardline/core";
import type { Name, PathExpression, PathStep } from "../ast/expression.ts";
import { finding } from "../diagnostics/table.ts";
import { ask, never, type Formula } from "./formula.ts";
import type { Known } from "./known.ts";
import { readPath } from "./path.ts";
import { containsRole } from "./role-method.ts";
import { combine, containsElement, isSetMethod, setMethods } from "./set-method.ts";
import { readSide } from "./side.ts";
import type { Scope } from "./scope.ts";
import { replaceFix, unknownName } from "./suggest.ts";
import { checkTextMethod, isTextMethod, textMethods } from "./text-method.ts";

/** What other languages call them. */
const otherMethods: ReadonlyMap<string, string> = new Map([
  ["includes", "contains"],
  ["has", "contains"],
  ["includes_any", "contains_any"],
  ["has_any", "contains_any"],
  ["includes_all", "contains_all"],
  ["has_all", "contains_all"],
  ["startswith", "starts_with"],
  ["begins_with", "starts_with"],
  ["has_prefix", "starts_with"],
  ["endswith", "ends_with"],
  ["has_suffix", "ends_with"],
]);

/** Asked without parentheses. */
export const emptiness = "is_empty";

/** `path.method(args)`; `method` is the last step. */
export function checkMethod(scope: Scope, path: PathExpression, method: PathStep, known: Known): Formula {
  const { report } = scope.setting;
  const { name } = method;
  const args = method.args ?? [];
  if (path.root.kind !== "keyword") return never;
  const owner = path.steps.slice(0, -1);
  const words = { span: path.span, owner: { ...path.span, end: name.span.start } };
  const isOfRoles =
    path.root.word === "principal" &&
    owner.length === 1 &&
    owner[0]?.name.text === "roles" &&
    owner[0].args === null;
  if (isOfRoles) {
    if (isSetMethod(name.text))
      return combine(scope, name.text, method, words, (element) => containsRole(scope, element));
    reportMethod(scope, name, setMethods);
    return never;
  }
  if (!isSetMethod(name.text) && !isTextMethod(name.text) && name.text !== emptiness) {
    reportMethod(scope, name, [...new Set<string>([...setMethods, ...textMethods, emptiness])]);
    return never;
  }
  const read = readPath(scope, path, path.root.word, owner);
  if (read === null) return never;
  const { type } = read.fact;
  if (type.kind === "string" && isTextMethod(name.text))
    return checkTextMethod(scope, read, { args, name: { ...name, text: name.text } }, known);
  if (type.kind !== "set" || (!isSetMethod(name.text) && name.text !== emptiness)) {
    report.add(misplaced(name, read.text, type));
    return never;
  }
  if (!isSetMethod(name.text)) {
    const span = { ...path.span, start: name.span.end };
    const holes = { name: name.text, expected: "no arguments", given: `${args.length}` };
    const fixes = [{ title: "leave them out", edits: [{ span, text: "" }] }];
    report.add(finding("type/arguments", name.span, holes, { help: "leave them out", fixes }));
    return never;
  }
  if (args.length !== 1) {
    const given = `${args.length}`;
    report.add(finding("type/arguments", name.span, { name: name.text, expected: "one argument", given }));
    return never;
  }
  if (readSide(scope, read, known) === null) return never;
  const { of } = type;
  return combine(scope, name.text, method, words, (element) =>
    containsElement(scope, read, of, element, known),
  );
}

/** `resource.tags.is_empty`, or null where the path is something else. */
export function checkEmptiness(scope: Scope, path: PathExpression, known: Known): Formula | null {
  const last = path.steps.at(-1);
  if (path.root.kind !== "keyword" || path.args !== null) return null;
  if (path.steps.length < 2 || last?.name.text !== emptiness || last.args !== null) return null;
  const read = readPath(scope, path, path.root.word, path.steps.slice(0, -1));
  if (read === null) return never;
  if (read.fact.type.kind !== "set") return null;
  return readSide(scope, read, known) === null ? never : ask({ kind: "empty", set: read.fact });
}

/** A method of another type. */
function misplaced(name: Name, path: string, type: ValueType): Finding {
  const method = name.text;
  if (method === "starts_with" || method === "ends_with")
    return finding("type/not-text", name.span, { path, type: formatType(type), method });
  const ofText = method === emptiness ? `write \`${path} == ""\`` : "write one `.contains(…)` for each text";
  const help = type.kind === "string" ? ofText : "write `==`, or `in [..]`";
  return finding("type/not-set", name.span, { path }, { help });
}

function reportMethod(scope: Scope, name: Name, known: readonly string[]): void {
  const meant = otherMethods.get(name.text);
  scope.setting.report.add(
    meant === undefined || !known.includes(meant)
      ? unknownName("method", name, known)
      : finding(
          "name/unknown",
          name.span,
          { kind: "method", name: name.text },
          { label: `did you mean \`${meant}\`?`, fixes: [replaceFix(name.span, meant)] },
        ),
  );
}
