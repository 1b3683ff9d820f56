/** How a reseal begins: with new keys where they were asked for, and never with others before the last ones are everywhere. */
import { randomUUID } from "node:crypto";
import { appendOperation } from "../../audit/append-operation.ts";
import type { SqlSession } from "../../contracts.ts";
import { nextVersion, storeNextVersion } from "../add-version.ts";
import type { JobPlace } from "../jobs/job-place.ts";
import { beginJob } from "../jobs/job-record.ts";
import type { KeyContext, KeyPurpose } from "../key-provider.ts";
import { newVersion, type NewVersion } from "../registry-rows.ts";
import type { ResealOptions, ResealWorld } from "./reseal-options.ts";
import { cellPurposes, operationJob, resealState, type Operation, type ResealState } from "./reseal-state.ts";

export interface Begun {
  readonly state: ResealState;
  readonly operation: Operation;
  readonly added: Readonly<Partial<Record<KeyPurpose, number>>>;
}

/** Asked for while no transaction is open: a provider that does not answer holds nobody up. */
export async function newVersions(
  place: JobPlace,
  { stored, keys, tenant }: ResealWorld,
  { rotate = [] }: ResealOptions,
): Promise<readonly NewVersion[]> {
  const contexts = await place.transaction(async (session) => {
    const { begun } = await resealState(session, place, stored);
    if (begun !== null) return [];
    const wanted: KeyContext[] = [];
    for (const purpose of new Set(rotate))
      wanted.push({ tenant, purpose, version: await nextVersion(session, tenant, purpose) });
    return wanted;
  });
  const made: NewVersion[] = [];
  for (const context of contexts) made.push(await newVersion(keys, context));
  return made;
}

/** Stores the new keys, says so on the record, and takes the operation over or goes on with it. */
export async function beginReseal(
  session: SqlSession,
  place: JobPlace,
  { stored, tenant, operator }: ResealWorld,
  made: readonly NewVersion[],
  { settle }: ResealOptions,
): Promise<Begun> {
  const before = await resealState(session, place, stored);
  const added: Partial<Record<KeyPurpose, number>> = {};
  if (before.begun === null)
    for (const version of made) {
      await storeNextVersion(session, version, settle);
      added[version.context.purpose] = version.context.version;
    }
  const operation = before.begun ?? {
    id: randomUUID(),
    added: Object.keys(added) as KeyPurpose[],
    ...(cellPurposes.some((purpose) => added[purpose] !== undefined) ? { at: Date.now() } : {}),
    done: {},
  };
  await beginJob(session, place, operationJob, JSON.stringify(operation));
  if (Object.keys(added).length > 0)
    await appendOperation(session, tenant, {
      operator,
      action: "keys.rotate",
      entity: "tenant",
      reason: `added ${Object.entries(added)
        .map(([purpose, version]) => `${purpose} ${version}`)
        .join(", ")}`,
    });
  return { state: await resealState(session, place, stored), operation, added };
}
