/** B1, plain roles: ten grants of an action on a type to a role. */
import type { RequestDocument } from "@wardline/core";
import { tenant, type Texts } from "../ours/compile-texts.ts";
import { seeded } from "../random.ts";

export const roles = ["admin", "editor", "viewer", "auditor"] as const;
export type Role = (typeof roles)[number];
export type Action = "read" | "create" | "update" | "delete";
export type Type = "Doc" | "Report";

/** Who may do what to what. */
export const grants: readonly (readonly [Role, Action, Type])[] = [
  ["admin", "read", "Doc"],
  ["admin", "create", "Doc"],
  ["admin", "update", "Doc"],
  ["admin", "delete", "Doc"],
  ["editor", "read", "Doc"],
  ["editor", "update", "Doc"],
  ["editor", "create", "Doc"],
  ["viewer", "read", "Doc"],
  ["viewer", "read", "Report"],
  ["auditor", "read", "Report"],
];

export interface User {
  readonly id: string;
  readonly roles: readonly Role[];
}

export interface Question {
  readonly user: User;
  readonly action: Action;
  readonly type: Type;
}

export interface RbacWork {
  readonly users: readonly User[];
  readonly questions: readonly Question[];
}

/** 50 users, a third of them with two roles, and 1,024 questions. */
export function makeRbac(): RbacWork {
  const random = seeded(1);
  const users = Array.from({ length: 50 }, (_, n): User => {
    const [first, second] = [random.pick(roles), random.pick(roles)];
    return { id: `u${n}`, roles: random.chance(0.3) && first !== second ? [first, second] : [first] };
  });
  const questions = Array.from({ length: 1024 }, (): Question => ({
    user: random.pick(users),
    action: random.pick(["read", "create", "update", "delete"]),
    type: random.pick(["Doc", "Doc", "Report"]),
  }));
  return { users, questions };
}

/** What a careful developer writes for these ten grants. */
export function rbacByHand(user: User, action: Action, type: Type): boolean {
  for (const role of user.roles)
    switch (role) {
      case "admin":
        if (type === "Doc") return true;
        break;
      case "editor":
        if (type === "Doc" && action !== "delete") return true;
        break;
      case "viewer":
        if (action === "read") return true;
        break;
      case "auditor":
        if (action === "read" && type === "Report") return true;
        break;
    }
  return false;
}

/** Each action is asked of one row, as the peers ask it: all of them are of the kind that reads. */
export const rbacTexts: Texts = {
  model: `model bench
principal User {}
role admin, editor, viewer, auditor for User
entity Doc stored in docs {
  title: String
}
entity Report stored in reports {
  title: String
}
action read, create, update, delete reads Doc, Report
`,
  platform: "platform for bench\n",
  policy: `policy north for bench\n${grants
    .map(([role, action, type], n) => `permit g${n}: ${role} to ${action} ${type}\n`)
    .join("")}`,
};

export function rbacRequest({ user, action, type }: Question): RequestDocument {
  return {
    tenant: { id: tenant },
    principal: { type: "User", id: user.id, tenant, roles: user.roles, attributes: {} },
    action: { name: action },
    resource: { type, id: "x", tenant, attributes: { title: "" } },
  };
}
