/** Opens all parts of the service, and ends them in the order in which nothing is lost. */
import { createServer, type Server } from "node:http";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { getRequestListener } from "@hono/node-server";
import { localKeys, Wardline } from "@wardline/sdk";
import { readBundles } from "@wardline/sdk/operator";
import { clinicApp } from "./app.ts";
import { openDatabases } from "./databases.ts";
import { PolicyDesk } from "./desk/policy-desk.ts";
import { Accounts, type Credentials } from "./sign-in/accounts.ts";
import { SignIns } from "./sign-in/sign-ins.ts";

export interface ServiceOptions {
  /** Where the service keeps everything: made if it is not there. */
  readonly folder: string;
  /** `postgres://…` of an operator; left out, an embedded database in the folder. */
  readonly databaseUrl?: string;
  /** 0 for any that is free. */
  readonly port: number;
  readonly host: string;
  /** Tenants are `NAME.domain`. */
  readonly domain: string;
  /** Generated patients of each tenant. */
  readonly size: number;
  readonly markOf?: (tenant: string) => string;
  readonly clock?: () => Date;
  /** Told once, when the accounts are made. */
  readonly onNewAccounts: (credentials: readonly Credentials[]) => void;
  readonly onError: (error: unknown) => void;
}

export interface Service {
  readonly port: number;
  readonly wardline: Wardline;
  /** Takes no new requests, finishes those that are under way, and puts on record what is still to be. */
  readonly close: () => Promise<void>;
}

/** Milliseconds. */
const refreshEvery = 15 * 60_000;
const graceful = 10_000;

export async function openService(options: ServiceOptions): Promise<Service> {
  const { folder, databaseUrl, clock = () => new Date(), onError } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const desk = await PolicyDesk.open({ folder, project: fileURLToPath(new URL("../..", import.meta.url)) });
  const trust = { root: desk.root };
  const keys = localKeys(join(folder, "keys.json"));
  const bundles = await readBundles(desk.repository, { trust });
  const databases = await openDatabases({
    folder,
    ...(databaseUrl === undefined ? {} : { url: databaseUrl }),
    bundles,
    keys,
    size: options.size,
    ...(options.markOf === undefined ? {} : { markOf: options.markOf }),
  });
  const wardline = await Wardline.open({
    bundles: desk.repository,
    trust,
    database: databases.tenants,
    keys,
    clock,
    ...(databases.contextKey === undefined ? {} : { contextKey: databases.contextKey }),
    onOperatorError: onError,
  });
  const accounts = await Accounts.open(join(folder, "accounts.json"), clock, options.onNewAccounts);
  const signIns = new SignIns(databases.signIn, clock);
  const refresher = setInterval(() => void desk.refresh().catch(onError), refreshEvery);
  let isOpen = true;
  const app = clinicApp({
    wardline,
    accounts,
    signIns,
    desk,
    departments: { idOf: (tenant, name) => databases.departments.get(tenant)?.get(name) },
    domain: options.domain,
    clock,
    isReady: async () =>
      isOpen &&
      (await wardline.health()).ready &&
      (await databases.signIn
        .turn((session) => session.query("SELECT 1", []))
        .then(
          () => true,
          () => false,
        )),
    onError,
  });
  const listener = getRequestListener(app.fetch);
  const server = createServer((request, response) => {
    if (!isOpen) response.setHeader("connection", "close");
    void listener(request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(options.port, options.host, resolve);
  });
  return {
    port: portOf(server),
    wardline,
    async close() {
      isOpen = false;
      clearInterval(refresher);
      await stop(server);
      await wardline.close();
      await databases.close();
      await desk.close();
    },
  };
}

/** Idle connections go at once, the others when their answer is sent, or after ten seconds. */
async function stop(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), graceful);
  await closed;
  clearTimeout(timer);
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new TypeError("the server has no port");
  return address.port;
}
