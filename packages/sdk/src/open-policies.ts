/** Opens the policies of a Wardline: with the record of what was seen, a look at the tables, and whoever is told of reloads and alarms. */
import type { Program } from "@wardline/core";
import { databaseVersions } from "@wardline/isolation";
import { checkDatabase } from "./check-database.ts";
import { operatorLogOf } from "./log/operator-log.ts";
import type { OpenOptions } from "./open-options.ts";
import { Policies } from "./policies.ts";
import type { PolicyAlarm } from "./policy-alarms.ts";
import type { Reloaded } from "./reload-line.ts";
import { observe } from "./telemetry/observe.ts";
import { outcomeOf } from "./telemetry/outcome-of.ts";

/** Rejects with `BundleRejected` or `SchemaMismatch`. */
export async function openPolicies(options: OpenOptions): Promise<Policies> {
  const { bundles, trust, database, clock = () => new Date(), telemetry } = options;
  const log = operatorLogOf(options);
  const { onAlarm: tell = log === null ? warn : () => undefined } = options;
  const onAlarm = (alarm: PolicyAlarm): void => {
    log?.alarm(alarm);
    tell(alarm);
  };
  const onReload = async (run: () => Promise<Reloaded>): Promise<Reloaded> => {
    const result = await observe(telemetry, { kind: "reload" }, null, run, (reloaded) =>
      "refused" in reloaded ? outcomeOf(reloaded.refused) : { outcome: "ok" },
    );
    log?.reloaded(result);
    return result;
  };
  const seen =
    (typeof trust === "object" ? trust?.seen : undefined) ??
    databaseVersions(database.kind === "placed" ? database.options.catalogue : database);
  const kept = options.policies === undefined ? {} : { policies: options.policies };
  const checkTables = async (programs: readonly Program[]): Promise<void> => {
    // Places are checked when a tenant first goes there.
    if (database.kind !== "placed") await checkDatabase(database, programs);
  };
  return await Policies.open({
    bundles,
    trust,
    seen,
    clock,
    onAlarm,
    onReload,
    checkTables,
    ...kept,
  });
}

function warn({ code, message, inForceUntil }: PolicyAlarm): void {
  const still =
    inForceUntil === null ? "" : `; what was loaded last is in force until ${inForceUntil.toISOString()}`;
  process.emitWarning(`${message}${still}`, { type: "WardlineAlarm", code });
}
