/** What the policy says to encrypt is sealed: by the policy's line and nothing else, and for its own place alone. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { revealRow, SealBroken, Wardline } from "@wardline/sdk";
import { signIn } from "../src/people.ts";
import type { Clinic } from "../src/setup.ts";
import { openTestClinic } from "./built.ts";

const line = "require phi_at_rest: encrypt(#phi)\n";
let clinic: Clinic;
beforeAll(async () => {
  clinic = await openTestClinic();
});
afterAll(() => clinic.database.close());

async function storedNumbers(of: Clinic): Promise<readonly Buffer[]> {
  const { rows } = await of.database.turn((s) =>
    s.query("select ssn from public.patients where tenant_id = 'acme'", []),
  );
  return rows.map((row) =>
    typeof row["ssn"] === "string" ? Buffer.from(row["ssn"]) : Buffer.from(row["ssn"] as Uint8Array),
  );
}

test("with the line no stored number is readable; with the line taken away every one is", async () => {
  const numbers = clinic.hospitals.get("acme")?.patients.map((p) => p.attributes["ssn"] as string) ?? [];
  const sealed = Buffer.concat([...(await storedNumbers(clinic))]).toString("latin1");
  expect(numbers.filter((number) => sealed.includes(number))).toEqual([]);
  const open = await openTestClinic({ "platform.ward": (text) => text.replace(line, "") });
  const plain = (await storedNumbers(open)).map((bytes) => bytes.toString("utf8"));
  expect(plain.toSorted()).toEqual(numbers.toSorted());
  await open.database.close();
});

test("an inserted row is sealed too, and reads back as the policy shows it", async () => {
  const { ada } = signIn(clinic);
  const department = clinic.hospitals.get("acme")?.departments.get("Intensive Care") ?? "";
  const inserted = await ada.session.db
    .insertInto("patients")
    .values({
      department_id: department,
      name: "Grace Costa",
      ssn: "111-22-3333",
      notes: "canary-7f3a",
      vip: false,
      balance: "10.00",
      admitted: "2026-11-19T08:00:00.000000Z",
      discharged: false,
    } as never)
    .returning(["id", "ssn", "notes"])
    .executeTakeFirstOrThrow();
  expect(JSON.stringify(inserted)).not.toContain("canary");
  expect(revealRow(inserted)).toMatchObject({ ssn: "***3333", notes: "canary-7f3a" });
  const everything = await clinic.database.turn(async (session) => {
    const rows = (await session.query("select p::text as t from public.patients p", [])).rows;
    const audit = (await session.query("select a::text as t from wardline.audit a", [])).rows;
    return [...rows, ...audit].map((row) => String(row["t"])).join("\n");
  });
  for (const plain of ["canary-7f3a", "111-22-3333"]) {
    expect(everything).not.toContain(plain);
    expect(everything).not.toContain(Buffer.from(plain).toString("hex"));
  }
});

describe("a cell that was moved or changed does not open", () => {
  const read = (id: string) =>
    signIn(clinic).bo.session.db.selectFrom("patients").select("ssn").where("id", "=", id).execute();
  const change = (statement: string, parameters: readonly unknown[]) =>
    clinic.database.turn((session) => session.query(statement, parameters));
  const patients = () =>
    clinic.hospitals.get("acme")?.patients.filter((p) => p.attributes["vip"] === false) ?? [];

  test("to another row", async () => {
    const [a, b] = patients();
    await change(
      "update public.patients set ssn = (select ssn from public.patients where id = $1) where id = $2",
      [a?.id, b?.id],
    );
    await expect(read(b?.id ?? "")).rejects.toThrow(SealBroken);
    await expect(read(b?.id ?? "")).rejects.toMatchObject({ code: "not_authentic" });
  });

  test("to another column", async () => {
    const row = patients()[2];
    await change(
      "update public.patients set ssn = (select notes from public.patients where notes is not null limit 1) where id = $1",
      [row?.id],
    );
    await expect(read(row?.id ?? "")).rejects.toThrow(SealBroken);
  });

  test("to another tenant", async () => {
    const row = patients()[3];
    const other = clinic.hospitals.get("globex")?.patients[0];
    await change(
      "update public.patients set ssn = (select ssn from public.patients where id = $1) where id = $2",
      [other?.id, row?.id],
    );
    await expect(read(row?.id ?? "")).rejects.toThrow(SealBroken);
  });

  test("by one byte", async () => {
    const row = patients()[4];
    await change(
      "update public.patients set ssn = set_byte(ssn, 50, (get_byte(ssn, 50) + 1) % 256) where id = $1",
      [row?.id],
    );
    await expect(read(row?.id ?? "")).rejects.toThrow(SealBroken);
  });
});

test("a tenant without a key is refused with a code", () => {
  expect(() => clinic.wardline.tenant("nobody")).toThrow(
    expect.objectContaining({ code: "bundle/unknown-tenant" }),
  );
  expect(Wardline).toBeTypeOf("function");
});
