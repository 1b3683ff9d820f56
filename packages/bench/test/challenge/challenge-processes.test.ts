/** Continuations over processes: they outlive the one that gave them, are good in one of them, and a kill leaves all or nothing. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ChallengeRequired, type Wardline } from "@wardline/sdk";
import type { ChallengeChildOptions } from "./challenge-child.ts";
import { codeOf, openHarbour, sessionOf, type Harbour } from "./harbor.ts";

const ada = { id: "ada", roles: ["clerk"] };
const fresh = { mfa: true, mfa_age: 1_000_000 };
const running = new Set<ChildProcess>();

let harbour: Harbour;
beforeAll(async () => {
  harbour = await openHarbour("server");
});
afterAll(async () => {
  for (const child of running) child.kill("SIGKILL");
  await harbour.close();
});

interface Child {
  readonly process: ChildProcess;
  /** The next line that it says; undefined once it is gone. */
  said(): Promise<string | undefined>;
}

async function start(continuation: string): Promise<Child> {
  const { reach, bundles, keysFile, contextKey } = harbour;
  if (reach === null) throw new Error("no server");
  const given: ChallengeChildOptions = {
    reach,
    bundles,
    keysFile,
    contextKey: { id: contextKey.id, secret: Buffer.from(contextKey.secret).toString("hex") },
    principal: { type: "Clerk", ...ada },
    context: fresh,
    continuation,
  };
  const file = join(import.meta.dirname, "challenge-child.ts");
  const child = spawn(process.execPath, ["--conditions=@wardline/source", file, JSON.stringify(given)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  running.add(child);
  child.once("exit", () => running.delete(child));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const said = async (): Promise<string | undefined> => {
    const next = await lines.next();
    return next.done === true ? undefined : next.value;
  };
  expect(await said()).toBe("ready");
  return { process: child, said };
}

const go = ({ process: child }: Child): void => void child.stdin?.write("go\n");

async function challenged(
  wardline: Wardline,
): Promise<{ readonly id: string; readonly continuation: string }> {
  const id = await harbour.crate("10.00");
  const error: unknown = await sessionOf(wardline, ada)
    .db.deleteFrom("crates")
    .where("id", "=", id)
    .execute()
    .catch((caught: unknown) => caught);
  if (!(error instanceof ChallengeRequired) || error.continuation === null) throw new Error("not challenged");
  return { id, continuation: error.continuation };
}

/** What was given by a process that is gone. */
async function fromBefore(): Promise<{ readonly id: string; readonly continuation: string }> {
  const wardline = await harbour.open();
  const given = await challenged(wardline);
  await wardline.close();
  return given;
}

const isThere = async (id: string): Promise<boolean> =>
  (await harbour.raw("select 1 from public.crates where id = $1", id)).length === 1;

async function resume(continuation: string): Promise<string> {
  const wardline = await harbour.open();
  const code = await codeOf(sessionOf(wardline, ada, fresh).resume(continuation));
  await wardline.close();
  return code;
}

test("V107: it outlives its process, one of two others carries it out, and no third", async () => {
  const { id, continuation } = await fromBefore();
  const children = await Promise.all([start(continuation), start(continuation)]);
  for (const child of children) go(child);
  const ends = await Promise.all(children.map(async (child) => String(await child.said())));
  expect(ends.toSorted()).toEqual(["challenge/spent", "done"]);
  expect(await isThere(id)).toBe(false);
  expect(await resume(continuation)).toBe("challenge/spent");
  const entries = (await harbour.record("north")).filter(({ rows }) => (rows as string[]).includes(id));
  expect(entries.map(({ kind, reason }) => `${String(kind)} ${String(reason)}`).toSorted()).toEqual([
    "challenge step_up",
    "refusal challenge/spent",
    "refusal challenge/spent",
    "write resumed",
  ]);
});

test("V107: a process that is killed between spending and committing has done neither, and the same goes on", async () => {
  const { id, continuation } = await fromBefore();
  const child = await start(continuation);
  // The record's head is the last that a write takes: it is spent, and the row is gone, but for the commit.
  await harbour.operator.turn(async (session) => {
    await session.query("begin", []);
    await session.query("select 1 from wardline.audit_head where tenant_id = 'north' for update", []);
    go(child);
    await session.query(
      `do $wait$ begin
        loop
          exit when exists (select from pg_stat_activity where usename = 'wardline_app' and wait_event_type = 'Lock');
          perform pg_sleep(0.005);
          perform pg_stat_clear_snapshot();
        end loop;
      end $wait$`,
      [],
    );
    const gone = once(child.process, "exit");
    child.process.kill("SIGKILL");
    await gone;
    await session.query("rollback", []);
  });
  expect(await child.said()).toBeUndefined();
  // Whoever spends the same waits until the server has undone what the killed one began.
  expect(await resume(continuation)).toBe("no error");
  expect(await isThere(id)).toBe(false);
  expect(await resume(continuation)).toBe("challenge/spent");
});
