/** `npm start -- serve`: the clinic as a service, until it is told to stop. */
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { line, table } from "../print.ts";
import { openService } from "./open-service.ts";

export async function serve(): Promise<void> {
  const { CLINIC_FOLDER, CLINIC_SIZE = "500", DATABASE_URL, PORT = "8080", HOST = "127.0.0.1" } = process.env;
  const folder = resolve(
    CLINIC_FOLDER ?? new URL("../../../../.wardline/clinic-service", import.meta.url).pathname,
  );
  const domain = "localhost";
  const service = await openService({
    folder,
    ...(DATABASE_URL === undefined ? {} : { databaseUrl: DATABASE_URL }),
    port: numberOf("PORT", PORT),
    host: HOST,
    domain,
    size: numberOf("CLINIC_SIZE", CLINIC_SIZE),
    onNewAccounts: (credentials) => {
      const file = join(folder, "credentials.json");
      writeFileSync(file, `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600 });
      line("Accounts (kept in credentials.json beside the data; second factors are TOTP secrets):");
      table(
        credentials.map(({ tenant, id, password, secret }) => ({ tenant, account: id, password, secret })),
      );
    },
    onError: (error) => console.error(error),
  });
  for (const tenant of service.wardline.tenants) line(`http://${tenant}.${domain}:${service.port}/`);
  line("Stop with Ctrl-C.");
  const stop = (): void => {
    line("Stopping.");
    // A second signal ends it at once.
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.removeAllListeners(signal);
    service.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, stop);
}

function numberOf(name: string, text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0)
    throw new RangeError(`${name} is a whole number, not ${text}`);
  return number;
}
