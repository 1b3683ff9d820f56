/**
 * Publishes into a bucket of NATS JetStream. Each write names the number of the last message that it knows of in the whole stream, so that
 * whatever anybody else writes meanwhile ends the publication, before the timestamp at the latest.
 */
import { Kvm } from "@nats-io/kv";
import { jetstream, JetStreamApiError, jetstreamManager, type JetStreamClient } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { maxTimestampSize, paths } from "@wardline/backends";
import type { RepositoryFiles, RepositoryTarget } from "../sources/repository-target.ts";
import { SourceError } from "../sources/source-error.ts";
import { entriesOf } from "./kv-file.ts";
import { natsSource, unavailable, type NatsSourceOptions } from "./nats-source.ts";

export interface NatsTargetOptions extends Pick<NatsSourceOptions, "bucket"> {
  /** Servers that keep the bucket, where this makes it. 1 without it. */
  readonly replicas?: number;
}

/** `close` closes the connection. The bucket is made where it is not there. Throws {@link SourceError}. */
export function natsTarget(
  connection: NatsConnection,
  { bucket, replicas = 1 }: NatsTargetOptions,
): RepositoryTarget {
  const name = `the bucket ${bucket}`;
  const source = natsSource(connection, { bucket });
  const lastOf = async (): Promise<number> => {
    const manager = await jetstreamManager(connection);
    return (await manager.streams.info(`KV_${bucket}`)).state.last_seq;
  };
  return {
    name,
    source,
    async publication(expected, publish) {
      let last: number;
      try {
        if (expected === "new or present")
          await new Kvm(connection).create(bucket, { history: 1, replicas, allow_direct: false });
        // Before anything is read, so that what is read is not older than this.
        last = await lastOf();
      } catch (error) {
        throw unavailable(bucket, error);
      }
      if (expected === "present" && (await source.read(paths.timestamp, maxTimestampSize)) === "missing")
        throw new SourceError(
          "source/missing",
          `there is no repository in ${name}`,
          "`wardline publish` makes one",
        );
      return await publish((files) => write(jetstream(connection), bucket, files, last));
    },
    close: () => connection.close(),
  };
}

/** Invariant: every entry is the next message of the stream, or nothing is written any more. */
async function write(
  client: JetStreamClient,
  bucket: string,
  files: RepositoryFiles,
  known: number,
): Promise<void> {
  let last = known;
  for (const [path, bytes] of files)
    for (const [key, entry] of entriesOf(path, bytes)) {
      const sent = client.publish(`$KV.${bucket}.${key}`, entry, {
        expect: { streamName: `KV_${bucket}`, lastSequence: last },
      });
      ({ seq: last } = await sent.catch((error: unknown) => {
        if (error instanceof JetStreamApiError && error.code === wrongLastSequence)
          throw new SourceError(
            "source/conflict",
            `something else was published into the bucket ${bucket} meanwhile`,
            "nothing was published; try again",
          );
        throw unavailable(bucket, error);
      }));
    }
}

/** Of the server's table of errors. */
const wrongLastSequence = 10_071;
