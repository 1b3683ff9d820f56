/** The question whether a principal holds a role. In a guardrail it notes each role that tenants assign. */
import type { Name } from "../ast/expression.ts";
import { ask, never, type Formula } from "./formula.ts";
import type { Setting, Use } from "./scope.ts";
import { closeRole } from "./symbols.ts";

/**
 * One question for all the roles, closed downwards under `extends`. The names must be known roles. A role that a principal
 * of the type cannot hold is none, whatever a request says.
 */
export function askRoles(setting: Setting, use: Use, names: readonly Name[], principal: string): Formula {
  const closed = new Set<string>();
  for (const name of names)
    for (const role of closeRole(setting.roles, name.text)) {
      if (setting.roles.get(role)?.types.has(principal) !== true) continue;
      closed.add(role);
      const delegated = setting.layer === "platform" && setting.roles.get(role)?.delegated === true;
      if (delegated && !use.delegated.has(role)) use.delegated.set(role, name.span);
    }
  return closed.size === 0 ? never : ask({ kind: "role", roles: [...closed].toSorted() });
}
