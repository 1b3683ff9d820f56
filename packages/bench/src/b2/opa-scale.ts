/** B2 in Rego. */
import type { Grant, Question } from "./scale.ts";

export const scaleRego = `package bench

import rego.v1

default allow := false

allow if {
	some role in input.roles
	input.action in data.grants[role][input.type]
}
`;

/** Role, then type, then actions. */
export function opaData(grants: readonly Grant[]): object {
  const byRole = [...Map.groupBy(grants, ({ role }) => role)].map(([role, held]): [string, object] => {
    const byType = Map.groupBy(held, ({ type }) => type);
    return [role, Object.fromEntries([...byType].map(([type, own]) => [type, own.map((g) => g.action)]))];
  });
  return { grants: Object.fromEntries(byRole) };
}

export const opaInput = ({ user, action, type }: Question) => ({ roles: user.roles, action, type });
