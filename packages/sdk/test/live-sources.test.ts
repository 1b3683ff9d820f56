/** Two processes: one publishes, the other decides. What is published is in force there at once, by the watch of each kind of source. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { paths } from "@wardline/backends";
import { natsMissing, startNats, type NatsServer } from "@wardline/database-testing";
import type { Program } from "@wardline/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { databaseTarget, folderTarget, type RepositoryTarget } from "../src/operator/index.ts";
import type { FromChild, Kind, LiveChildOptions, ToChild } from "./live-child.ts";
import { serveRepository, type RepositoryServer } from "./repository-server.ts";
import { connectNats, natsTarget } from "../src/nats/index.ts";
import { openServerLibrary, serverProgram, type ServerLibrary } from "./server-library.ts";
import { day, present, second, Town } from "./signed-town.ts";

const missing = natsMissing();
const kinds: readonly Kind[] = [
  "folder",
  "http",
  "postgres",
  ...(missing === null ? (["nats"] as const) : []),
];

/** The program of north, and one that grants nothing. */
const program = (grants: boolean): Program => {
  const all = serverProgram("north");
  const tables = all.tables.map((table) => ({
    ...table,
    passes: table.passes.map((pass) => ({ ...pass, grants: grants ? pass.grants : [] })),
  }));
  return { ...all, tables };
};

interface Published {
  readonly town: Town;
  readonly at: string;
  /** Puts what the town made into the source. */
  readonly write: (files: ReadonlyMap<string, Uint8Array>) => Promise<void>;
  revision: number;
}

const work = mkdtempSync(join(tmpdir(), "wardline-live-"));
let library: ServerLibrary;
let child: ChildProcess;
let web: RepositoryServer;
let nats: NatsServer | undefined;
const closing: (() => Promise<void>)[] = [];
const published = new Map<Kind, Published>();
const webFiles = new Map<string, Uint8Array>();

async function placeOf(kind: Kind): Promise<Pick<Published, "at" | "write">> {
  const into =
    ({ publication }: RepositoryTarget) =>
    (files: ReadonlyMap<string, Uint8Array>) =>
      publication("new or present", (write) => write(files));
  switch (kind) {
    case "folder": {
      const folder = join(work, "folder", "repository");
      return { at: folder, write: into(folderTarget(folder)) };
    }
    case "http":
      web = await serveRepository(webFiles, { holds: true });
      return {
        at: web.url,
        write: async (files) => {
          for (const [path, bytes] of files) webFiles.set(path, bytes);
          web.changed();
        },
      };
    case "postgres":
      return { at: "", write: into(databaseTarget(library.operator)) };
    case "nats": {
      nats = await startNats();
      const address = `nats://127.0.0.1:${nats.port}`;
      const connection = await connectNats({ address });
      closing.push(() => connection.close());
      return { at: address, write: into(natsTarget(connection, { bucket: "policies" })) };
    }
  }
}

/** What a publication of the town adds to what was there. */
async function publish(kind: Kind, grants: boolean): Promise<void> {
  const place = published.get(kind);
  if (place === undefined) return expect.fail();
  const before = new Map(place.town.files);
  place.revision += 1;
  await place.town.publish([{ tenant: "north", revision: place.revision, program: program(grants) }]);
  await place.write(new Map([...place.town.files].filter(([path, bytes]) => before.get(path) !== bytes)));
}

function say(message: ToChild): void {
  child.send(message);
}

async function heard(kind: Kind): Promise<Extract<FromChild, { readonly kind: Kind }>> {
  for (;;) {
    const [message] = (await once(child, "message")) as [FromChild];
    if ("kind" in message && message.kind === kind) return message;
  }
}

async function until(message: Extract<ToChild, { readonly await: Kind }>) {
  const answer = heard(message.await);
  say(message);
  return answer;
}

beforeAll(async () => {
  library = await openServerLibrary();
  for (const kind of kinds) {
    const town = await Town.make(join(work, kind));
    published.set(kind, { town, revision: 0, ...(await placeOf(kind)) });
    await publish(kind, true);
  }
  const { contextKey, keysFile, reach } = library;
  const options: LiveChildOptions = {
    reach,
    keysFile,
    contextKey: { id: contextKey.id, secret: Buffer.from(contextKey.secret).toString("hex") },
    clock: present.getTime(),
    sources: [...published].map(([kind, { at, town }]) => ({
      kind,
      at,
      root: Buffer.from(town.root).toString("base64"),
    })),
  };
  child = spawn(
    process.execPath,
    ["--conditions=@wardline/source", join(import.meta.dirname, "live-child.ts"), JSON.stringify(options)],
    { stdio: ["ignore", "inherit", "inherit", "ipc"] },
  );
  await once(child, "message");
});

afterAll(async () => {
  child.kill("SIGKILL");
  await web.close();
  for (const close of closing) await close();
  await nats?.stop();
  await library.close();
  rmSync(work, { recursive: true, force: true });
});

test.skipIf(missing === null)(`NATS is not tested: ${missing}`, () => undefined);

describe.each(kinds)("a repository in a source of kind %s", (kind) => {
  test("decides in the other process as it was published, as soon as it was", async () => {
    await until({ await: kind, outcome: "permit" });
    const millis: number[] = [];
    for (const grants of [false, true, false, true]) {
      const waiting = until({ await: kind, outcome: grants ? "permit" : "deny" });
      await publish(kind, grants);
      const written = Date.now();
      millis.push((await waiting).at - written);
    }
    console.info(`${kind}: in force after ${millis.join(", ")} ms`);
    // The poll is an hour away.
    expect(Math.max(...millis)).toBeLessThan(60_000);
  });

  test("that goes bad, or back, leaves what is in force until its own end, after which everything is denied", async () => {
    const place = published.get(kind);
    if (place === undefined) return expect.fail();
    const old = new Map(place.town.files);
    await publish(kind, false);
    await until({ await: kind, outcome: "deny" });
    const good = new Map(place.town.files);
    // An older state, whole and signed, in which the tenant may do all.
    await place.write(new Map([[paths.timestamp, old.get(paths.timestamp) as Uint8Array]]));
    await until({ await: kind, alarm: "trust/lower-version" });
    await until({ await: kind, outcome: "deny" });
    await place.write(new Map([[paths.timestamp, new TextEncoder().encode("{}\n")]]));
    await until({ await: kind, alarm: "trust/bad-document" });
    await until({ await: kind, outcome: "deny" });
    say({ clock: (second + 10 * day) * 1000 });
    await until({ await: kind, outcome: "bundle/expired" });
    say({ clock: present.getTime() });
    await place.write(new Map([[paths.timestamp, good.get(paths.timestamp) as Uint8Array]]));
    await publish(kind, true);
    await until({ await: kind, outcome: "permit" });
  });
});
