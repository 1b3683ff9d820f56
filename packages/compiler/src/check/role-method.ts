/** `principal.roles.contains(role)` asks what WHO asks: roles are closed under `extends`. */
import type { Expression } from "../ast/expression.ts";
import { finding } from "../diagnostics/table.ts";
import { never, type Formula } from "./formula.ts";
import { askRoles } from "./role.ts";
import { placeKey, type Scope } from "./scope.ts";
import { unknownName } from "./suggest.ts";

/** The question whether the principal holds the role of a bare name. */
export function containsRole(scope: Scope, element: Expression): Formula {
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
