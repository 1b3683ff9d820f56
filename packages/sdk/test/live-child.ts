/**
 * An application with one Wardline for each kind of source. It is told to wait until a decision has another outcome, and says when
 * that was.
 */
import { localKeys, seenInMemory, Wardline, type ContextKey, type RepositorySource } from "../src/index.ts";
import { folderSource, httpSource } from "../src/index.ts";
import { connectNats, natsSource } from "../src/nats/index.ts";
import { postgres, postgresSource, type PostgresOptions } from "../src/postgres/index.ts";

export interface LiveChildOptions {
  readonly reach: PostgresOptions;
  readonly keysFile: string;
  readonly contextKey: { readonly id: number; readonly secret: string };
  /** Milliseconds since 1970. */
  readonly clock: number;
  readonly sources: readonly LiveSource[];
}

/** Every poll is an hour away: what is seen is seen by the watch. */
export interface LiveSource {
  readonly kind: Kind;
  readonly at: string;
  readonly root: string;
}

export type Kind = "folder" | "http" | "postgres" | "nats";

export type ToChild =
  | { readonly await: Kind; readonly outcome: string }
  | { readonly await: Kind; readonly alarm: string }
  | { readonly clock: number };

export type FromChild =
  | { readonly ready: true }
  | { readonly kind: Kind; readonly found: string; readonly at: number };

const given = JSON.parse(process.argv[2] as string) as LiveChildOptions;
let clock = given.clock;
const contextKey: ContextKey = {
  id: given.contextKey.id,
  secret: new Uint8Array(Buffer.from(given.contextKey.secret, "hex")),
};
const database = postgres({ ...given.reach, pool: { max: 2 } });
const keys = localKeys(given.keysFile);
const hour = 3_600_000;

async function sourceOf({ kind, at }: LiveSource): Promise<RepositorySource> {
  switch (kind) {
    case "folder":
      return folderSource(at, { pollEvery: hour });
    case "http":
      return httpSource(at, { wait: 30, pollEvery: hour });
    case "postgres":
      return postgresSource({ ...given.reach, pollEvery: hour });
    case "nats":
      return natsSource(await connectNats({ address: at }), { bucket: "policies", pollEvery: hour });
  }
}

const opened = new Map<Kind, { readonly wardline: Wardline; readonly alarms: string[] }>();
for (const source of given.sources) {
  const alarms: string[] = [];
  const wardline = await Wardline.open({
    bundles: await sourceOf(source),
    trust: { root: new Uint8Array(Buffer.from(source.root, "base64")), seen: seenInMemory() },
    database,
    keys,
    contextKey,
    clock: () => new Date(clock),
    onAlarm: ({ code }) => alarms.push(code),
  });
  opened.set(source.kind, { wardline, alarms });
}

const say = (message: FromChild): void => void process.send?.(message);

async function outcomeOf(wardline: Wardline): Promise<string> {
  try {
    const session = wardline.tenant("north", { lends: true }).as({ type: "Member", id: "m1" });
    return (await session.decide("read", { type: "Book", id: "00000000-0000-7000-8001-000200000001" }))
      .outcome;
  } catch (error) {
    return (error as { readonly code: string }).code;
  }
}

process.on("message", (message: ToChild) => {
  if ("clock" in message) clock = message.clock;
  else void waitFor(message);
});

async function waitFor(message: Exclude<ToChild, { readonly clock: number }>): Promise<void> {
  const it = opened.get(message.await);
  if (it === undefined) throw new Error("there is no such source");
  const found = async (): Promise<string | undefined> => {
    if ("alarm" in message) return it.alarms.find((code) => code === message.alarm);
    const outcome = await outcomeOf(it.wardline);
    return outcome === message.outcome ? outcome : undefined;
  };
  for (;;) {
    const is = await found();
    if (is !== undefined) return say({ kind: message.await, found: is, at: Date.now() });
    await new Promise((next) => setTimeout(next, 2));
  }
}

say({ ready: true });
