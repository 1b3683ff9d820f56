/**
 * What the clinic shows of policies. Each part returns whether what should hold did hold; nothing is taken for
 * granted because it was printed.
 */
import { AccessDenied, revealRow, shown, type Database } from "@wardline/sdk";
import { exportAudit, verifyAudit } from "@wardline/sdk/operator";
import { CompiledQuery, sql } from "kysely";
import type { Clinic } from "./setup.ts";
import type { People, Person } from "./people.ts";
import { heading, line, table } from "./print.ts";

/** The same query as four people. */
export async function sameQuery(people: People): Promise<boolean> {
  heading("1. One query, four people");
  line("  select name, ssn, notes, balance from patients order by id limit 3   (· is hidden, or empty)");
  const seen = new Set<string>();
  for (const { title, session } of Object.values(people) as Person[]) {
    const patients = session.db.selectFrom("patients");
    const found = await patients.select(["name", "ssn", "notes", "balance"]).orderBy("id").limit(3).execute();
    // What was sealed prints as [sealed] until it is asked for.
    const rows = found.map(revealRow);
    const { count } = await patients.select((eb) => eb.fn.countAll().as("count")).executeTakeFirstOrThrow();
    line(`\n  ${title}: ${String(count)} patients`);
    table(rows);
    seen.add(JSON.stringify(rows));
  }
  return seen.size === 4;
}

/** A write that the tenant's policy permits, and one that the platform forbids whatever the tenant's policy says. */
export async function writes({ ada }: People): Promise<boolean> {
  heading("2. A write that is permitted, and one that is refused and why");
  const { db } = ada.session;
  const patient = (discharged: boolean) =>
    db
      .selectFrom("patients")
      .select("id")
      .where("discharged", "=", discharged)
      .orderBy("id")
      .executeTakeFirstOrThrow();
  const [open, closed] = [await patient(false), await patient(true)];
  line(`  ${ada.title}`);
  const update = (id: string) => db.updateTable("patients").set({ name: "Ann Example" }).where("id", "=", id);
  const { numUpdatedRows } = await update(open.id).executeTakeFirstOrThrow();
  line(`  update patients set name = 'Ann Example' where id = ${open.id}: ${numUpdatedRows} row`);
  line(`  update patients set name = 'Ann Example' where id = ${closed.id}:`);
  try {
    await update(closed.id).execute();
    return false;
  } catch (error) {
    if (!(error instanceof AccessDenied)) throw error;
    for (const rule of error.rules)
      line(`  refused by ${rule.id}, ${rule.file}:${rule.line}: ${rule.because ?? ""}`);
    const names = await db
      .selectFrom("patients")
      .select("name")
      .where("id", "in", [open.id, closed.id])
      .orderBy("discharged")
      .execute();
    line(`  the two rows afterwards: ${names.map((row) => row.name).join(", ")}`);
    // Clinicians see names whole.
    const [changed, kept] = names.map((row) => shown(row.name));
    return numUpdatedRows === 1n && changed === "Ann Example" && kept !== "Ann Example";
  }
}

/** Three ways to the other tenant's rows, each of which must end in nothing. */
export async function otherTenant({ hospitals }: Clinic, { ada }: People): Promise<boolean> {
  heading("3. Attempts to read the other tenant");
  const foreign = hospitals.get("globex")?.patients[0];
  if (foreign === undefined) return false;
  const { db } = ada.session;
  line(`  ${ada.title} asks for a patient of globex`);
  const byId = await db.selectFrom("patients").selectAll().where("id", "=", foreign.id).execute();
  line(`  by id:      ${byId.length} rows`);
  const byJoin = await db
    .selectFrom("visits as v")
    .fullJoin("patients as p", "p.id", "v.patient_id")
    .select(["p.id", "v.id as visit"])
    .where("p.id", "=", foreign.id)
    .execute();
  line(`  by join:    ${byJoin.length} rows`);
  const texts = [
    CompiledQuery.raw("select * from patients"),
    CompiledQuery.raw("select set_config('wardline.context', 'globex', true)"),
    sql`reset role`.compile(db),
  ];
  const refusals: string[] = [];
  for (const text of texts) {
    const outcome = await db.executeQuery(text).then(
      (result) => `${result.rows.length} rows`,
      (error: unknown) => `refused, ${(error as { code?: string }).code ?? "without a code"}`,
    );
    line(`  by raw SQL: ${outcome} (${text.sql})`);
    refusals.push(outcome);
  }
  return byId.length === 0 && byJoin.length === 0 && refusals.every((text) => text.startsWith("refused"));
}

/** A row as it lies in the table. */
export async function asStored({ database, hospitals }: Clinic): Promise<boolean> {
  heading("4. A row as stored");
  const patient = hospitals.get("acme")?.patients.find((row) => typeof row.attributes["notes"] === "string");
  const [stored] = await ask(
    database,
    "select tenant_id, name, ssn, notes from public.patients where id = $1",
    [patient?.id],
  );
  if (patient === undefined || stored === undefined) return false;
  const ssn = Buffer.from(stored["ssn"] as Uint8Array);
  line(`  tenant_id  ${String(stored["tenant_id"])}`);
  line(`  name       ${String(stored["name"])}`);
  line(
    `  ssn        \\x${ssn.toString("hex").slice(0, 64)}… (${ssn.length} bytes, sealed under acme's key for this row)`,
  );
  return !ssn.includes(patient.attributes["ssn"] as string);
}

/** The audit chain as it is, and a copy of it in which one byte is another. */
export async function auditChain({ database }: Clinic): Promise<boolean> {
  heading("5. The audit chain");
  const chain = await database.turn((session) => exportAudit(session, "acme"));
  const verdict = verifyAudit(chain);
  line(`  acme's chain, ${chain.entries.length} entries: ${verdict.ok ? "verified" : "broken"}`);
  const changed = chain.entries.findIndex(({ entry }) => entry.includes("permit"));
  const entries = chain.entries.map((one, at) =>
    at === changed ? { ...one, entry: one.entry.replace("permit", "denied") } : one,
  );
  const copy = { ...chain, entries };
  const broken = verifyAudit(copy);
  line(
    `  a copy with one word changed: ${broken.ok ? "verified" : `broken at entry ${broken.seq}, ${broken.reason}`}`,
  );
  return verdict.ok && !broken.ok;
}

async function ask(database: Database, text: string, parameters: readonly unknown[]) {
  return database.turn(async (session) => (await session.query(text, parameters)).rows);
}
