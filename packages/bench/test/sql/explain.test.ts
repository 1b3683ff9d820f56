/**
 * Plans of guarded views on a real server with real statistics: wherever the query that a person would write by hand uses
 * an index of a table, the view uses one of that table too, and reads the same rows.
 */
import { compile } from "@wardline/compiler";
import { compileViews } from "@wardline/backends";
import { printSelect, type KnownFacts, type Program } from "@wardline/core";
import { databaseDdl } from "@wardline/isolation";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect, type Connection } from "../../src/postgres/connect.ts";
import { startPostgres, type PostgresServer } from "../../src/postgres/start-postgres.ts";

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

let server: PostgresServer;
let connection: Connection;

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

beforeAll(async () => {
  server = await startPostgres();
  connection = await connect(server);
  const bare = compiled("permit all: reader to read, list Record, Wing");
  for (const statement of [...databaseDdl(bare, { schema: "a" }), ...fill, ...indexes])
    await connection.exec(statement);
});
afterAll(async () => {
  await connection.close();
  await server.stop();
});

interface Plan {
  readonly "Relation Name"?: string;
  readonly "Index Name"?: string;
  readonly "Node Type": string;
  readonly Plans?: readonly Plan[];
}

/** The tables that a plan reads: through an index, and as a whole. */
function readsOf(plan: Plan): { readonly indexed: ReadonlySet<string>; readonly whole: ReadonlySet<string> } {
  const indexed = new Set<string>();
  const whole = new Set<string>();
  const visit = (node: Plan): void => {
    const table = node["Relation Name"];
    if (table !== undefined) (node["Node Type"] === "Seq Scan" ? whole : indexed).add(table);
    for (const child of node.Plans ?? []) visit(child);
  };
  visit(plan);
  return { indexed, whole };
}

async function explain(sql: string, parameters: readonly unknown[]): Promise<Plan> {
  const { rows } = await connection.query(`explain (format json) ${sql}`, [...parameters]);
  const [{ Plan: plan }] = JSON.parse(String(rows[0]?.["QUERY PLAN"])) as [{ Plan: Plan }];
  return plan;
}

function guarded(
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

const permit = (rest: string) => `permit p: reader to read, list Record ${rest}`;
const wing = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;

/** The policy, and the WHERE that a person would write for it; `r` is the table. */
const cases: readonly (readonly [string, string, string])[] = [
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

describe.each(cases)("%s", (_, rules, where) => {
  const byHand = `select r.id from a.records r where r.tenant_id = 't1' and ${where}`;

  test.each([
    ["fenced", true],
    ["open", false],
  ])("%s", async (_kind, fence) => {
    const { sql, values } = guarded(rules, fence);
    const hand = readsOf(await explain(byHand, []));
    const ours = readsOf(await explain(sql, values));
    // A case in which the person's query reads the whole table would prove nothing.
    expect(hand.indexed.size).toBeGreaterThan(0);
    for (const table of hand.indexed) {
      expect([...ours.indexed], sql).toContain(table);
      expect([...ours.whole], sql).not.toContain(table);
    }
    const ids = async (text: string, parameters: readonly unknown[]) =>
      (await connection.query(`select id from (${text}) as v order by id`, [...parameters])).rows;
    const rows = await ids(sql, values);
    expect(rows).toEqual(await ids(byHand, []));
    expect(rows.length).toBeGreaterThan(0);
  });
});

test("an operator that may fail runs on no row that a fenced view leaves out; an open view is no barrier", async () => {
  const rules = permit('when not resource.tags.contains("tag 5")');
  const ask = async (fence: boolean) => {
    const { sql, values } = guarded(rules, fence);
    return connection.query(`select v.id from (${sql}) as v where v.title::integer > 0`, [...values]);
  };
  const excluded = "select s.record_id from a.record_tags s where s.tenant_id = 't1' and s.tag = 'tag 5'";
  await connection.exec("begin");
  // Only what the view leaves out has titles that are no numbers.
  await connection.exec(
    `update a.records set title = '7' where tenant_id = 't1' and id not in (${excluded})`,
  );
  expect((await ask(true)).rows.length).toBeGreaterThan(0);
  await expect(ask(false)).rejects.toMatchObject({ code: "22P02" });
  await connection.exec("rollback");
});

test("a row whose reference leads to no row is no proper input, and does not come", async () => {
  const { sql, values } = guarded(permit('when resource.wing.region != "nowhere"'), true);
  const count = async () => (await connection.query(sql, [...values])).rows.length;
  const before = await count();
  await connection.exec("begin");
  // As a table without the foreign key could be.
  await connection.exec("set local session_replication_role = replica");
  await connection.exec(
    "update a.records set wing_id = '00000000-0000-4000-8000-0000000fffff' where tenant_id = 't1' and id = '00000000-0000-4000-9000-000000000777'",
  );
  expect(await count()).toBe(before - 1);
  await connection.exec("rollback");
  expect(before).toBe(8000);
});

test("one row by its key, through an open view, is found by the key", async () => {
  const { sql, values } = guarded(permit("when resource.fee >= 1.00"), false);
  const key = "00000000-0000-4000-9000-000000000777";
  const at = values.length + 1;
  const plan = await explain(`select v.id from (${sql}) as v where v.id = $${at}`, [...values, key]);
  expect(readsOf(plan)).toEqual({ indexed: new Set(["records"]), whole: new Set() });
});
