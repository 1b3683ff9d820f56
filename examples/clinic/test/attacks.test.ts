/** Ways to the other tenant, to the settings, and past the guard. Each ends in nothing or in an error with a stable code. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CompiledQuery, sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { localKeys, placement, revealRow, Sealed, Wardline, type AnyTables } from "@wardline/sdk";
import { pglite } from "@wardline/sdk/pglite";
import { exportAudit, verifyAudit } from "@wardline/sdk/operator";
import { signIn, type People } from "../src/people.ts";
import type { Clinic } from "../src/setup.ts";
import { buildClinic, openTestClinic } from "./built.ts";

let clinic: Clinic;
let people: People;
beforeAll(async () => {
  clinic = await openTestClinic();
  people = signIn(clinic);
});
afterAll(() => clinic.database.close());

const foreign = () => clinic.hospitals.get("globex")?.patients ?? [];
const coded = (code: string) => expect.objectContaining({ code });
const stored = async (text: string, parameters: readonly unknown[] = []) =>
  clinic.database.turn(async (session) => (await session.query(text, parameters)).rows);

describe("the other tenant's rows", () => {
  test("by id, by join, by subquery, by common table expression, by set operation: none", async () => {
    const { db } = people.bo.session;
    const id = foreign()[0]?.id ?? "";
    const ways = [
      db.selectFrom("patients").selectAll().where("id", "=", id),
      db
        .selectFrom("visits as v")
        .fullJoin("patients as p", "p.id", "v.patient_id")
        .select("p.id")
        .where("p.id", "=", id),
      db
        .selectFrom("departments")
        .select((eb) => eb.selectFrom("patients").select("id").where("id", "=", id).as("x"))
        .where("name", "=", "Surgery"),
      db
        .with("patients", (q) => q.selectFrom("patients").select("id"))
        .selectFrom("patients")
        .select("id")
        .where("id", "=", id),
      db
        .selectFrom("patients")
        .select("id")
        .where("id", "=", id)
        .unionAll(db.selectFrom("patients").select("id").where("id", "=", id)),
    ];
    for (const way of ways) {
      const rows = (await way.execute()) as Record<string, unknown>[];
      expect(rows.flatMap((row) => Object.values(row)).filter((value) => value !== null)).toEqual([]);
    }
  });

  test("a query compiled on one tenant's handle belongs to no tenant", async () => {
    const compiled = people.gil.session.db.selectFrom("patients").select("id").compile();
    const { rows } = await people.bo.session.db.executeQuery(compiled);
    const own = new Set(clinic.hospitals.get("acme")?.patients.map((p) => p.id));
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every((row) => own.has(row.id))).toBe(true);
  });

  test("a write that names them changes nothing", async () => {
    const id = foreign()[0]?.id ?? "";
    const before = await stored("select p::text as t from public.patients p where id = $1", [id]);
    const { db } = people.ada.session;
    expect(
      (await db.updateTable("patients").set({ vip: true }).where("id", "=", id).executeTakeFirst())
        .numUpdatedRows,
    ).toBe(0n);
    expect((await db.deleteFrom("patients").where("id", "=", id).executeTakeFirst()).numDeletedRows).toBe(0n);
    expect(await stored("select p::text as t from public.patients p where id = $1", [id])).toEqual(before);
  });

  test("a decision on one of them says no more than on a row that does not exist", async () => {
    const theirs = await people.ada.session.decide("read", { type: "Patient", id: foreign()[0]?.id ?? "" });
    const nobody = await people.ada.session.decide("read", {
      type: "Patient",
      id: "00000000-0000-7000-8000-000000000000",
    });
    expect(theirs.outcome).toBe("deny");
    expect(theirs).toEqual(nobody);
  });

  test("interleaved, each handle keeps to its own", async () => {
    const sizes = new Map(
      [...clinic.hospitals].map(([tenant, h]) => [tenant, new Set(h.patients.map((p) => p.id))]),
    );
    await Promise.all(
      Array.from({ length: 30 }, async (_, index) => {
        const [tenant, person] =
          index % 2 === 0 ? (["acme", people.bo] as const) : (["globex", people.gil] as const);
        const rows = await person.session.db.selectFrom("patients").select("id").execute();
        expect(rows.length).toBeGreaterThan(0);
        expect(rows.every((row) => sizes.get(tenant)?.has(row.id))).toBe(true);
      }),
    );
  });
});

describe("text and settings", () => {
  test.each([
    "select * from patients",
    "select * from public.patients",
    "select set_config('wardline.context', 'globex', true)",
    "set local wardline.context = 'globex'",
    "reset role",
    "set role postgres",
    "set row_security = off",
    "commit",
    "select 1; select * from patients",
    "copy patients to stdout",
    "listen everything",
  ])("%s is refused", async (text) => {
    await expect(people.ada.session.db.executeQuery(CompiledQuery.raw(text))).rejects.toEqual(
      coded("query/raw-statement"),
    );
  });

  test("a fragment of text is refused wherever it stands", async () => {
    const { db } = people.ada.session;
    const ways = [
      db.selectFrom("patients").select(sql<string>`current_user`.as("x")),
      db
        .selectFrom("patients")
        .select("id")
        .where(sql<boolean>`true`),
      db
        .selectFrom("patients")
        .select("id")
        .orderBy(sql`1`),
      db.selectFrom(sql<{ id: string }>`patients`.as("p")).select("id"),
      db
        .selectFrom("patients")
        .select("id")
        .limit(sql<number>`1`),
    ];
    for (const way of ways) await expect(way.execute()).rejects.toEqual(coded("query/raw-statement"));
  });

  test.each([
    [
      "an unknown table",
      "query/unknown-table",
      () => people.ada.session.db.selectFrom("pg_class" as "patients").selectAll(),
    ],
    [
      "the audit log",
      "query/schema-qualified",
      () => people.ada.session.db.selectFrom("wardline.audit" as "patients").selectAll(),
    ],
    [
      "the tenant column",
      "query/unknown-column",
      () => people.ada.session.db.selectFrom("patients").select("tenant_id" as "id"),
    ],
    [
      "a sealed column in a condition",
      "query/sealed-column",
      () => people.ada.session.db.selectFrom("patients").select("id").where("ssn", "=", new Sealed("x")),
    ],
  ])("%s is refused with %s", async (_, code, query) => {
    await expect(query().execute()).rejects.toEqual(coded(code));
  });

  test("without the role, the superuser of the embedded database sees both tenants; with it, a context that is set by hand raises", async () => {
    const [all] = await stored("select count(distinct tenant_id)::int as tenants from public.patients");
    expect(all).toEqual({ tenants: 2 });
    const byHand = clinic.database.turn(async (session) => {
      await session.query("begin", []);
      await session.query("select set_config('wardline.context', 'acme', true)", []);
      await session.query("set local role wardline_app", []);
      return session.query("select count(*) from public.patients", []);
    });
    await expect(byHand).rejects.toMatchObject({ code: "28000" });
  });

  test("with the role and no tenant, the database raises", async () => {
    const nowhere = clinic.database.turn(async (session) => {
      await session.query("begin", []);
      await session.query("set local role wardline_app", []);
      return session.query("select count(*) from public.patients", []);
    });
    await expect(nowhere).rejects.toMatchObject({ code: "28000" });
  });
});

test("who may read a row and not list it finds it in no query, and writes see it", async () => {
  const other = await openTestClinic({
    "acme.ward": (text) =>
      text
        .replace("to read, list Patient\n  with hide(notes)", "to read, update Patient\n  with hide(notes)")
        .concat("\nrequire listed: mask(notes, redact) for clinician to list Patient\n"),
  });
  try {
    const { bo, ada } = signIn(other);
    const rows = other.hospitals.get("acme")?.patients ?? [];
    const id =
      rows.find(
        (p) => !p.attributes["vip"] && !p.attributes["discharged"] && Number(p.attributes["balance"]) < 9_000,
      )?.id ?? "";
    expect(await bo.session.decide("read", { type: "Patient", id })).toMatchObject({ outcome: "permit" });
    expect(await bo.session.db.selectFrom("patients").select("id").execute()).toEqual([]);
    expect(
      await bo.session.db
        .selectFrom("departments")
        .select((eb) => eb.selectFrom("patients").select("id").limit(1).as("x"))
        .limit(1)
        .execute(),
    ).toEqual([{ x: null }]);
    const written = bo.session.db
      .updateTable("patients")
      .set({ balance: "1.00" })
      .where("id", "=", id)
      .returning("id");
    expect(await written.execute()).toEqual([{ id }]);
    const notes = await ada.session.db
      .selectFrom("patients")
      .select("notes")
      .where("discharged", "=", false)
      .execute();
    expect(notes.length).toBeGreaterThan(0);
    expect(notes.map(revealRow).every((row) => row.notes === null || row.notes === "***")).toBe(true);
  } finally {
    await other.database.close();
  }
});

describe("handles", () => {
  test("one that has ended refuses, also for queries made before", async () => {
    const { ada } = signIn(clinic);
    const query = ada.session.db.selectFrom("patients").select("id");
    ada.session.end();
    await expect(query.execute()).rejects.toEqual(coded("handle/revoked"));
    await expect(ada.session.decide("read", { type: "Patient", id: foreign()[0]?.id ?? "" })).rejects.toEqual(
      coded("handle/revoked"),
    );
  });

  test("a context fact that a rule reads and that is missing denies", async () => {
    const session = clinic.wardline
      .tenant("acme")
      .as<AnyTables>(
        { type: "User", id: "eve", roles: ["auditor", "billing"], attributes: { clearance: 4 } },
        {},
      );
    const id = clinic.hospitals.get("acme")?.patients[0]?.id ?? "";
    expect(await session.decide("export", { type: "Patient", id })).toMatchObject({
      outcome: "deny",
      reason: "invalid_input",
    });
  });
});

describe("writes", () => {
  const own = (want: (p: Readonly<Record<string, unknown>>) => boolean) => {
    const { departments, patients } = clinic.hospitals.get("acme") ?? expect.fail();
    const department = departments.get("Intensive Care");
    return patients.find(
      (p) => p.attributes["department"] === department && p.attributes["vip"] === false && want(p.attributes),
    );
  };

  test("a refusal names the rule, its file and line, leaves the row as it was and is on record", async () => {
    const closed = own((p) => p["discharged"] === true) ?? expect.fail();
    const before = await stored("select p::text as t from public.patients p where id = $1", [closed.id]);
    const refused = people.ada.session.db
      .updateTable("patients")
      .set({ name: "X" })
      .where("id", "=", closed.id)
      .execute();
    await expect(refused).rejects.toMatchObject({
      code: "access/denied",
      rules: [
        { id: "platform/discharged_is_final", file: expect.stringContaining("platform.ward"), line: 9 },
      ],
    });
    expect(await stored("select p::text as t from public.patients p where id = $1", [closed.id])).toEqual(
      before,
    );
    const { entries } = await clinic.database.turn((session) => exportAudit(session, "acme"));
    expect(entries.at(-1)?.entry).toContain('"kind":"refusal"');
    expect(entries.at(-1)?.entry).toContain("platform/discharged_is_final");
  });

  test("a row is judged as it would be, not only as it is", async () => {
    const row = own((p) => p["discharged"] === false) ?? expect.fail();
    const cardiology = clinic.hospitals.get("acme")?.departments.get("Cardiology") ?? "";
    const moved = people.ada.session.db
      .updateTable("patients")
      .set({ department_id: cardiology })
      .where("id", "=", row.id)
      .execute();
    await expect(moved).rejects.toMatchObject({ code: "access/denied" });
  });

  test("a large change asks for a fresh second factor, and the challenge is on record", async () => {
    const row = own((p) => p["discharged"] === false && Number(p["balance"]) >= 10_000) ?? expect.fail();
    const { departments } = clinic.hospitals.get("acme") ?? expect.fail();
    const stale = clinic.wardline.tenant("acme").as<AnyTables>(
      {
        type: "User",
        id: "ada.berg",
        roles: ["clinician"],
        in: [departments.get("Intensive Care") ?? ""],
        attributes: { clearance: 2 },
      },
      { mfa: true, mfa_age: 3_600_000_000 },
    );
    const asked = stale.db
      .updateTable("patients" as never)
      .set({ vip: true } as never)
      .where("id" as never, "=", row.id as never)
      .execute();
    await expect(asked).rejects.toMatchObject({
      code: "access/challenge",
      rules: [{ id: "acme/big_change" }],
    });
    const { entries } = await clinic.database.turn((session) => exportAudit(session, "acme"));
    expect(entries.at(-1)?.entry).toContain('"kind":"challenge"');
  });

  test("the chain of all this verifies, and every single changed byte breaks it", async () => {
    const chain = await clinic.database.turn((session) => exportAudit(session, "acme"));
    expect(verifyAudit(chain)).toMatchObject({ ok: true });
    const [first, ...others] = chain.entries;
    if (first === undefined) return expect.fail();
    for (let at = 0; at < first.entry.length; at += 7) {
      const entry =
        first.entry.slice(0, at) + (first.entry[at] === "x" ? "y" : "x") + first.entry.slice(at + 1);
      expect(verifyAudit({ ...chain, entries: [{ ...first, entry }, ...others] })).toMatchObject({
        ok: false,
        seq: first.seq,
      });
    }
  });
});

describe("bundles and keys", () => {
  const options = async (bundles: string) => ({
    bundles,
    trust: "unsigned-development" as const,
    database: pglite(),
    keys: localKeys(join(mkdtempSync(join(tmpdir(), "clinic-keys-")), "keys.json")),
  });

  test("without the word of trust an unsigned folder is refused", async () => {
    const { bundles } = await buildClinic();
    const { trust: _, ...rest } = await options(bundles);
    await expect(Wardline.open(rest)).rejects.toEqual(coded("bundle/unsigned"));
  });

  test("a flipped byte in any file of a bundle refuses all of it", async () => {
    const { bundles } = await buildClinic();
    for (const name of readdirSync(join(bundles, "acme"))) {
      const copy = mkdtempSync(join(tmpdir(), "clinic-flip-"));
      cpSync(bundles, copy, { recursive: true });
      const path = join(copy, "acme", name);
      const bytes = readFileSync(path);
      const middle = Math.floor(bytes.length / 2);
      bytes[middle] = (bytes[middle] as number) ^ 1;
      writeFileSync(path, bytes);
      await expect(Wardline.open(await options(copy))).rejects.toMatchObject({
        name: "BundleRejected",
        code: expect.stringMatching(/^bundle\//),
      });
    }
  });

  test("another tenant's bundle under this tenant's name is refused", async () => {
    const { bundles } = await buildClinic();
    cpSync(join(bundles, "globex"), join(bundles, "acme"), { recursive: true });
    await expect(Wardline.open(await options(bundles))).rejects.toEqual(coded("bundle/wrong-tenant"));
  });

  test("with another key nothing opens", async () => {
    const keys = localKeys(join(mkdtempSync(join(tmpdir(), "clinic-keys-")), "keys.json"));
    await keys.create("acme");
    const { bundles } = await buildClinic();
    const database = placement({ catalogue: clinic.database, cells: { here: () => clinic.database } });
    const other = await Wardline.open({ ...(await options(bundles)), database, keys });
    const session = other
      .tenant("acme")
      .as({ type: "User", id: "bo", roles: ["billing"], attributes: { clearance: 1 } }, { mfa: false });
    await expect(session.db.selectFrom("patients").select("ssn").limit(1).execute()).rejects.toMatchObject({
      name: "KeyProviderError",
      code: "keys/not-authentic",
    });
    expect(await session.db.selectFrom("patients").select("name").limit(1).execute()).toHaveLength(1);
  });

  test("a policy with an error builds nothing and names the right attribute", async () => {
    const built = await buildClinic({
      "acme.ward": (text) => text.replace("resource.balance", "resource.balanse"),
    });
    expect(built.code).toBe(1);
    expect(built.printed).toContain("`balance`");
  });
});
