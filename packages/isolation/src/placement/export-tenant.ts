/** Writes an archive of all that a tenant has, while it goes on working. */
import type { KeyObject } from "node:crypto";
import { resolve } from "node:path";
import { writeArchive, type Written } from "./archive/write-archive.ts";
import { placementOfTenant } from "./catalogue.ts";
import { databaseAt, modelDigest, plansOf, type Estate } from "./estate.ts";
import { asOperator, snapshot } from "./operator-session.ts";
import { abandonOperation, beginOperation } from "./operation-log.ts";
import { finishOperation, type Receipt } from "./receipt.ts";
import { problemOf, runSteps, type Watch } from "./run-steps.ts";

export interface ExportOptions extends Watch {
  /** A private Ed25519 key that signs the manifest. */
  readonly sign?: KeyObject;
}

export interface Exported extends Written {
  readonly receipt: Receipt;
}

/** Writes the folder whole, or not at all. Throws ArchiveRejected or PlacementError. */
export async function exportTenant(
  estate: Estate,
  tenant: string,
  folder: string,
  options: ExportOptions = {},
): Promise<Exported> {
  const { catalogue, operator, stored } = estate;
  const placement = await placementOfTenant(catalogue, tenant);
  const path = resolve(folder);
  const plan = {
    folder: path,
    from: { cell: placement.cell, database: placement.database, schema: placement.schema },
  };
  const { operation, lease } = await beginOperation(catalogue, { kind: "export", tenant, operator, plan });
  const { epoch, version, schema } = placement;
  const contents = { tenant, model: modelDigest(stored), epoch, version, schema, plans: plansOf(estate) };
  const wrote: { it?: Written } = {};
  try {
    await runSteps(
      catalogue,
      operation,
      lease,
      [
        {
          name: "write the archive",
          run: async (tell) => {
            wrote.it = await asOperator(
              databaseAt(estate, placement),
              (session) =>
                writeArchive(session, path, contents, options.sign ?? null, (table, rows) =>
                  tell(table, rows, null),
                ),
              snapshot,
            );
          },
        },
      ],
      options,
    );
  } catch (error) {
    // Nothing of it stands, so there is nothing to resume.
    await abandonOperation(catalogue, tenant, "export", problemOf(error));
    throw error;
  }
  const written = wrote.it as Written;
  const receipt = await finishOperation(estate, operation, lease, placement, {
    manifest: written.sha256,
    at_moment: written.manifest.at,
  });
  return { ...written, receipt };
}
