/**
 * An archive of some thousands of records of two tenants on a real server, with policies over it and the WHERE that a person would
 * write for each: what plans are compared on, and fenced views with open ones.
 */
import { compile } from "@wardline/compiler";
import { compileViews } from "@wardline/backends";
import { printSelect, type KnownFacts, type Program } from "@wardline/core";
import { databaseDdl } from "@wardline/isolation";
import type { SqlDatabase } from "@wardline/database-testing";

const model = `model archive

enum Shelf { open, closed, rare }

context { mfa: Bool }

entity Wing in Wing via parent_id stored in wings {
  name: String
  region: String
}

principal Member in Wing via session {
  level: Int(0..5)
}

role reader for Member

entity Record stored in records {
  wing: Wing
  owner: Member?
  title: String
  shelf: Shelf
  fee: Decimal(8, 2)
  due: Instant
  tags: Set<String> via record_tags(record_id, tag)
  lost: Bool
}

relation keeps(Member, Record) via record_keepers(member_id, record_id)

action read, list reads Record, Wing
`;

const member = "m7";
const facts: KnownFacts = {
  tenant: { id: "t1" },
  principal: { type: "Member", id: member, tenant: "t1", roles: ["reader"], attributes: { level: 2 } },
  context: { mfa: true },
  ancestors: { principal: { Wing: ["00000000-0000-4000-8000-000000000003"] } },
  relations: {},
  now: "2026-01-01T00:00:00.000000Z",
};

/** Beside those that the schema makes: what the owner of such tables would have. */
const indexes = [
  "create index on a.records (tenant_id, shelf)",
  "create index on a.records (tenant_id, due)",
  "create index on a.records (tenant_id, title)",
  "create index on a.wings (tenant_id, region)",
  "analyze",
];

const fill = [
  `insert into a.wings (tenant_id, id, name, region, parent_id)
   select t, ('00000000-0000-4000-8000-' || lpad(i::text, 12, '0'))::uuid, 'wing ' || i, 'region ' || (i % 50),
     case when i > 10 then ('00000000-0000-4000-8000-' || lpad((i / 10)::text, 12, '0'))::uuid end
   from (values ('t1'), ('t2')) as v(t), generate_series(1, 300) as i order by t, i`,
  `insert into a.records (tenant_id, id, wing_id, owner_id, title, shelf, fee, due, lost)
   select t, ('00000000-0000-4000-9000-' || lpad(i::text, 12, '0'))::uuid,
     ('00000000-0000-4000-8000-' || lpad((1 + i * 7919 % 300)::text, 12, '0'))::uuid,
     case when i % 3 > 0 then 'm' || (i * 31 % 400) end, 'title ' || (i * 17 % 5000),
     case when i % 500 = 0 then 'rare' when i % 50 = 0 then 'closed' else 'open' end,
     (i % 1000)::numeric / 10, timestamptz '2025-01-01Z' + (i * 37 % 600) * interval '1 day', i % 10 = 0
   from (values ('t1'), ('t2')) as v(t), generate_series(1, 8000) as i`,
  `insert into a.record_tags (tenant_id, record_id, tag)
   select tenant_id, id, 'tag ' || (row_number() over () % 300) from a.records`,
  `insert into a.record_keepers (tenant_id, member_id, record_id)
   select tenant_id, 'm' || (row_number() over () % 500), id from a.records`,
];

const compiled = (rules: string): Program => {
  const { program, findings } = compile({
    model: { name: "archive.ward", text: model },
    platform: [{ name: "platform.ward", text: "platform for archive\n" }],
    policy: { name: "t1.ward", text: `policy t1 for archive\n\n${rules}\n` },
    tenant: "t1",
  });
  if (program === null) throw new Error(findings.map((finding) => finding.message).join("; "));
  return program;
};

/** Makes and fills the schema `a`, with statistics. */
export async function fillArchive(database: SqlDatabase): Promise<void> {
  const bare = compiled("permit all: reader to read, list Record, Wing");
  for (const statement of [...databaseDdl(bare, { schema: "a" }), ...fill, ...indexes])
    await database.exec(statement);
}

/** The list of a policy through its view, with the values of its parameters. */
export function guarded(
  rules: string,
  fence: boolean,
): { readonly sql: string; readonly values: readonly unknown[] } {
  const views = compileViews(compiled(rules));
  const view = views.bind("Record", "list", facts, { schema: "a", sealMarker: "m", fence });
  const { fragments, parameters } = printSelect(view.select);
  const sql = fragments.reduce(
    (text, fragment, at) => (at === 0 ? fragment : `${text}$${at}${fragment}`),
    "",
  );
  return { sql, values: parameters.map(({ value }) => value) };
}

/** A permit of the archive with the rest of its statement. */
export const permit = (rest: string) => `permit p: reader to read, list Record ${rest}`;
const wing = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;

/** A name, the policy, and the WHERE that a person would write for it; `r` is the table. */
export const archiveCases: readonly (readonly [string, string, string])[] = [
  [
    "an owner column",
    permit("when has resource.owner and resource.owner == principal"),
    `r.owner_id = '${member}'`,
  ],
  ["a status", permit("when resource.shelf == rare"), "r.shelf = 'rare'"],
  ["one of several values", permit("when resource.shelf in [closed, rare]"), "r.shelf in ('closed', 'rare')"],
  ["a range of time", permit("when resource.due >= 2026-08-01T00:00:00Z"), "r.due >= '2026-08-01T00:00:00Z'"],
  ["now, moved", permit("when resource.due >= now + 210d"), "r.due >= '2026-07-30T00:00:00Z'"],
  [
    "a hierarchy that is known of the principal",
    permit("when principal in resource.wing"),
    `r.wing_id = any (array['${wing(3)}']::uuid[])`,
  ],
  [
    "a relation",
    permit("when keeps(principal, resource)"),
    `exists (select from a.record_keepers k where k.tenant_id = 't1' and k.member_id = '${member}' and k.record_id = r.id)`,
  ],
  [
    "a set in a table of its own",
    permit('when resource.tags.contains("tag 5")'),
    "exists (select from a.record_tags s where s.tenant_id = 't1' and s.tag = 'tag 5' and s.record_id = r.id)",
  ],
  [
    "what a reference leads to",
    permit('when resource.wing.region == "region 4"'),
    "exists (select from a.wings w where w.tenant_id = 't1' and w.id = r.wing_id and w.region = 'region 4')",
  ],
  [
    "a negation beside a choice",
    `${permit("when has resource.owner and resource.owner == principal")}\n\nforbid f: anyone to read Record when resource.lost`,
    `r.owner_id = '${member}' and not r.lost`,
  ],
  [
    "the beginning of a text",
    permit('when resource.title.starts_with("title 123")'),
    "starts_with(r.title, 'title 123')",
  ],
  [
    "masks",
    permit(
      "when has resource.owner and resource.owner == principal\n  with mask(title, partial(first: 2)), mask(fee, bucket(10)), mask(due, month)",
    ),
    `r.owner_id = '${member}'`,
  ],
  [
    "two ways to be granted",
    `${permit("when has resource.owner and resource.owner == principal")}\n\npermit q: reader to read, list Record when resource.shelf == rare`,
    `(r.owner_id = '${member}' or r.shelf = 'rare')`,
  ],
];

/** The query that a person would write. */
export function byHand(where: string): string {
  return `select r.id from a.records r where r.tenant_id = 't1' and ${where}`;
}
