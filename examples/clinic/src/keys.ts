/** What an operator does to a tenant's keys while people work: all that acme has comes under new ones, and globex's are destroyed. */
import { revealRow, type Database } from "@wardline/sdk";
import {
  createNoteSigner,
  createTenantKeys,
  exportAudit,
  keysStatus,
  operatorSealers,
  planShred,
  readShredReceipt,
  resealPlaced,
  shredTenant,
  verifyAudit,
} from "@wardline/sdk/operator";
import type { People, Person } from "./people.ts";
import { heading, line } from "./print.ts";
import { keyBounds, type Clinic } from "./setup.ts";

/** New keys, and every cell anew under them, while somebody reads. */
export async function rotation({ database, estate, keys }: Clinic, { bo }: People): Promise<boolean> {
  heading("6. New keys for acme, while it works");
  const before = await storedNumber(database, "acme");
  const reads: string[] = [];
  const read = async (): Promise<void> => {
    reads.push(await shownNumber(bo, before.id));
  };
  await read();
  const started = performance.now();
  const report = await resealPlaced(estate, "acme", {
    rotate: ["seal"],
    destroyRetired: true,
    settle: 2 * keyBounds.lease,
    onProgress: async (progress) => {
      if (progress.kind === "added") line(`  version ${progress.version} of the key that seals is made`);
      if (progress.kind === "rows") await read();
    },
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  await read();
  const after = await storedNumber(database, "acme");
  line(
    `  ${report.tables.map(({ table, done }) => `${done} rows of ${table}`).join(", ")} sealed anew in ${seconds} s`,
  );
  line(`  ssn before  \\x${before.cell.slice(0, 48)}…`);
  line(`  ssn now     \\x${after.cell.slice(0, 48)}…`);
  const [status] = await database.turn((session) => keysStatus(session, keys, ["acme"]));
  const versions = (status?.purposes.get("seal") ?? []).map(({ version, state }) => `${version} is ${state}`);
  line(`  versions: ${versions.join(", ")}`);
  line(`  ${bo.title} has read it ${reads.length} times meanwhile: ${[...new Set(reads)].join(", ")}`);
  return (
    report.outcome === "done" &&
    before.cell !== after.cell &&
    versions.join() === "1 is destroyed,2 is current" &&
    new Set(reads).size === 1
  );
}

/** The end of a tenant: its keys are nowhere any more, and a receipt says what that does not reach. */
export async function shredding({ database, estate, keys }: Clinic, { bo, gil }: People): Promise<boolean> {
  heading("7. The end of globex");
  const sign = createNoteSigner("clinic.example/shredding");
  const { sealedColumns, notCovered } = await planShred(estate, "globex");
  line(`  will be dead:  ${sealedColumns.join(", ")}`);
  line(`  will not be:   ${notCovered.map(({ what }) => what.replaceAll("-", " ")).join(", ")}`);
  let step = "";
  const shredding = await shredTenant(estate, "globex", {
    sign,
    onProgress: (progress) => {
      if (progress.step !== step) line(`  ${progress.number} of ${progress.steps}         ${progress.step}`);
      ({ step } = progress);
    },
  });
  if (shredding.kind !== "done") return false;
  const read = readShredReceipt(shredding.receipt, [sign]);
  line(
    `  receipt        ${shredding.sha256.slice(0, 32)}…: ${read.ok ? "signed, as it was written" : read.fault}`,
  );
  const { id, cell } = await storedNumber(database, "globex");
  const asked = await outcomeOf(shownNumber(gil, id));
  line(`  ${gil.title}: ${asked}`);
  const opened = await outcomeOf(
    database.turn(async (session) => {
      const { cells } = await operatorSealers(session, keys, "globex");
      return cells.open({ table: "patients", column: "ssn", row: id }, cell);
    }),
  );
  line(`  an operator opens the cell past every guard: ${opened}`);
  const anew = await outcomeOf(createTenantKeys({ database, keys }, "globex"));
  line(`  an operator makes new keys for globex: ${anew}`);
  line(`  ${bo.title}: ${await shownNumber(bo, (await storedNumber(database, "acme")).id)}`);
  const chain = await database.turn((session) => exportAudit(session, "globex"));
  const verdict = verifyAudit(chain);
  line(`  globex's audit chain, ${chain.entries.length} entries: ${verdict.ok ? "verified" : "broken"}`);
  return (
    read.ok &&
    verdict.ok &&
    asked === "refused, placement/suspended" &&
    opened === "refused, destroyed" &&
    anew === "refused, keys/destroyed"
  );
}

/** `done`, or the code of what it was refused with. */
function outcomeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => "done",
    (error: unknown) => `refused, ${(error as { code?: string }).code ?? String(error)}`,
  );
}

/** What a person is shown. */
async function shownNumber({ session }: Person, id: string): Promise<string> {
  const row = await session.db
    .selectFrom("patients")
    .select("ssn")
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
  return String(revealRow(row).ssn);
}

/** What stands in the table. */
async function storedNumber(database: Database, tenant: string) {
  const { rows } = await database.turn((session) =>
    session.query(
      "select id::text as id, encode(ssn, 'hex') as cell from public.patients where tenant_id = $1 order by id limit 1",
      [tenant],
    ),
  );
  return { id: String(rows[0]?.["id"]), cell: String(rows[0]?.["cell"]) };
}
