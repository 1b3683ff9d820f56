/** A project of about as many lines as are asked for: a model of many types, what a platform says of them, and a policy with its tests. */
import type { SourceFile } from "@wardline/core";

export interface EditorTexts {
  readonly model: SourceFile;
  readonly platform: SourceFile;
  readonly policy: SourceFile;
  readonly lines: number;
}

/** A tenant's policy may have 500 statements and 64 KiB; where more lines are wanted they are the model's and the platform's. */
const mostRules = 90;

export function editorTexts(lines: number): EditorTexts {
  // A type and what is said of it are about 40 lines.
  const types = Math.max(2, Math.round(lines / 44));
  const names = Array.from({ length: types }, (_, index) => nameOf(index));
  const model = { name: "library.ward", text: modelText(names) };
  const platform = { name: "platform.ward", text: platformText(names) };
  const policy = { name: "north.ward", text: policyText(names.slice(0, mostRules)) };
  const count = [model, platform, policy].reduce((sum, { text }) => sum + text.split("\n").length, 0);
  return { model, platform, policy, lines: count };
}

const words = ["Loan", "Letter", "Shelf", "Room", "Ticket", "Order", "Notice", "Copy", "Desk", "Card"];

export function nameOf(index: number): string {
  const word = words[index % words.length] as string;
  const round = Math.floor(index / words.length);
  return round === 0 ? word : `${word}${String.fromCodePoint(65 + (round % 26))}`;
}

const lower = (name: string) => name.replaceAll(/([a-z])([A-Z])/g, "$1_$2").toLowerCase();

function modelText(names: readonly string[]): string {
  const all = names.join(", ");
  return `model library

enum Plan { basic, full }
enum State { open, closed, lost }

/// What the product knows of a house.
tenant {
  plan: Plan
}

context {
  mfa: Bool
  mfa_age: Duration?
  purpose: String?
  address: Ip
}

entity Branch in Branch via parent_id stored in branches {
  name: String
}

principal Member in Branch via session stored in members {
  level: Int(0..5)
  home: Branch?
}

role reader, librarian, cashier for Member
role inspector platform
delegate reader, librarian, cashier to tenants

evidence mfa from context.mfa, context.mfa_age
evidence reason from context.purpose
${names.map(typeText).join("")}
action read, list reads ${all}
action export reads ${all}
action create creates ${all}
action update updates ${all}
action delete deletes ${all}
group change = create, update, delete
`;
}

function typeText(name: string): string {
  const table = `${lower(name)}_rows`;
  return `
/// What is kept of each ${lower(name)}.
entity ${name} in Branch via branch_id stored in ${table} {
  branch: Branch
  owner: Member?
  title: String
  card: String #secret
  remark: String?
  state: State
  pages: Int(1..5000)
  fee: Decimal(8, 2)
  due: Instant
}
relation ${lower(name)}_keeper(Member, ${name}) via ${lower(name)}_keepers(member_id, row_id)
`;
}

function platformText(names: readonly string[]): string {
  return `platform for library

ceiling all: anyone to act on anything

require sealed: encrypt(#secret)
${names
  .map(
    (name) => `
/// Nobody changes what is lost.
forbid lost_${lower(name)}: anyone to change ${name}
  when resource.state == lost
  because "What is lost stays as it is"
`,
  )
  .join("")
  .replaceAll("change", "delete")
  .replaceAll("resource.state", "prior.state")}`;
}

function policyText(names: readonly string[]): string {
  return `policy north for library

let near(place) = principal in place
let office = context.address in 10.20.0.0/16

settings {
  timezone: "Europe/Berlin"
  session: { idle: 15m, longest: 8h }
}
${names.map(rulesText).join("")}`;
}

function rulesText(name: string): string {
  const low = lower(name);
  return `
// ${name}
permit ${low}_read: reader to read, list ${name}
  when near(resource.branch) or ${low}_keeper(principal, resource)
  with mask(card, redact)
permit ${low}_work: librarian to change ${name}
  when near(resource.branch) and resource.pages < 900
forbid ${low}_night: anyone to export ${name}
  unless office and clock.time in 07:00..20:00
  because "Exports are made by day"

test "${low}" {
  let ann = Member { roles: [reader], in: [Branch "b"] }
  let one = ${name} { branch: Branch "b", state: open }
  expect permit ann to read one by ${low}_read
}
`;
}
