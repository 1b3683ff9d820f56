/** A stock OPA that answers many requests under many policies: its own server behind a socket, so that none is started for each. */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { findOpa } from "./find-opa.ts";
import { buildWasm } from "./run-opa.ts";

export interface Opa {
  /** The binary. */
  readonly path: string;
  /**
   * `data.wardline.decision` of each request, given as the text of its JSON; undefined where the policy leaves it so.
   * Throws where OPA refuses the policy or a text.
   */
  readonly decide: (policy: string, requests: readonly string[]) => Promise<readonly unknown[]>;
  /** The module that `opa build -t wasm` makes of the policy, with the entrypoint `wardline/decision`. */
  readonly buildWasm: (policy: string) => Promise<Uint8Array<ArrayBuffer>>;
  readonly close: () => Promise<void>;
}

/** Starts the pinned OPA, or says why it cannot be had. */
export async function startOpa(): Promise<{ readonly opa: Opa } | { readonly skipped: string }> {
  const found = findOpa();
  if ("missing" in found) return { skipped: found.missing };
  const folder = await mkdtemp(join(tmpdir(), "wardline-opa-"));
  const socketPath = join(folder, "socket");
  const args = [
    "run",
    "--server",
    "--addr",
    `unix://${socketPath}`,
    "--log-level",
    "error",
    "--disable-telemetry",
  ];
  const server = spawn(found.path, args, { stdio: "ignore" });
  const stop = () => server.kill("SIGKILL");
  process.once("exit", stop);
  const gone = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  const send = (method: string, path: string, body: string) =>
    exchange({ agent, socketPath, method, path }, body);
  await untilReady(send, () => server.exitCode);
  let loaded: string | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  const answer = async (policy: string, requests: readonly string[]) => {
    if (policy !== loaded) {
      loaded = undefined;
      await send("PUT", "/v1/policies/wardline", policy);
      loaded = policy;
    }
    return await Promise.all(
      requests.map(async (text) => {
        const body = await send("POST", "/v1/data/wardline/decision", `{"input":${text}}`);
        return (JSON.parse(body) as { readonly result?: unknown }).result;
      }),
    );
  };
  return {
    opa: {
      path: found.path,
      decide: (policy, requests) => {
        // One policy is loaded at a time.
        const mine = turn.then(() => answer(policy, requests));
        turn = mine.catch(() => undefined);
        return mine;
      },
      buildWasm: (policy) => buildWasm(found.path, policy),
      close: async () => {
        process.off("exit", stop);
        agent.destroy();
        stop();
        await gone;
        await rm(folder, { recursive: true, force: true });
      },
    },
  };
}

type Send = (method: string, path: string, body: string) => Promise<string>;

async function untilReady(send: Send, exitCode: () => number | null): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    if (exitCode() !== null) throw new Error(`OPA ended with ${exitCode()}`);
    const isReady = await send("GET", "/health", "").then(
      () => true,
      () => false,
    );
    if (isReady) return;
    if (tries === 300) throw new Error("OPA did not come up within 30 s");
    await wait(100);
  }
}

interface To {
  readonly agent: Agent;
  readonly socketPath: string;
  readonly method: string;
  readonly path: string;
}

async function exchange(to: To, body: string): Promise<string> {
  return await new Promise((resolve, reject) => {
    const sent = request(to, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        if (response.statusCode === 200) resolve(text);
        else reject(new Error(`OPA answers ${response.statusCode} to ${to.method} ${to.path}: ${text}`));
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}
