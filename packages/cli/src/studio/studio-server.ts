/** The studio over HTTP, on this machine alone: the application's files for any page of it, the project for who has the token. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { UsageError } from "../exit-code.ts";
import { refuse, send, type Answer } from "./answer.ts";
import { appFile, readAppFiles } from "./app-files.ts";
import { asksForWorker, refuseWatched, removingWorker } from "./foreign-worker.ts";
import { isApi, makeToken, refuseStranger, refuseUnknown } from "./gate.ts";
import { keepRoom } from "./keep-room.ts";
import { answerApi, type ServedProject } from "./studio-api.ts";

export interface StudioOptions extends ServedProject {
  /** The folder of the built application. */
  readonly appFolder: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Told of what is our mistake. It knows nothing of tokens and texts. */
  readonly onError: (error: unknown) => void;
  /** Told once where a service worker of another program stands at this address: nothing of the project is answered from then on. */
  readonly onWatched?: () => void;
}

export interface Studio {
  /** Where it listens, without the token. */
  readonly origin: string;
  /** The address to open; its fragment holds the token, which a browser keeps to itself. */
  readonly address: string;
  readonly close: () => Promise<void>;
}

// Invariant: no other interface, whatever is asked for.
const host = "127.0.0.1";

/** A page opens six at once; several of them, and a few programs, may. */
const mostConnections = 64;

/** How long a request, its head, and a connection that asks nothing may take, in milliseconds. */
const patience = {
  requestTimeout: 30_000,
  headersTimeout: 10_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 2_000,
};

/** Listens until it is closed. Throws {@link UsageError} where the application is not built or the port is taken. */
export async function startStudio(options: StudioOptions): Promise<Studio> {
  const token = makeToken();
  const files = readAppFiles(options.appFolder);
  let authority = "";
  let isWatched = false;
  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const { method = "", url = "" } = request;
    const stranger = refuseStranger(request, authority);
    if (stranger !== undefined) return stranger;
    if (asksForWorker(request)) {
      if (!isWatched) options.onWatched?.();
      isWatched = true;
      return removingWorker();
    }
    // Invariant: who may have been overheard gets nothing of the project.
    if (isApi(url) && isWatched) return refuseWatched();
    if (!isApi(url)) return await appFile(files, method, url);
    return refuseUnknown(request, token) ?? (await answerApi(request, options));
  };
  const server = createServer(patience, (request, response) => {
    answer(request)
      .catch((error: unknown): Answer => {
        // A client that went away is no fault.
        if (!request.destroyed || request.complete) options.onError(error);
        return refuse(500, { code: "studio/bug", message: "the studio made a mistake" });
      })
      .then((answered) => send(response, answered, request.method === "HEAD"))
      .catch(options.onError);
  });
  // Neither does somebody who reads nothing of an answer hold it for ever.
  server.timeout = patience.requestTimeout;
  keepRoom(server, mostConnections);
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(cannotListen(error, options.port)));
    server.listen({ host, port: options.port, exclusive: true }, resolve);
  });
  const { port } = server.address() as AddressInfo;
  // A browser leaves the port of the scheme out.
  authority = port === 80 ? host : `${host}:${port}`;
  const origin = `http://${authority}`;
  return {
    origin,
    address: `${origin}/#token=${token}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function cannotListen({ code, message }: NodeJS.ErrnoException, port: number): UsageError {
  if (code === "EADDRINUSE")
    return new UsageError(`port ${port} is taken`, "choose another one; without --port a free one is taken");
  return new UsageError(
    `port ${port} cannot be listened on: ${message}`,
    "without --port a free one is taken",
  );
}
