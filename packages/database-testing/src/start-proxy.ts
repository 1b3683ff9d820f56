/** A network between a client and a server that can be cut, or go silent, at a word. */
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

export interface Proxy {
  readonly host: "127.0.0.1";
  readonly port: number;
  /** Cuts every connection that there is. */
  readonly cut: () => void;
  /** Passes nothing on any more, in either direction, without closing anything. */
  readonly stall: () => void;
  /** Passes on what came meanwhile, and what comes. */
  readonly flow: () => void;
  /** Cuts each connection once the client has sent text that contains this, which still reaches the server. */
  readonly cutAfter: (text: string | null) => void;
  /** Passes each piece on after so many milliseconds, in either direction and in order; 0: at once. */
  readonly delay: (milliseconds: number) => void;
  readonly connections: () => number;
  /** How often a client has spoken after its server had: round trips, the start of a connection with them. */
  readonly trips: () => number;
  readonly stop: () => Promise<void>;
}

export async function startProxy(target: { readonly host: string; readonly port: number }): Promise<Proxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let stalled = false;
  let last: string | null = null;
  let trips = 0;
  let wait = 0;
  const later = (pass: () => void): void => {
    if (wait === 0) pass();
    else passAfter(wait, pass);
  };
  const server = createServer((client) => {
    const upstream = connect(target.port, target.host);
    const pair = [client, upstream] as const;
    let spoke: "client" | "server" = "server";
    pairs.add(pair);
    const end = (): void => {
      pairs.delete(pair);
      client.destroy();
      upstream.destroy();
    };
    for (const socket of pair) {
      socket.setNoDelay(true);
      socket.on("error", end);
      socket.on("close", end);
      if (stalled) socket.pause();
    }
    client.on("data", (bytes: Buffer) => {
      if (spoke === "server") trips++;
      spoke = "client";
      if (last !== null && bytes.includes(last)) {
        upstream.write(bytes, () => {
          // The server is to have it, and the client is not to hear of it.
          client.destroy();
          setTimeout(end, 50);
        });
        upstream.pause();
      } else later(() => upstream.write(bytes));
    });
    upstream.on("data", (bytes: Buffer) => {
      spoke = "server";
      later(() => {
        if (!client.destroyed) client.write(bytes);
      });
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port is free");
  const all = (): readonly Socket[] => [...pairs].flat();
  return {
    host: "127.0.0.1",
    port: address.port,
    cut: () => {
      for (const socket of all()) socket.destroy();
    },
    stall: () => {
      stalled = true;
      for (const socket of all()) socket.pause();
    },
    flow: () => {
      stalled = false;
      for (const socket of all()) socket.resume();
    },
    cutAfter: (text) => {
      last = text;
    },
    delay: (milliseconds) => {
      wait = milliseconds;
    },
    connections: () => pairs.size,
    trips: () => trips,
    async stop() {
      for (const socket of all()) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** Timers know whole milliseconds only, so shorter waits look at the clock at each turn of the loop. */
function passAfter(milliseconds: number, pass: () => void): void {
  const at = performance.now() + milliseconds;
  const look = (): void => {
    if (performance.now() >= at) pass();
    else setImmediate(look);
  };
  look();
}
