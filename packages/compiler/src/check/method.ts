/** `.contains(x)` and its kin, of a set or of the principal's roles. */
import type { ScalarType } from "@wardline/core";
import type { Expression, PathExpression, PathStep } from "../ast/expression.ts";
import { finding } from "../diagnostics/table.ts";
import { fits } from "./fits.ts";
import { all, any, ask, never, type Formula } from "./formula.ts";
import type { Known } from "./known.ts";
import { constantType } from "./literal-value.ts";
import { constantOf } from "./literal.ts";
import { notYet } from "./not-yet.ts";
import type { ReadPath } from "./field-path.ts";
import { laterMethods, readPath } from "./path.ts";
import { askRoles } from "./role.ts";
import { sideOf } from "./side.ts";
import { placeKey, type Scope } from "./scope.ts";
import { replaceFix, unknownName } from "./suggest.ts";

const setMethods = ["contains", "contains_any", "contains_all"] as const;
/** What other languages call them. */
const otherMethods: ReadonlyMap<string, SetMethod> = new Map([
  ["includes", "contains"],
  ["has", "contains"],
  ["includes_any", "contains_any"],
  ["has_any", "contains_any"],
  ["includes_all", "contains_all"],
  ["has_all", "contains_all"],
]);
type SetMethod = (typeof setMethods)[number];

/** `path.method(args)`; `method` is the last step. */
export function checkMethod(scope: Scope, path: PathExpression, method: PathStep, known: Known): Formula {
  const { report } = scope.setting;
  const { name } = method;
  const args = method.args ?? [];
  if (laterMethods.has(name.text)) {
    report.add(notYet(`\`.${name.text}\``, name.span));
    return never;
  }
  if (!isSetMethod(name.text)) {
    const meant = otherMethods.get(name.text);
    report.add(
      meant === undefined
        ? unknownName("method", name, setMethods)
        : finding(
            "name/unknown",
            name.span,
            { kind: "method", name: name.text },
            { label: `did you mean \`${meant}\`?`, fixes: [replaceFix(name.span, meant)] },
          ),
    );
    return never;
  }
  if (path.root.kind !== "keyword") return never;
  const owner = path.steps.slice(0, -1);
  if (
    path.root.word === "principal" &&
    owner.length === 1 &&
    owner[0]?.name.text === "roles" &&
    owner[0].args === null
  )
    return combine(scope, name.text, method, (element) => containsRole(scope, element));
  const read = readPath(scope, path, path.root.word, owner);
  if (read === null) return never;
  const { type } = read.fact;
  if (type.kind === "string" && name.text === "contains") {
    report.add(notYet("`.contains` of a String", name.span));
    return never;
  }
  if (type.kind !== "set") {
    report.add(finding("type/not-set", name.span, { path: read.text }, { help: "write `==`, or `in [..]`" }));
    return never;
  }
  if (args.length !== 1) {
    const given = `${args.length}`;
    report.add(finding("type/arguments", name.span, { name: name.text, expected: "one argument", given }));
    return never;
  }
  const { of } = type;
  return combine(scope, name.text, method, (element) => containsElement(scope, read, of, element, known));
}

/** `contains_any` and `contains_all` are `or` and `and` of `contains`. */
function combine(
  scope: Scope,
  method: SetMethod,
  step: PathStep,
  one: (element: Expression) => Formula,
): Formula {
  const { report } = scope.setting;
  const [argument] = step.args ?? [];
  if (argument === undefined || step.args?.length !== 1) {
    const given = `${step.args?.length ?? 0}`;
    report.add(finding("type/arguments", step.name.span, { name: method, expected: "one argument", given }));
    return never;
  }
  if (method === "contains") {
    if (argument.kind !== "list") return one(argument);
    report.add(
      finding(
        "type/not-value",
        argument.span,
        { what: "a list" },
        {
          help: "write `contains_any` or `contains_all`",
          fixes: [replaceFix(step.name.span, "contains_any")],
        },
      ),
    );
    return never;
  }
  if (argument.kind !== "list") {
    const expected = "a list, as in `[a, b]`";
    report.add(finding("type/arguments", argument.span, { name: method, expected, given: "something else" }));
    return never;
  }
  if (argument.of.length === 0) {
    report.add(finding("type/empty-list", argument.span, {}));
    return never;
  }
  const each = argument.of.map(one);
  return method === "contains_any" ? any(each) : all(each);
}

function containsElement(
  scope: Scope,
  read: ReadPath,
  of: ScalarType,
  element: Expression,
  known: Known,
): Formula {
  const { report } = scope.setting;
  const side = sideOf(scope, element, known);
  if (side === null) return never;
  if (side.kind === "set" || side.kind === "list") {
    report.add(
      finding(
        "type/not-value",
        element.span,
        { what: side.kind === "set" ? "a set" : "a list" },
        { help: "give one value" },
      ),
    );
    return never;
  }
  if (side.kind === "fact" && side.term.kind === "now") {
    const what = `\`${side.read.text}\` inside of a method`;
    report.add(
      finding("type/not-value", element.span, { what }, { help: "compare it, as in `x < now - 5m`" }),
    );
    return never;
  }
  const term = side.kind === "fact" ? side.term : constantOf(scope, side.expression, of);
  if (term === null) return never;
  const type = side.kind === "fact" ? side.type : term.kind === "constant" ? term.type : of;
  if (!fits(scope, element, of, type)) return never;
  return ask({ kind: "contains", set: read.fact, of: term, type: constantType(of) });
}

/** `principal.roles.contains(role)` asks what WHO asks: roles are closed under `extends`. */
function containsRole(scope: Scope, element: Expression): Formula {
  const { report, roles } = scope.setting;
  if (
    element.kind !== "path" ||
    element.root.kind !== "name" ||
    element.steps.length > 0 ||
    element.args !== null
  ) {
    report.add(
      finding("type/not-value", element.span, { what: "this" }, { help: "write the name of a role" }),
    );
    return never;
  }
  const { name } = element.root;
  const role = roles.get(name.text);
  if (role === undefined) {
    report.add(unknownName("role", name, roles.keys()));
    return never;
  }
  const can = role.types.has(scope.principal.name);
  report.note(placeKey("never", name.span), can, () =>
    finding("type/never-matches", name.span, {
      why: `no ${scope.principal.name} can hold the role \`${name.text}\``,
    }),
  );
  return can ? askRoles(scope.setting, scope.use, [name], scope.principal.name) : never;
}

function isSetMethod(text: string): text is SetMethod {
  return (setMethods as readonly string[]).includes(text);
}
