import type { FindingCase } from "./case.ts";

const floors = (...floor: readonly string[]) =>
  `platform for library\nceiling all: anyone to act on anything\n${floor.join("\n")}\n`;
const heads = floors("floor heads: director to read, list Book");

const stopped = (text: string, says: string, platform = heads): FindingCase => ({
  code: "guardrail/stopped-by-floor",
  file: "policy",
  platform,
  text: `permit own: reader to read, update Loan\n${text}`,
  says,
});

const writable = (platform: string, policy: string, says: string): FindingCase => ({
  code: "guardrail/writable-data",
  file: "platform",
  policy: `policy north for library\n${policy}\n`,
  text: platform,
  says,
});
const editing = "permit edits: librarian to read, update Book";

/** Guardrails beside the rules of a tenant: floors, and data that tenants may change. */
export const guardrailBesideCases: readonly FindingCase[] = [
  stopped(
    "forbid a: ⟪director⟫ to read Book",
    "the floor `platform/heads` stops this forbid for `director`: `read`, `list` of `Book`",
  ),
  stopped("forbid a: reader, ⟪director⟫ to act on Book when resource.lost", "`read`, `list` of `Book`"),
  stopped("require a: hide(price) for ⟪director⟫ to list Book, Loan", "this require for `director`: `list`"),
  stopped("require a: reason, audit(full) for ⟪director⟫ to read Book", "`platform/heads`"),
  stopped("require a: limit(1, per: day) for ⟪director⟫ to read Book", "`platform/heads`"),
  stopped(
    "forbid a: ⟪anyone⟫ to read Book when resource.lost",
    "for anyone",
    floors("floor open: anyone to read Book when resource.lost or context.mfa"),
  ),
  stopped(
    "forbid a: ⟪Scanner⟫, Member to read Book",
    "for `Scanner`",
    floors("floor gates: robot, Scanner to read Book"),
  ),
  stopped(
    "role boss extends reader\nforbid a: ⟪reader⟫ to read Book",
    "for `reader`",
    floors("floor own: Member to read Book"),
  ),
  writable(
    "forbid ⟪a⟫: anyone to read Book when resource.lost",
    editing,
    "`a` reads `Book.lost`, which the tenant's own `north/edits` may update",
  ),
  writable(
    "require ⟪a⟫: hide(price) for anyone to read Book when resource.pages > 9",
    editing,
    "`Book.pages`",
  ),
  writable("floor ⟪a⟫: director to read Book when has resource.note", editing, "`Book.note`"),
  writable("share ⟪a⟫: auditor to read Book when not resource.lost", editing, "`Book.lost`"),
  writable("permit ⟪a⟫: Member to read Book when not resource.lost", editing, "`Book.lost`"),
  writable("require ⟪a⟫: hide(price) for anyone to act on Book when resource.lost", editing, "`Book.lost`"),
  writable(
    "forbid ⟪a⟫: anyone to read Book when resource.lost\nforbid other: anyone to update Book unless prior.title == next.title",
    editing,
    "`Book.lost`",
  ),
  writable(
    "forbid ⟪a⟫: anyone to read Book when resource.lost\nforbid ⟪other⟫: Scanner to update Book when resource.lost",
    editing,
    "`Book.lost`",
  ),
];
