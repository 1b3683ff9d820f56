/** What the service asks of patients and visits: the same for pages and for programs. */
import { revealRow, type Session } from "@wardline/sdk";
import type { Database as Tables } from "../tables.ts";

export interface PatientRow {
  readonly id: string;
  readonly name: string | null;
  readonly ssn: string | null;
  readonly notes: string | null;
  readonly balance: string | null;
}

export interface PatientPage {
  readonly rows: readonly PatientRow[];
  /** The id after which the next page begins; null on the last one. */
  readonly next: string | null;
}

export interface PatientDetail extends PatientRow {
  readonly vip: boolean;
  readonly admitted: string;
  readonly discharged: boolean;
}

export interface Visit {
  readonly id: string;
  readonly at: string;
  readonly summary: string | null;
}

/** Of one page. */
export const pageSize = 50;

export const isId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

/** Those that the caller may list, in the order of their ids. */
export async function listPatients({ db }: Session<Tables>, after: string | null): Promise<PatientPage> {
  const query = db.selectFrom("patients").select(["id", "name", "ssn", "notes", "balance"]);
  const found = await (after === null ? query : query.where("id", ">", after))
    .orderBy("id")
    .limit(pageSize + 1)
    .execute();
  const rows = found.slice(0, pageSize).map((row) => revealRow(row) as PatientRow);
  return { rows, next: found.length > pageSize ? (rows.at(-1)?.id ?? null) : null };
}

/** Null for one that is absent and one that the caller may not see. */
export async function getPatient({ db }: Session<Tables>, id: string): Promise<PatientDetail | null> {
  const row = await db
    .selectFrom("patients")
    .select(["id", "name", "ssn", "notes", "balance", "vip", "admitted", "discharged"])
    .where("id", "=", id)
    .executeTakeFirst();
  return row === undefined ? null : (revealRow(row) as PatientDetail);
}

export async function listVisits({ db }: Session<Tables>, patient: string): Promise<readonly Visit[]> {
  const rows = await db
    .selectFrom("visits")
    .select(["id", "at", "summary"])
    .where("patient_id", "=", patient)
    .orderBy("at", "desc")
    .limit(100)
    .execute();
  return rows.map((row) => revealRow(row) as Visit);
}

export type Change = Partial<Pick<PatientRow, "name" | "notes" | "balance">>;

/** How many rows changed: none for one that the caller may not see. */
export async function changePatient({ db }: Session<Tables>, id: string, change: Change): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable("patients")
    .set(change as never)
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
  return Number(numUpdatedRows);
}

export const editableFields = ["name", "notes", "balance"] as const;

/** The fields that the caller may set: those of a permitted update that are shown as they are. */
export async function editableBy(
  session: Session<Tables>,
  id: string,
): Promise<readonly (typeof editableFields)[number][]> {
  const [update, read] = [
    await session.decide("update", { type: "Patient", id }),
    await session.decide("read", { type: "Patient", id }),
  ];
  if (update.outcome === "deny" || read.outcome !== "permit") return [];
  const masked = new Set(
    [...update.obligations, ...read.obligations].flatMap((duty) =>
      duty.type === "mask" || duty.type === "hide" ? [duty.field] : [],
    ),
  );
  return editableFields.filter((field) => !masked.has(field));
}
