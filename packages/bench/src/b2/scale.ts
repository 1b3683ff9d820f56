/** B2: a policy that grows. Grants of an action on a type to a role; four actions, ten roles, four grants to a type. */
import type { RequestDocument } from "@wardline/core";
import { tenant, type Texts } from "../ours/compile-texts.ts";
import { seeded } from "../random.ts";

export const actions = ["read", "create", "update", "delete"] as const;
export const roles: readonly string[] = Array.from({ length: 10 }, (_, n) => `role${n}`);

export interface Grant {
  readonly role: string;
  readonly action: string;
  readonly type: string;
}

export interface User {
  readonly id: string;
  readonly roles: readonly string[];
}

export interface Question {
  readonly user: User;
  readonly action: string;
  readonly type: string;
}

export interface ScaleWork {
  readonly grants: readonly Grant[];
  readonly users: readonly User[];
  readonly questions: readonly Question[];
}

/** `rules` grants, 200 users of two roles, 256 questions; half of them by one who holds the role of some grant. */
export function makeScale(rules: number): ScaleWork {
  const random = seeded(3 + rules);
  const grants = Array.from({ length: rules }, (_, n): Grant => ({
    role: random.pick(roles),
    action: actions[n % 4] as string,
    type: `T${n >> 2}`,
  }));
  const users = Array.from({ length: 200 }, (_, n): User => {
    const first = random.below(roles.length);
    const second = (first + 1 + random.below(roles.length - 1)) % roles.length;
    return { id: `u${n}`, roles: [roles[first] as string, roles[second] as string] };
  });
  const questions = Array.from({ length: 256 }, (): Question => {
    const { role, action, type } = random.pick(grants);
    const holders = users.filter((user) => user.roles.includes(role));
    return { user: random.pick(random.chance(0.5) ? holders : users), action, type };
  });
  return { grants, users, questions };
}

/** What a careful developer makes of so many grants: the roles as bits, by type and action. */
export function indexByHand({ grants, users }: ScaleWork) {
  const bit = (role: string) => 1 << roles.indexOf(role);
  const types = new Map<string, number>();
  for (const { type } of grants) if (!types.has(type)) types.set(type, types.size);
  const masks = new Uint16Array(types.size * actions.length);
  const place = (type: number, action: string) =>
    type * actions.length + actions.indexOf(action as (typeof actions)[number]);
  for (const { role, action, type } of grants) {
    const at = place(types.get(type) as number, action);
    masks[at] = (masks[at] as number) | bit(role);
  }
  const held = new Map(users.map((user) => [user, user.roles.reduce((all, role) => all | bit(role), 0)]));
  return {
    rolesOf: (user: User) => held.get(user) as number,
    allows: (held: number, action: string, type: string): boolean => {
      const at = types.get(type);
      return at !== undefined && ((masks[place(at, action)] as number) & held) !== 0;
    },
  };
}

/** The platform grants: its files have no limit of statements. */
export function scaleTexts({ grants }: ScaleWork): Texts {
  const types = [...new Set(grants.map(({ type }) => type))];
  return {
    model: `model bench
principal User {}
role ${roles.join(", ")} for User
${types.map((type) => `entity ${type} stored in ${type.toLowerCase()} {\n  title: String\n}\n`).join("")}
action ${actions.join(", ")} reads ${types.join(", ")}
`,
    platform: `platform for bench\n${grants
      .map(({ role, action, type }, n) => `permit g${n}: ${role} to ${action} ${type}\n`)
      .join("")}`,
    policy: "policy north for bench\n",
  };
}

export function scaleRequest({ user, action, type }: Question): RequestDocument {
  return {
    tenant: { id: tenant },
    principal: { type: "User", id: user.id, tenant, roles: user.roles, attributes: {} },
    action: { name: action },
    resource: { type, id: "x", tenant, attributes: { title: "" } },
  };
}
