/** One run of `keys reseal`: each tenant in turn; what stops one does not keep it from the others. */
import type { Program } from "@wardline/core";
import {
  KeyJobError,
  KeyProviderError,
  PlacementError,
  SchemaMismatch,
  type Database,
} from "@wardline/isolation";
import {
  KeyRegistryError,
  listPlacements,
  keysDue,
  keysDuePlaced,
  planReseal,
  planResealPlaced,
  registryRows,
  resealPlaced,
  resealTenant,
  rotateDue,
  rotateDuePlaced,
  type KeysDue,
  type ResealOptions,
  type ResealPlan,
  type ResealReport,
} from "@wardline/sdk/operator";
import type { KeysResealOptions } from "../command/keys-reseal.ts";
import { withDatabase } from "../database/with-database.ts";
import { exitCode, UsageError, type ExitCode } from "../exit-code.ts";
import type { Io } from "../io.ts";
import { visible } from "../report/visible.ts";
import { withEstate } from "../tenant/with-estate.ts";
import { openKeys } from "./keys-file.ts";
import { ResealProgressText } from "./reseal-progress.ts";
import { planText, reportText } from "./reseal-text.ts";

/** How a tenant is got at, wherever it is. */
interface Reach {
  readonly tenants: readonly string[];
  readonly plan: (tenant: string, options: ResealOptions) => Promise<ResealPlan>;
  readonly reseal: (tenant: string, options: ResealOptions) => Promise<ResealReport>;
  readonly due: (tenant: string) => Promise<KeysDue>;
  /** Null where there was nothing to do. */
  readonly rotateDue: (tenant: string, options: ResealOptions) => Promise<ResealReport | null>;
}

/** No key of the tenant is due. */
interface NotDue {
  readonly tenant: string;
  readonly outcome: "not-due";
  /** When the first one will be; null where the policy does not say how old one may be. */
  readonly next: Date | null;
}

/** Why a tenant was not begun, or stopped. */
interface Refused {
  readonly tenant: string;
  readonly outcome: "refused";
  readonly code: string;
  readonly message: string;
}

/** Throws {@link UsageError}. */
export async function resealTenants(io: Io, folder: string, options: KeysResealOptions): Promise<ExitCode> {
  const { database, places } = options;
  if ((database === undefined) === (places === undefined))
    throw new UsageError("where are the tenants?", "say either --database or --places");
  if (options.due === true && options.rotate !== undefined)
    throw new UsageError("--due or --rotate?", "--due rotates what the policy says, --rotate what you say");
  if (places !== undefined) {
    const { keys } = options;
    const at = { places, project: folder, ...(keys === undefined ? {} : { keys }) };
    return withEstate(io, at, async (estate) => {
      const placed = await estate.catalogue.turn(listPlacements);
      const tenants = options.tenant === undefined ? placed.map(({ tenant }) => tenant) : [options.tenant];
      return resealEach(io, options, {
        tenants,
        plan: (tenant, how) => planResealPlaced(estate, tenant, how),
        reseal: (tenant, how) => resealPlaced(estate, tenant, how),
        due: (tenant) => keysDuePlaced(estate, tenant),
        rotateDue: (tenant, how) => rotateDuePlaced(estate, tenant, how),
      });
    });
  }
  if (options.keys === undefined)
    throw new UsageError("which provider keeps the keys?", "say --keys FILE, or env:NAME");
  const keys = openKeys(io, options.keys);
  const { schema, ca, operator } = options;
  const at = { database: database ?? "", schema, ...(ca === undefined ? {} : { ca }) };
  const ended = await withDatabase(io, folder, at, async ({ database: opened, programs }) => {
    const target = (tenant: string) => {
      const program = programs.find((one) => one.tenant === tenant);
      if (program === undefined) throw new UsageError(`the project has no policy of the tenant ${tenant}`);
      return { database: opened, program, keys, operator };
    };
    return resealEach(io, options, {
      tenants: options.tenant === undefined ? await tenantsWithKeys(opened, programs) : [options.tenant],
      plan: (tenant, how) => planReseal(target(tenant), how),
      reseal: (tenant, how) => resealTenant(target(tenant), how),
      due: (tenant) => keysDue(target(tenant)),
      rotateDue: (tenant, how) => rotateDue(target(tenant), how),
    });
  });
  return ended ?? exitCode.findings;
}

