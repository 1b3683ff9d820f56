/** A backup of a whole server while it runs: its files with every database, role and setting, by the server's own low-level interface. */
import { execFileSync } from "node:child_process";
import { chownSync, rmSync, statSync, writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "./connect.ts";
import type { PostgresBackup, PostgresServer } from "./start-postgres.ts";

/** Whoever is done with it removes the folder. */
export async function backUpPostgres(server: PostgresServer): Promise<PostgresBackup> {
  const folder = await mkdtemp(join(tmpdir(), "wardline-backup-"));
  const session = await connect(server);
  try {
    await session.query("SELECT pg_backup_start('test', true)");
    execFileSync("cp", ["-a", `${server.data}/.`, folder]);
    const { rows } = await session.query("SELECT labelfile FROM pg_backup_stop(false)");
    // What was written meanwhile is in the log up to the end of the backup.
    execFileSync("cp", ["-a", join(server.data, "pg_wal"), folder]);
    const label = join(folder, "backup_label");
    writeFileSync(label, String(rows[0]?.["labelfile"]), { mode: 0o600 });
    const { uid, gid } = statSync(join(folder, "PG_VERSION"));
    chownSync(label, uid, gid);
    for (const name of ["postmaster.pid", "postmaster.opts"]) rmSync(join(folder, name), { force: true });
    return { folder, password: server.password };
  } finally {
    await session.close();
  }
}
