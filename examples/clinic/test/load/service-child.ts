/** A process of the service under load; its parent sends the options as the first message, and is sent the port and the accounts. */
import { openService, type ServiceOptions } from "../../src/service/open-service.ts";
import type { Credentials } from "../../src/service/sign-in/accounts.ts";
import { markOf } from "./canary.ts";

export type ChildOptions = Pick<ServiceOptions, "folder" | "databaseUrl" | "size">;

export interface ChildReady {
  readonly port: number;
  readonly credentials: readonly Credentials[];
}

// Whoever began the run is gone.
const gone = (): never => process.exit(1);
process.once("disconnect", gone);

process.once("message", (options: ChildOptions) => {
  void (async () => {
    let credentials: readonly Credentials[] = [];
    const service = await openService({
      ...options,
      port: 0,
      host: "127.0.0.1",
      domain: "localhost",
      markOf,
      onNewAccounts: (told) => {
        credentials = told;
      },
      onError: (error) => console.error(error),
    });
    process.send?.({ port: service.port, credentials } satisfies ChildReady);
    process.once("message", () => {
      process.off("disconnect", gone);
      void service.close().then(() => process.disconnect());
    });
  })();
});