async function tenantsWithKeys(database: Database, programs: readonly Program[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { tenant } of programs)
    if ((await database.turn((session) => registryRows(session, tenant))).length > 0) found.push(tenant);
  return found;
}

async function resealEach(io: Io, options: KeysResealOptions, reach: Reach): Promise<ExitCode> {
  const { rotate, destroyRetired, wait, pageRows, pause, plan, format } = options;
  const told: (ResealPlan | ResealReport | NotDue | Refused)[] = [];
  const how: ResealOptions = {
    wait,
    destroyRetired: destroyRetired === true,
    ...(rotate === undefined ? {} : { rotate }),
    ...(pageRows === undefined ? {} : { pageRows }),
    ...(pause === undefined ? {} : { pause }),
  };
  if (reach.tenants.length === 0 && format === "plain") io.out("no tenant has keys here\n");
  for (const tenant of reach.tenants) {
    const progress = new ResealProgressText(io, tenant);
    const onProgress = progress.tell.bind(progress);
    try {
      const done = await (options.due === true ? actDue : act)(reach, tenant, plan === true, {
        ...how,
        onProgress,
      });
      progress.end();
      told.push(done);
      if (format === "plain") io.out(textOf(done));
    } catch (error) {
      progress.end();
      const refused = refusal(tenant, error);
      told.push(refused);
      io.err(`${visible(tenant)}: ${visible(refused.message)} (${refused.code})\n${cureOf(refused)}`);
    }
  }
  if (format === "json")
    io.out(`${JSON.stringify({ step: plan === true ? "plan" : "reseal", tenants: told }, null, 2)}\n`);
  const isDone = told.every(
    (one) => !("outcome" in one) || one.outcome === "done" || one.outcome === "not-due",
  );
  return isDone ? exitCode.fine : exitCode.findings;
}

type Act = (
  reach: Reach,
  tenant: string,
  plans: boolean,
  how: ResealOptions,
) => Promise<ResealPlan | ResealReport | NotDue>;

const act: Act = (reach, tenant, plans, how) => (plans ? reach.plan(tenant, how) : reach.reseal(tenant, how));

const actDue: Act = async (reach, tenant, plans, how) => {
  const { keys, isLeftOff } = await reach.due(tenant);
  const due = keys.filter(({ isDue }) => isDue);
  const first = Math.min(...keys.map(({ dueAt }) => dueAt.getTime()));
  const notDue: NotDue = { tenant, outcome: "not-due", next: keys.length === 0 ? null : new Date(first) };
  if (plans)
    return due.length > 0 || isLeftOff
      ? reach.plan(tenant, { ...how, rotate: due.map(({ purpose }) => purpose) })
      : notDue;
  return (await reach.rotateDue(tenant, how)) ?? notDue;
};

function textOf(done: ResealPlan | ResealReport | NotDue): string {
  if (!("outcome" in done)) return planText(done);
  if (done.outcome !== "not-due") return reportText(done);
  const { tenant, next } = done;
  const when =
    next === null ? "there is none whose age its policy bounds" : `the first one is at ${next.toISOString()}`;
  return `${visible(tenant)}: no key is due; ${when}\n`;
}

/** Where there is more to do than to run it again. */
function cureOf({ code }: Refused): string {
  return code === "database/mismatch"
    ? "  help: `wardline db plan` says what the tables of this place lack, and which columns are to be adopted first\n"
    : "";
}

/** What stops one tenant and says nothing of the next one. Everything else ends the run. */
function refusal(tenant: string, error: unknown): Refused {
  if (
    error instanceof KeyJobError ||
    error instanceof KeyProviderError ||
    error instanceof KeyRegistryError ||
    error instanceof PlacementError ||
    error instanceof SchemaMismatch
  )
    return { tenant, outcome: "refused", code: error.code, message: error.message };
  throw error;
}
