/** One run of `tenant export` and of `tenant restore`. */
import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { cancelRestore, exportTenant, restoreTenant, resumeRestore } from "@wardline/sdk/operator";
import type { ExportOptions, RestoreOptions } from "../command/tenant.ts";
import { exitCode, UsageError, type ExitCode } from "../exit-code.ts";
import type { Io } from "../io.ts";
import { visible } from "../report/visible.ts";
import { tellProgress, tellReceipt } from "./report.ts";
import { withEstate } from "./with-estate.ts";

export function exportOne(io: Io, tenant: string, options: ExportOptions): Promise<ExitCode> {
  const sign =
    options.sign === undefined ? {} : { sign: readKey(io, "--sign", options.sign, createPrivateKey) };
  return withEstate(io, options, async (estate) => {
    const watch = { onProgress: tellProgress(io), ...sign };
    const { manifest, sha256, receipt } = await exportTenant(
      estate,
      tenant,
      resolve(io.cwd, options.out),
      watch,
    );
    const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
    io.out(
      `${rows} rows of ${manifest.tables.length} tables, as of ${manifest.at}\n  manifest sha256:${sha256}\n`,
    );
    tellReceipt(io, receipt);
    return exitCode.fine;
  });
}

export function restoreOne(io: Io, tenant: string, options: RestoreOptions): Promise<ExitCode> {
  const { from, rehearse, resume, cancel } = options;
  const trust =
    options.trust === undefined ? {} : { trust: readKey(io, "--trust", options.trust, createPublicKey) };
  if (from === undefined && resume !== true && cancel !== true)
    throw new UsageError("from which archive?", "say --from FOLDER");
  return withEstate(io, options, async (estate) => {
    if (cancel === true) {
      await cancelRestore(estate, tenant);
      io.out("what was rehearsed was dropped\n");
      return exitCode.fine;
    }
    const how = {
      onProgress: tellProgress(io),
      ...trust,
      ...(rehearse === undefined ? {} : { rehearseOnly: rehearse }),
    };
    const { differences, receipt } =
      resume === true
        ? await resumeRestore(estate, tenant, how)
        : await restoreTenant(estate, tenant, resolve(io.cwd, from ?? ""), how);
    for (const { table, living, archived, same } of differences)
      io.out(
        `${visible(table)}: ${same ? `${living} rows, the same` : `${living} rows, ${archived} in the archive, not the same`}\n`,
      );
    if (receipt === null) io.out("nothing was changed: it was a rehearsal\n");
    else tellReceipt(io, receipt);
    return exitCode.fine;
  });
}

function readKey(io: Io, option: string, name: string, make: (pem: string) => KeyObject): KeyObject {
  try {
    return make(readFileSync(resolve(io.cwd, name), "utf8"));
  } catch {
    throw new UsageError(`${option}: ${name} is no file with such a key in PEM`);
  }
}
