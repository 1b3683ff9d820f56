/** Keeps room for the page: connections that others hold open, idle or slow, never keep a new one out. */
import type { Server } from "node:http";
import type { Socket } from "node:net";

/**
 * Of more than `most` connections one is closed for each that comes: the oldest on which nothing is asked, or, where all are at work, the
 * oldest. A browser opens a closed one again when it needs it.
 */
export function keepRoom(server: Server, most: number): void {
  /** In the order in which they came → how many requests are at work on it. */
  const open = new Map<Socket, number>();
  server.on("connection", (socket) => {
    if (open.size >= most) oldest(open)?.destroy();
    open.set(socket, 0);
    socket.once("close", () => open.delete(socket));
  });
  server.on("request", ({ socket }, response) => {
    const count = (by: number) => {
      const before = open.get(socket);
      if (before !== undefined) open.set(socket, before + by);
    };
    count(1);
    response.once("close", () => count(-1));
  });
}

function oldest(open: ReadonlyMap<Socket, number>): Socket | undefined {
  const alive = [...open].filter(([socket]) => !socket.destroyed);
  return (alive.find(([, requests]) => requests === 0) ?? alive[0])?.[0];
}
