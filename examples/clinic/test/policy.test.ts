/** The policies govern the queries: what each of four people sees follows from the texts, row by row. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signIn, type People } from "../src/people.ts";
import type { Clinic } from "../src/setup.ts";
import { revealRow, type AnyTables } from "@wardline/sdk";
import { openTestClinic } from "./built.ts";

let clinic: Clinic;
let people: People;
beforeAll(async () => {
  clinic = await openTestClinic({}, 300);
  people = signIn(clinic);
});
afterAll(() => clinic.database.close());

const hospital = (tenant: string) => clinic.hospitals.get(tenant) ?? expect.fail();
const initials = (name: string) => name.replaceAll(/([^ ])[^ ]*/gu, "$1.");

describe("acme", () => {
  test("a clinician sees her department's branch and whom she treats, with the balance hidden only where no care shows it", async () => {
    const { departments, patients, care } = hospital("acme");
    // Intensive Care belongs to Emergency, which belongs to the Main House.
    const within = new Set(
      ["Intensive Care", "Emergency", "Main House"].map((name) => departments.get(name)),
    );
    const treated = new Set(care.filter((pair) => pair.from === "ada.berg").map((pair) => pair.to));
    const expected = patients
      .filter((p) => p.attributes["vip"] === false || true)
      .filter((p) => within.has(p.attributes["department"] as string) || treated.has(p.id))
      .map((p) => ({
        id: p.id,
        name: p.attributes["name"],
        ssn: `***${(p.attributes["ssn"] as string).slice(-4)}`,
        notes: p.attributes["notes"] ?? null,
        balance: treated.has(p.id) ? p.attributes["balance"] : null,
        vip: p.attributes["vip"],
      }))
      .filter((p) => p.vip === false);
    const rows = await people.ada.session.db
      .selectFrom("patients")
      .select(["id", "name", "ssn", "notes", "balance", "vip"])
      .execute();
    const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
    expect(rows.map(revealRow).toSorted(byId)).toEqual(expected.toSorted((a, b) => byId(a, b)));
    expect(rows.length).toBeGreaterThan(20);
  });

  test("billing sees initials, the whole number, no notes", async () => {
    const rows = await people.bo.session.db
      .selectFrom("patients")
      .select(["id", "name", "ssn", "notes"])
      .execute();
    const stored = new Map(hospital("acme").patients.map((p) => [p.id, p.attributes]));
    expect(rows.length).toBe([...stored.values()].filter((p) => p["vip"] === false).length);
    for (const row of rows) {
      const p = stored.get(row.id) ?? expect.fail();
      expect(JSON.stringify(row)).not.toContain(p["ssn"]);
      expect(revealRow(row)).toEqual({
        id: row.id,
        name: initials(p["name"] as string),
        ssn: p["ssn"],
        notes: null,
      });
    }
  });

  test("rows of very important people ask for a reason: left out of lists, there with one", async () => {
    const vip = hospital("acme").patients.filter((p) => p.attributes["vip"] === true);
    expect(vip.length).toBeGreaterThan(0);
    const ids = vip.map((p) => p.id);
    const ask = (person: People["bo"]) =>
      person.session.db.selectFrom("patients").select("id").where("id", "in", ids).execute();
    expect(await ask(people.bo)).toEqual([]);
    const acme = clinic.wardline.tenant("acme");
    const withReason = acme.as<AnyTables>(
      { type: "User", id: "bo", roles: ["billing"], attributes: { clearance: 1 } },
      { mfa: false, purpose: "invoice 17" },
    );
    expect(
      await withReason.db.selectFrom("patients").select("id").where("id", "in", ids).execute(),
    ).toHaveLength(vip.length);
    const asked = await people.bo.session.decide("read", { type: "Patient", id: ids[0] as string });
    expect(asked).toMatchObject({
      outcome: "challenge",
      rules: ["acme/vip_reason"],
      obligations: [{ type: "reason" }],
    });
  });

  test("a hidden balance cannot be searched", async () => {
    const { db } = people.ada.session;
    const shown = await db.selectFrom("patients").select("id").where("balance", "is not", null).execute();
    const rich = await db.selectFrom("patients").select("id").where("balance", ">=", "0.00").execute();
    expect(rich.map((r) => r.id).toSorted()).toEqual(shown.map((r) => r.id).toSorted());
  });
});

