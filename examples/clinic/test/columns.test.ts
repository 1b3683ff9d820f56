/** A model over tables that are there already: their keys, tenants and columns have names of their own, and all holds as before. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { signIn } from "../src/people.ts";
import type { Clinic } from "../src/setup.ts";
import { openTestClinic } from "./built.ts";

let usual: Clinic;
let renamed: Clinic;
beforeAll(async () => {
  usual = await openTestClinic();
  renamed = await openTestClinic({
    "clinic.ward": (text) =>
      text
        .replace("stored in patients {", "stored in patients(patient_no, hospital) {")
        .replace("department: Department\n", "department: Department via patients(ward)\n")
        .replace("balance: Decimal(12, 2)", "balance: Decimal(12, 2) via patients(amount)"),
  });
});
afterAll(() => Promise.all([usual.database.close(), renamed.database.close()]));

type Row = Readonly<Record<string, unknown>>;

async function query(
  clinic: Clinic,
  who: "ada" | "bo",
  columns: readonly string[],
  order: string,
): Promise<readonly Row[]> {
  const { db } = signIn(clinic)[who].session;
  const rows = db
    .selectFrom("patients")
    .select(columns as never)
    .orderBy(order as never);
  return rows.execute();
}

test("a select shows the same rows under the table's own names", async () => {
  for (const who of ["ada", "bo"] as const) {
    const before = await query(usual, who, ["id", "department_id", "balance", "name"], "id");
    const after = await query(renamed, who, ["patient_no", "ward", "amount", "name"], "patient_no");
    expect(after.length).toBeGreaterThan(0);
    expect(after.map((row) => [row["patient_no"], row["ward"], row["amount"], row["name"]])).toEqual(
      before.map((row) => [row["id"], row["department_id"], row["balance"], row["name"]]),
    );
  }
});

test("rows are written under them, and belong to the tenant", async () => {
  const rows = await query(renamed, "ada", ["patient_no", "ward"], "patient_no");
  const inOwnWard = rows.find((row) => row["ward"] === ownWard());
  const key = inOwnWard?.["patient_no"];
  const { ada } = signIn(renamed);
  const updated = (await ada.session.db
    .updateTable("patients")
    .set({ ward: inOwnWard?.["ward"], name: "Grace Costa" } as never)
    .where("patient_no" as never, "=", key as never)
    .returning(["name", "ward"] as never)
    .executeTakeFirstOrThrow()) as Row;
  expect(updated).toEqual({ name: "Grace Costa", ward: inOwnWard?.["ward"] });
  const stored = await renamed.database.turn((session) =>
    session.query("select hospital, name from public.patients where patient_no = $1", [key]),
  );
  expect(stored.rows).toEqual([{ hospital: "acme", name: "Grace Costa" }]);
});

const ownWard = () => renamed.hospitals.get("acme")?.departments.get("Intensive Care");

test("the names of the model are no columns", async () => {
  await expect(query(renamed, "ada", ["balance"], "patient_no")).rejects.toThrow();
  await expect(query(renamed, "ada", ["hospital"], "patient_no")).rejects.toThrow();
});
