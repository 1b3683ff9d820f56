/** B1 with attributes: nine permits and one forbid. */
import type { RequestDocument } from "@wardline/core";
import { tenant, type Texts } from "../ours/compile-texts.ts";
import { seeded } from "../random.ts";

export type Role = "admin" | "manager" | "editor" | "viewer";
export type Action = "read" | "update" | "delete" | "approve";
export type Status = "draft" | "review" | "published" | "locked";

export interface User {
  readonly id: string;
  readonly role: Role;
  readonly dept: string;
  readonly rank: number;
}

export interface Doc {
  readonly type: "Doc";
  readonly id: string;
  readonly owner: string;
  readonly dept: string;
  readonly status: Status;
  readonly level: number;
}

export interface Question {
  readonly user: User;
  readonly action: Action;
  readonly doc: Doc;
}

export interface AbacWork {
  readonly users: readonly User[];
  readonly questions: readonly Question[];
}

const depts = ["eng", "ops", "law", "hr"];

/** 50 users, 200 documents, 1,024 questions; in a quarter of them the owner asks. */
export function makeAbac(): AbacWork {
  const random = seeded(2);
  const users = Array.from({ length: 50 }, (_, n): User => ({
    id: `u${n}`,
    role: n < 3 ? "admin" : random.pick(["manager", "editor", "viewer"]),
    dept: random.pick(depts),
    rank: 1 + random.below(4),
  }));
  const docs = Array.from({ length: 200 }, (_, n): Doc => ({
    type: "Doc",
    id: `d${n}`,
    owner: random.pick(users).id,
    dept: random.pick(depts),
    status: random.pick(["draft", "review", "published", "locked"]),
    level: 1 + random.below(4),
  }));
  const questions = Array.from({ length: 1024 }, (): Question => {
    const doc = random.pick(docs);
    const owner = users.find((user) => user.id === doc.owner) as User;
    return {
      user: random.chance(0.25) ? owner : random.pick(users),
      action: random.pick(["read", "read", "update", "delete", "approve"]),
      doc,
    };
  });
  return { users, questions };
}

/** What a careful developer writes for this one policy. */
export function abacByHand(user: User, action: Action, doc: Doc): boolean {
  if (doc.level > user.rank) return false;
  if (user.role === "admin") return true;
  switch (action) {
    case "read":
      if (doc.owner === user.id) return true;
      return user.role === "viewer" ? doc.status === "published" : doc.dept === user.dept;
    case "update":
      if (doc.owner === user.id && doc.status !== "locked") return true;
      return user.role === "editor" && doc.dept === user.dept && doc.status === "draft";
    case "delete":
      return doc.owner === user.id && doc.status === "draft";
    case "approve":
      return user.role === "manager" && doc.dept === user.dept && doc.status === "review";
  }
}

export const abacTexts: Texts = {
  model: `model bench
enum Status { draft, review, published, locked }
principal User {
  dept: String
  rank: Int(0..9)
}
role admin, manager, editor, viewer for User
entity Doc stored in docs {
  owner: User
  dept: String
  status: Status
  level: Int(0..9)
}
action read, update, delete, approve reads Doc
`,
  platform: "platform for bench\n",
  policy: `policy north for bench
permit all: admin to act on Doc
permit edited: editor to read Doc when resource.dept == principal.dept
permit edit: editor to update Doc when resource.dept == principal.dept and resource.status == draft
permit public: viewer to read Doc when resource.status == published
permit own: anyone to read Doc when resource.owner == principal
permit change: anyone to update Doc when resource.owner == principal and resource.status != locked
permit drop: anyone to delete Doc when resource.owner == principal and resource.status == draft
permit managed: manager to read Doc when resource.dept == principal.dept
permit approval: manager to approve Doc when resource.dept == principal.dept and resource.status == review
forbid above: anyone to act on Doc when resource.level > principal.rank
`,
};

export function abacRequest({ user, action, doc }: Question): RequestDocument {
  const { type, id, ...attributes } = doc;
  return {
    tenant: { id: tenant },
    principal: {
      type: "User",
      id: user.id,
      tenant,
      roles: [user.role],
      attributes: { dept: user.dept, rank: user.rank },
    },
    action: { name: action },
    resource: { type, id, tenant, attributes },
  };
}
