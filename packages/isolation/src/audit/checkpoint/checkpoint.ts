/** What a checkpoint says, and its one form as a text: the text of a signed note. `docs/spec/checkpoint.md` defines it. */
import { hash } from "node:crypto";

export const checkpointFormat = "wardline/audit-checkpoint/1";

export interface Checkpoint {
  /** The name of the log, which is the name of its key. */
  readonly log: string;
  /** From 1, without gaps. */
  readonly number: number;
  /** When it was made, by the signer's clock: milliseconds since 1970. */
  readonly time: number;
  /** How many tenants have a chain. */
  readonly tenants: number;
  /** The root of the tree over them, hex. */
  readonly root: string;
  /** The digest of the checkpoint before it, hex; null in the first. */
  readonly previous: string | null;
}

/** The text that is signed. */
export function formatCheckpoint({ log, number, time, tenants, root, previous }: Checkpoint): string {
  return [
    checkpointFormat,
    `log ${log}`,
    `number ${number}`,
    `time ${new Date(time).toISOString()}`,
    `tenants ${tenants}`,
    `root ${root}`,
    `previous ${previous ?? "none"}`,
    "",
  ].join("\n");
}

const form = new RegExp(
  `^${checkpointFormat}\nlog (\\S+)\nnumber (\\d{1,15})\ntime (\\S{24})\ntenants (\\d{1,15})\nroot ([0-9a-f]{64})\nprevious (none|[0-9a-f]{64})\n$`,
);

/** Null for every text that {@link formatCheckpoint} would not have written. */
export function parseCheckpoint(text: string): Checkpoint | null {
  const [, log, number, time, tenants, root, previous] = form.exec(text) ?? [];
  if (log === undefined || root === undefined) return null;
  const checkpoint = {
    log,
    number: Number(number),
    time: Date.parse(String(time)),
    tenants: Number(tenants),
    root,
    previous: previous === "none" ? null : String(previous),
  };
  if (Number.isNaN(checkpoint.time) || checkpoint.number < 1) return null;
  if ((checkpoint.number === 1) !== (checkpoint.previous === null)) return null;
  return formatCheckpoint(checkpoint) === text ? checkpoint : null;
}

/** What the next checkpoint names as the one before it: over the text, so that more signatures change nothing. */
export function checkpointDigest(text: string): string {
  return hash("sha256", text, "hex");
}
