/** One run of `keys registry`: the wrapped keys of tenants as they stand in a database, a line for each. They open nothing without their provider. */
import { operatorRegistry } from "@wardline/isolation";
import { withAuditor } from "../audit/auditor.ts";
import type { KeysRegistryOptions } from "../command/keys.ts";
import { exitCode, UsageError, type ExitCode } from "../exit-code.ts";
import type { Io } from "../io.ts";

export async function printKeysRegistry(io: Io, options: KeysRegistryOptions): Promise<ExitCode> {
  if (options.tenant.length === 0) throw new UsageError("--tenant names whose keys");
  const lines = await withAuditor(io, options, async (session) => {
    const found: string[] = [];
    for (const tenant of options.tenant) found.push(await operatorRegistry(session, tenant));
    return found;
  });
  for (const line of lines) io.out(`${line}\n`);
  return exitCode.fine;
}
