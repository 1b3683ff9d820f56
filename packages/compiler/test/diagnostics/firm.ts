/** A law firm's product and the policy of one firm: a text as an administrator keeps it, for mistakes to be made in. */
import type { Finding, SourceFile } from "@wardline/core";
import { compile } from "../../src/index.ts";

export const firmModel = `model firm

enum Plan { solo, firm }

enum Stage { intake, open, closed, archived }

tenant {
  plan: Plan
  founded: Instant
}

context {
  mfa: Bool
  mfa_age: Duration?
  purpose: String?
  network: Ip
}

/// Offices nest: a practice belongs to a house.
entity Office in Office via parent_id stored in offices {
  city: String
}

principal Lawyer in Office via session {
  grade: Int(0..6)
  practice: String?
}

/// A program that files what courts send.
principal Robot {
  label: String
}

role associate, partner, clerk, accountant, owner for Lawyer
role inspector platform
role importer for Robot
delegate associate, partner, clerk, accountant to tenants

evidence mfa from context.mfa, context.mfa_age
evidence reason from context.purpose

entity Matter stored in matters {
  office: Office
  lead: Lawyer?
  title: String
  client: String #client
  brief: String? #privileged
  stage: Stage
  worth: Decimal(12, 2)
  hours: Int(0..100000)
  opened: Instant
  quiet: Duration
  topics: Set<String> via matter_topics(matter_id, topic)
  walled: Bool
}

entity Filing in Matter via matter_id stored in filings {
  matter: Matter
  words: String #privileged
  filed: Instant
}

relation works_on(Lawyer, Matter) via matter_lawyers(lawyer_id, matter_id)

action read, list, export reads Matter, Filing
action create creates Matter, Filing
action update updates Matter, Filing
action delete deletes Matter, Filing
group change = create, update, delete
`;

export const firmPlatform = `platform for firm

// The most that a firm may ever grant.
ceiling exports: anyone to export Matter, Filing
  when context.mfa
ceiling work: anyone to read, list, create, update Matter, Filing

require sealed_words: encrypt(words)
`;

export const firmPolicy = `policy hale for firm

/// Clerks who take new matters in.
role desk extends clerk

let own_office = principal in resource.office
let under_way = resource.stage == open and not resource.walled

permit office_matters: associate, desk to read, list Matter
  when own_office and under_way
  with hide(worth)

permit team: associate, partner to read, list, update Matter
  when works_on(principal, resource)

permit books: accountant to read, list Matter
  when resource.worth > 0.00 and resource.hours >= 10
  with hide(brief), mask(client, initials)

permit court_post: importer to create Filing

permit filings: partner to read, list Filing

permit office_export: partner to export Matter
  when context.mfa and principal.grade >= 3

permit tax_desk: clerk to read Matter
  when resource.topics.contains("tax") and resource.stage in [intake, open]

forbid walled_off: anyone except partner to read, update Matter
  when resource.walled
  because "The matter is behind a wall"

forbid lead_only: anyone to update Matter
  unless has resource.lead and resource.lead == principal

forbid reopened: anyone to update Matter
  when prior.stage == archived and next.stage != archived

require fresh_factor: step_up(mfa, within: 5m) for anyone to update Matter
  when resource.worth >= 10_000.00

require why: reason for anyone to export Matter
`;

/** What the checker says of the firm's policy. */
export function checkFirm(text: string): {
  readonly source: SourceFile;
  readonly findings: readonly Finding[];
} {
  const source = { name: "hale.ward", text };
  const { findings } = compile({
    model: { name: "firm.ward", text: firmModel },
    platform: [{ name: "platform.ward", text: firmPlatform }],
    policy: source,
    tenant: "hale",
  });
  return { source, findings };
}
