/** Lists as values, from a handle to rows. */
import { evaluate, type KnownFacts } from "@wardline/core";
import { type Database } from "@wardline/isolation";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Wardline, type ListedRow, type Session } from "../src/index.ts";
import { createSchema, loadRows, createTenantKeys } from "../src/operator/index.ts";
import { pglite } from "../src/pglite.ts";
import { bundleFolder, programOf, keysOfFile } from "./library-bundles.ts";

let database: Database;
beforeAll(() => {
  database = pglite();
});
afterAll(() => database.close());

const now = "2026-01-01T00:00:00.000000Z";
const [house, room, other] = [1, 2, 3].map((n) => `0000000${n}-0000-4000-8000-000000000000`) as [
  string,
  string,
  string,
];
const ada = {
  type: "Member",
  id: "ada",
  roles: ["reader"],
  in: [room],
  attributes: { level: 3, since: "2020-01-01T00:00:00.000000Z" },
};

const keys = keysOfFile();

async function open(): Promise<Wardline> {
  await createSchema(database, [programOf("north")]);
  await createTenantKeys({ database, keys }, "north");
  return Wardline.open({
    bundles: await bundleFolder(["north"]),
    trust: "unsigned-development",
    database,
    keys,
    clock: () => new Date(now),
  });
}

const book = (change: Partial<ListedRow["attributes"]> = {}, tenant = "north"): ListedRow => ({
  id: "0000000a-0000-4000-8000-000000000000",
  tenant,
  attributes: { price: "9.50", branch: house, shelf: "open", tags: ["saga"], title: "saga", ...change },
  relations: { recommends: [] },
});

test("a filter knows the hierarchy of the database and tells rows as the policy does", async () => {
  const wardline = await open();
  const program = programOf("north");
  await loadRows({ database, program, keys }, "Branch", [
    { id: house, attributes: {} },
    { id: room, attributes: {}, parents: { parent_id: house } },
    { id: other, attributes: {} },
  ]);
  const handle: Session = wardline.tenant("north", { lends: true }).as(ada, { purpose: "study" });
  const filter = await handle.filter("read", "Book");
  expect(filter.kind).toBe("predicate");
  const known = {
    tenant: { id: "north", attributes: { lends: true } },
    principal: { ...ada, tenant: "north" },
    context: { purpose: "study" },
    ancestors: { principal: { Branch: [room, house] } },
    now,
  } as KnownFacts;
  const rows = [
    book(),
    book({ branch: other }),
    book({ holder: "ada", branch: other }),
    book({ shelf: "closed" }),
    book({ price: "9.5" }),
    book({ title: null }),
    book({}, "south"),
    { ...book({ branch: other }), relations: { recommends: [{ from: "ada", to: book().id }] } },
  ];
  const decisions = rows.map((row) => {
    const { relations, ...resource } = row;
    return evaluate(program, {
      ...known,
      relations,
      action: { name: "read" },
      resource: { ...resource, type: "Book" },
    });
  });
  expect(rows.map(filter.decide)).toEqual(decisions);
  expect(rows.filter(filter.matches)).toEqual(rows.filter((_, i) => decisions[i]?.outcome === "permit"));
  expect(new Set(decisions.map(({ outcome, reason }) => reason ?? outcome))).toEqual(
    new Set(["permit", "not_granted", "invalid_input", "out_of_scope"]),
  );
  expect(JSON.parse(JSON.stringify(filter.residual))).toMatchObject({ kind: "predicate", tenant: "north" });
});

test("what is not known, and what the model does not have, is never permitted", async () => {
  const wardline = await open();
  const handle = wardline.tenant("north", { lends: false }).as(ada);
  // A fact that rules read and that nobody gave.
  const bare = wardline.tenant("north").as(ada);
  expect((await bare.filter("read", "Book")).residual).toMatchObject({
    kind: "never",
    decision: { outcome: "deny", reason: "invalid_input" },
  });
  for (const [action, type] of [
    ["read", "Nothing"],
    ["fly", "Book"],
    ["__proto__", "constructor"],
  ] as const)
    expect(await handle.filter(action, type)).toMatchObject({ kind: "never" });
});

test("there is none for an update, nor after the end of a handle", async () => {
  const handle = (await open()).tenant("north", { lends: true }).as(ada);
  await expect(handle.filter("update", "Book")).rejects.toThrow(RangeError);
  handle.end();
  await expect(handle.filter("read", "Book")).rejects.toMatchObject({ code: "handle/revoked" });
});
