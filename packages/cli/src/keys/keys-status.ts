/** One run of `keys status`. */
import type { Program } from "@wardline/core";
import { databaseTime, storedField } from "@wardline/isolation";
import {
  dueKeys,
  keysStatus,
  type DueKey,
  type OutsideStatus,
  type TenantKeysStatus,
} from "@wardline/sdk/operator";
import type { KeysStatusOptions } from "../command/keys.ts";
import { withDatabase } from "../database/with-database.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import type { Io } from "../io.ts";
import { visible } from "../report/visible.ts";
import { openKeys } from "./keys-file.ts";

export async function printKeysStatus(io: Io, folder: string, options: KeysStatusOptions): Promise<ExitCode> {
  const provider = openKeys(io, options.keys);
  const found = await withDatabase(io, folder, options, async ({ database, programs }) => {
    const settings = new Map(programs.map((program) => [program.tenant, program.settings ?? {}]));
    const [statuses, now] = await database.turn(async (session) => [
      await keysStatus(session, provider, options.tenant === undefined ? undefined : [options.tenant]),
      await databaseTime(session),
    ]);
    const tenants = statuses.map((status) => {
      const { tenant, state, purposes } = status;
      const versions = [...purposes].flatMap(([purpose, its]) => its.map((one) => ({ purpose, ...one })));
      // What is not used any more is not rotated.
      const due = state === "active" ? dueKeys(versions, settings.get(tenant) ?? {}, now) : [];
      return { ...status, due };
    });
    return { sealed: sealedColumns(programs), tenants };
  });
  if (found === null) return exitCode.findings;
  const { sealed, tenants } = found;
  if (options.format === "json") {
    const document = {
      provider: provider.name,
      sealed,
      tenants: tenants.map((status) => ({ ...status, purposes: Object.fromEntries(status.purposes) })),
    };
    io.out(`${JSON.stringify(document, null, 2)}\n`);
    return exitCode.fine;
  }
  io.out(`sealed columns: ${sealed.length === 0 ? "none" : sealed.map(visible).join(", ")}\n`);
  if (tenants.length === 0) io.out("no tenant has keys here\n");
  for (const tenant of tenants) io.out(statusText(tenant));
  return exitCode.fine;
}

/** `table.column`, of all policies. */
function sealedColumns(programs: readonly Program[]): readonly string[] {
  const columns = programs.flatMap(({ model, sealed }) =>
    sealed.flatMap(({ entity, fields }) =>
      fields.map((field) => {
        const { table, column } = storedField(model, entity, field);
        return `${table}.${column}`;
      }),
    ),
  );
  return [...new Set(columns)].toSorted();
}

function statusText({
  tenant,
  state,
  outside,
  purposes,
  jobs,
  due,
}: TenantKeysStatus & { readonly due: readonly DueKey[] }): string {
  const lines = [
    `${visible(tenant)}: ${state}; outside: data ${outsideText(outside.data)}, audit ${outsideText(outside.audit)}`,
  ];
  if (state === "active" && (outside.data.kind === "destroyed" || outside.data.kind === "pending"))
    lines.push(
      "  its keys were destroyed: this database is of a time before that, and it does not come back",
    );
  if (purposes.size === 0) lines.push("  no keys");
  for (const [purpose, versions] of purposes)
    lines.push(
      `  ${purpose}: ${versions
        .map(({ version, state: of, writesFrom }) => {
          const later = of === "current" && writesFrom.getTime() > Date.now();
          return `${version} ${of}${later ? ` (sealed under from ${writesFrom.toISOString()})` : ""}`;
        })
        .join(", ")}`,
    );
  for (const { purpose, version, dueAt } of due.filter(({ isDue }) => isDue))
    lines.push(
      `  ${purpose} ${version} is due since ${dueAt.toISOString()}: \`wardline keys reseal --due\` rotates it`,
    );
  for (const { kind, schema, table, seen, all, movedAt } of jobs)
    lines.push(
      `  ${kind} of ${visible(table === null ? schema : `${schema}.${table}`)} not at its end${table === null ? "" : `, row ${seen} of ${all}`}; it moved at ${movedAt.toISOString()}`,
    );
  return `${lines.join("\n")}\n`;
}

function outsideText(outside: OutsideStatus): string {
  switch (outside.kind) {
    case "pending":
      return `destroyed for good at ${outside.until.toISOString()}`;
    case "unknown":
      return `not known (${outside.code})`;
    case "usable":
    case "disabled":
    case "destroyed":
    case "missing":
      return outside.kind;
  }
}
