/** Roles: who extends whom, who can hold them, who assigns them. */
import type { Span } from "@wardline/core";
import type { Name } from "../ast/expression.ts";
import type { DelegateStatement, RoleStatement } from "../ast/statement.ts";
import { finding } from "../diagnostics/table.ts";
import { cycleFrom } from "./cycle.ts";
import { declare } from "./declare.ts";
import type { Report } from "./report.ts";
import { unknownName } from "./suggest.ts";
import type { RoleSymbol } from "./symbols.ts";

interface Declared {
  readonly name: Name;
  readonly statement: RoleStatement;
}

export interface RoleInput {
  readonly statements: readonly RoleStatement[];
  readonly delegates: readonly DelegateStatement[];
  readonly principals: readonly string[];
  /** Names of entities that are no principals, for a better word. */
  readonly entities: readonly string[];
  /** Roles that are there already: the model's, when a tenant's are checked. */
  readonly known: ReadonlyMap<string, RoleSymbol>;
  readonly by: "model" | "tenant";
}

/** All roles, known ones first. In case of a cycle the roles on it extend nothing. */
export function checkRoles(report: Report, input: RoleInput): ReadonlyMap<string, RoleSymbol> {
  const declared = collect(report, input);
  const parents = resolveParents(report, input, declared);
  const delegated = delegatedNames(report, input, declared);
  const roles = new Map(input.known);
  const add = (name: string): RoleSymbol | undefined => {
    const done = roles.get(name);
    const role = declared.get(name);
    if (done !== undefined || role === undefined) return done;
    const above = (parents.get(name) ?? []).flatMap((parent) => add(parent) ?? []);
    const symbol: RoleSymbol = {
      name,
      extends: parents.get(name) ?? [],
      platform: role.statement.modifier?.kind === "platform",
      delegated: input.by === "tenant" || delegated.has(name),
      types: heldBy(report, input, role, above),
      span: role.name.span,
    };
    roles.set(name, symbol);
    return symbol;
  };
  for (const name of declared.keys()) add(name);
  for (const [name, span] of delegated) checkDelegated(report, roles, name, span);
  const order = [...input.known.keys(), ...declared.keys()];
  return new Map(order.map((name) => [name, roles.get(name) as RoleSymbol]));
}

function collect(report: Report, input: RoleInput): Map<string, Declared> {
  const declared = new Map<string, Declared>();
  const seen = new Map([...input.known.values()].map((role) => [role.name, role.span]));
  for (const statement of input.statements) {
    if (input.by === "tenant" && statement.modifier?.kind === "platform")
      for (const name of statement.names) report.add(finding("guardrail/role-modifier", name.span, {}));
    for (const name of statement.names)
      if (declare(report, seen, "role", name)) declared.set(name.text, { name, statement });
  }
  return declared;
}

function delegatedRoles(known: RoleInput["known"]): string {
  const names = [...known.values()].filter((role) => role.delegated).map((role) => `\`${role.name}\``);
  return names.length === 0 ? "no role of the model" : names.join(", ");
}

function resolveParents(
  report: Report,
  input: RoleInput,
  declared: ReadonlyMap<string, Declared>,
): ReadonlyMap<string, readonly string[]> {
  const parents = new Map<string, readonly string[]>();
  for (const [role, { statement }] of declared) {
    if (statement.modifier?.kind !== "extends") continue;
    const good = statement.modifier.names.filter((parent) => {
      const known = input.known.get(parent.text);
      if (known === undefined && !declared.has(parent.text))
        report.add(
          unknownName(
            "role",
            parent,
            [...input.known.keys(), ...declared.keys()].filter((r) => r !== role),
          ),
        );
      else if (known !== undefined && !known.delegated && input.by === "tenant")
        report.add(
          finding("guardrail/role-extends", parent.span, {
            role: parent.text,
            roles: delegatedRoles(input.known),
          }),
        );
      else return true;
      return false;
    });
    parents.set(role, [...new Set(good.map((parent) => parent.text))]);
  }
  for (const [role, { name }] of declared) {
    const cycle = cycleFrom(role, parents);
    if (cycle === undefined) continue;
    report.add(finding("model/role-cycle", name.span, { role, path: cycle.join(" → ") }));
    for (const member of cycle) parents.delete(member);
  }
  return parents;
}

function heldBy(
  report: Report,
  input: RoleInput,
  { name, statement }: Declared,
  above: readonly RoleSymbol[],
): ReadonlySet<string> {
  const own =
    statement.modifier?.kind === "for"
      ? principalTypes(report, input, statement.modifier.types)
      : input.principals;
  const types = new Set(own.filter((type) => above.every((role) => role.types.has(type))));
  // An empty set under a role that is empty itself, or after a wrong name, is only an echo of that finding.
  if (types.size === 0 && own.length > 0 && above.every((role) => role.types.size > 0))
    report.add(finding("model/role-empty", name.span, { role: name.text }));
  return types;
}

function principalTypes(report: Report, input: RoleInput, types: readonly Name[]): readonly string[] {
  return types.flatMap((type) => {
    if (input.principals.includes(type.text)) return [type.text];
    if (input.entities.includes(type.text))
      report.add(
        finding("type/not-principal", type.span, { name: type.text, help: "roles are held by principals" }),
      );
    else report.add(unknownName("principal type", type, input.principals));
    return [];
  });
}

function delegatedNames(
  report: Report,
  input: RoleInput,
  declared: ReadonlyMap<string, Declared>,
): ReadonlyMap<string, Span> {
  const delegated = new Map<string, Span>();
  for (const name of input.delegates.flatMap((statement) => statement.names)) {
    if (!declared.has(name.text)) report.add(unknownName("role", name, declared.keys()));
    else declare(report, delegated, "delegated role", name);
  }
  return delegated;
}

/** A tenant that assigns a role also assigns all that it extends: none of those may be the platform's own. */
function checkDelegated(
  report: Report,
  roles: ReadonlyMap<string, RoleSymbol>,
  name: string,
  span: Span,
): void {
  const above = new Set([name]);
  for (const at of above) {
    const role = roles.get(at);
    for (const parent of role?.extends ?? []) above.add(parent);
    if (role?.platform !== true) continue;
    const why = at === name ? "it is the platform's" : `it extends \`${at}\`, which is the platform's`;
    report.add(finding("model/delegated-platform", span, { role: name, why }));
    return;
  }
}