describe("globex", () => {
  test("the front desk sees who is here and nothing of why", async () => {
    const rows = await people.hana.session.db
      .selectFrom("patients")
      .select(["id", "name", "ssn", "notes", "balance"])
      .execute();
    const here = hospital("globex").patients.filter(
      (p) => p.attributes["discharged"] === false && !(p.attributes["tags"] as string[]).includes("opt_out"),
    );
    expect(rows.map((r) => r.id).toSorted()).toEqual(here.map((p) => p.id).toSorted());
    for (const row of rows) expect(row).toMatchObject({ ssn: null, notes: null, balance: null });
  });
});

describe("an export", () => {
  const auditor = (mfa: boolean, clearance = 3) =>
    clinic.wardline
      .tenant("acme")
      .as(
        { type: "User", id: "eve", roles: ["auditor"], attributes: { email: "eve@example.org", clearance } },
        { mfa, mfa_age: 0, ip: "10.20.0.9" },
      );
  // A duty of `read` binds whatever reads: very important people ask for a reason here too.
  const wanted = () =>
    hospital("acme").patients.flatMap(({ id, attributes }) => (attributes["vip"] === true ? [] : [id]));

  test("shows what may be exported, masked as an export is, where nothing may be listed", async () => {
    const eve = auditor(true);
    expect(await eve.db.selectFrom("patients").select("id").execute()).toEqual([]);
    const rows = await eve.reading("export").selectFrom("patients").select(["id", "ssn"]).execute();
    expect(rows.map(({ id }) => id).toSorted()).toEqual(wanted().toSorted());
    for (const row of rows.map(revealRow)) expect(row.ssn).toMatch(/^\*{3}\d{4}$/);
    // The same text under each of the two actions, again: no plan of one serves the other.
    expect(await eve.db.selectFrom("patients").select(["id", "ssn"]).execute()).toEqual([]);
    expect(await eve.reading("export").selectFrom("patients").select(["id", "ssn"]).execute()).toHaveLength(
      wanted().length,
    );
  });

  test("shows nothing where its own rules do not permit it, whoever may list", async () => {
    for (const session of [auditor(false), auditor(true, 2), people.ada.session, people.bo.session])
      expect(await session.reading("export").selectFrom("patients").select("id").execute()).toEqual([]);
    const inside = people.ada.session.reading("export").transaction();
    expect(await inside.execute((trx) => trx.selectFrom("patients").select("id").execute())).toEqual([]);
  });

  test("asks its action of every table, writes nothing, and takes no action that does not read", async () => {
    const eve = auditor(true);
    const joined = eve
      .reading("export")
      .selectFrom("patients as p")
      .innerJoin("departments as d", "d.id", "p.department_id")
      .select("p.id");
    expect(await joined.execute()).toEqual([]);
    const update = people.ada.session.reading("read").updateTable("patients").set({ name: "Ann Example" });
    await expect(update.execute()).rejects.toMatchObject({ code: "query/misplaced" });
    for (const action of ["update", "create", "sell"])
      await expect(
        eve
          .reading(action as "read")
          .selectFrom("patients")
          .select("id")
          .execute(),
      ).rejects.toMatchObject({
        code: "write/no-action",
      });
    expect(() => eve.reading("export; drop" as "export")).toThrow(TypeError);
    const ended = auditor(true);
    const open = ended.reading("export");
    ended.end();
    await expect(open.selectFrom("patients").select("id").execute()).rejects.toMatchObject({
      code: "handle/revoked",
    });
  });
});

test("a list is the check, row by row", async () => {
  for (const [tenant, person] of [
    ["acme", people.ada],
    ["acme", people.bo],
    ["globex", people.gil],
    ["globex", people.hana],
  ] as const) {
    const listed = new Set(
      (await person.session.db.selectFrom("patients").select("id").execute()).map((r) => r.id),
    );
    for (const { id } of hospital(tenant).patients.slice(0, 40)) {
      const decision = await person.session.decide("list", { type: "Patient", id });
      expect([id, decision.outcome === "permit"]).toEqual([id, listed.has(id)]);
    }
  }
});
