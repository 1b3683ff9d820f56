/**
 * The repository in a key-value bucket of NATS JetStream. Asks for one key at a time, made of checked parts, from the stream's
 * leader; a watch of the timestamp's key tells of changes.
 */
import type { RepositorySource } from "@wardline/backends";
import { Kvm, KvWatchInclude, type KV } from "@nats-io/kv";
import type { NatsConnection } from "@nats-io/transport-node";
import { paths } from "@wardline/backends";
import { SourceError } from "../sources/source-error.ts";
import { timestampLook } from "../sources/timestamp-look.ts";
import { watching } from "../sources/watching.ts";
import { keyOf, readEntries } from "./kv-file.ts";
import { checkBucket } from "./nats-name.ts";

export interface NatsSourceOptions {
  /** The bucket of the repository, and of nothing else. */
  readonly bucket: string;
  /** Milliseconds from one look at the timestamp to the next, less up to a half, beside what the server tells. 10 s without it. */
  readonly pollEvery?: number;
}

/** By a connection that is the application's own, to close as well. Throws {@link SourceError}. */
export function natsSource(
  connection: NatsConnection,
  { bucket, pollEvery = 10_000 }: NatsSourceOptions,
): RepositorySource {
  checkBucket(bucket);
  // A replica may still have what the leader has not any more.
  const open = (): Promise<KV> => new Kvm(connection).open(bucket, { allow_direct: false });
  let opened: Promise<KV> | null = null;
  const kv = (): Promise<KV> =>
    (opened ??= open().catch((error: unknown) => {
      opened = null;
      throw error;
    }));

  const read: RepositorySource["read"] = async (path, maxSize) => {
    try {
      const store = await kv();
      return await readEntries(path, maxSize, async (key) => {
        const entry = await store.get(key);
        return entry?.operation === "PUT" ? entry.value : null;
      });
    } catch (error) {
      throw unavailable(bucket, error);
    }
  };

  const subscribe = async (told: () => void, lost: (error?: Error) => void): Promise<() => Promise<void>> => {
    const changes = await kv()
      .then((store) => store.watch({ key: keyOf(paths.timestamp), include: KvWatchInclude.UpdatesOnly }))
      .catch((error: unknown) => {
        throw unavailable(bucket, error);
      });
    const hear = async (): Promise<void> => {
      for await (const _ of changes) told();
    };
    void hear().then(
      () => lost(unavailable(bucket, null)),
      (error: unknown) => lost(unavailable(bucket, error)),
    );
    return async () => changes.stop();
  };

  return {
    read,
    watch: (onChange, onTrouble) =>
      watching({ look: () => timestampLook({ read }), subscribe, pollEvery }, onChange, onTrouble),
  };
}

export function unavailable(bucket: string, cause: unknown): SourceError {
  if (cause instanceof SourceError) return cause;
  return new SourceError("source/unavailable", `the bucket ${bucket} did not answer`, undefined, { cause });
}
