/** Casbin with policies in memory. */
import { DefaultRoleManager, newEnforcer, newModelFromString, type Enforcer } from "casbin";

interface CasbinPolicy {
  /** Casbin's model language. */
  readonly model: string;
  readonly policies: readonly (readonly string[])[];
  /** Edges of `g`: from whom or what, to what it belongs to. */
  readonly groupings?: readonly (readonly string[])[];
  /** How many edges in a row are followed. */
  readonly depth?: number;
}

export async function makeCasbin(policy: CasbinPolicy): Promise<Enforcer> {
  const enforcer = await newEnforcer(newModelFromString(policy.model));
  if (policy.depth !== undefined) enforcer.setRoleManager(new DefaultRoleManager(policy.depth));
  await enforcer.addPolicies(unique(policy.policies));
  if (policy.groupings !== undefined) await enforcer.addGroupingPolicies(unique(policy.groupings));
  return enforcer;
}

/** It refuses a batch with a line that stands twice. */
function unique(lines: readonly (readonly string[])[]): string[][] {
  return [...new Map(lines.map((line) => [line.join("\n"), [...line]])).values()];
}

/** A role is granted an action on a type. */
export const casbinRoles = `
[request_definition]
r = sub, obj, act
[policy_definition]
p = sub, obj, act
[role_definition]
g = _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = g(r.sub, p.sub) && r.obj == p.obj && r.act == p.act
`;
