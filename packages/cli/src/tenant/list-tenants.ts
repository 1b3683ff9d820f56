/** One run of `tenant list`. */
import type { Settings } from "@wardline/core";
import { checkRequirements, PlacementError, type Spot, type Tier } from "@wardline/isolation";
import { listOperations, listPlacements, listTombstones } from "@wardline/sdk/operator";
import type { ListOptions } from "../command/tenant.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import type { Io } from "../io.ts";
import { visible } from "../report/visible.ts";
import { spotText } from "./report.ts";
import { withEstate } from "./with-estate.ts";

export function listTenants(io: Io, options: ListOptions): Promise<ExitCode> {
  return withEstate(io, options, async ({ catalogue, settingsOf }) => {
    const placements = (await catalogue.turn(listPlacements)).map((placement) => ({
      ...placement,
      misplaced: misplacedBy(settingsOf(placement.tenant), placement),
    }));
    const ended = placements.every(({ misplaced }) => misplaced === null) ? exitCode.fine : exitCode.findings;
    const tombstones = await catalogue.turn(listTombstones);
    const open = (await listOperations(catalogue)).filter(({ state }) => state === "running");
    if (options.format === "json") {
      const running = open.map(({ id, kind, tenant, done, problem }) => ({
        id,
        kind,
        tenant,
        done,
        problem,
      }));
      io.out(`${JSON.stringify({ tenants: placements, tombstones, running }, null, 2)}\n`);
      return ended;
    }
    if (placements.length + tombstones.length + open.length === 0) io.out("the catalogue places no tenant\n");
    for (const placement of placements) {
      const { tenant, tier, region, state, epoch, version, misplaced } = placement;
      io.out(
        `${visible(tenant)}: ${tier} in ${spotText(placement)} (${region}), ${state}, epoch ${epoch}, version ${version}\n`,
      );
      if (misplaced !== null) io.out(`  ${misplaced.message} (${misplaced.code}): move it\n`);
    }
    for (const { tenant, reason, since } of tombstones)
      io.out(
        `${visible(tenant)}: destroyed for good, since ${since.toISOString()} (${visible(reason)}); it is placed and restored nowhere\n`,
      );
    for (const { kind, tenant, problem } of open)
      io.out(
        `${visible(tenant)}: a ${kind} is under way${problem === null ? "" : `; it stopped: ${visible(problem)}`}\n`,
      );
    return ended;
  });
}

/** A policy that was changed since the tenant was placed may not let it live there any more; null where it does, or where there is none. */
function misplacedBy(
  settings: Settings | null,
  { tier, cell, region }: Pick<Spot, "cell"> & { readonly tier: Tier; readonly region: string },
): { readonly code: string; readonly message: string } | null {
  try {
    if (settings !== null) checkRequirements(settings, tier, { name: cell, region });
    return null;
  } catch (error) {
    if (!(error instanceof PlacementError)) throw error;
    return { code: error.code, message: error.message };
  }
}
