/** A process that writes wrapping keys: it dies in the midst, or holds on, or makes keys of tenants and says of which. */
import { setTimeout as sleep } from "node:timers/promises";
import { localKeys } from "../src/keys/local/local-keys.ts";
import { changeWrappingKeys } from "../src/keys/local/wrapping-key-file.ts";

export interface LocalWork {
  readonly path: string;
  readonly order: "die" | "hold" | "make";
  /** Begins the names of the tenants that it makes keys of. */
  readonly name?: string;
}

const { path, order, name = "" } = JSON.parse(process.argv[2] ?? "") as LocalWork;
const isBusy = (error: unknown): boolean => (error as { readonly code?: unknown }).code === "keys/busy";

switch (order) {
  case "die":
    changeWrappingKeys(path, () => process.kill(process.pid, "SIGKILL"));
    break;
  case "hold":
    changeWrappingKeys(path, () => {
      process.stdout.write("holds\n");
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000);
    });
    break;
  case "make":
    for (let number = 0; ; number++) {
      const tenant = `${name}_${number}`;
      for (let isMade = false; !isMade;)
        try {
          await localKeys(path).create(tenant);
          isMade = true;
        } catch (error) {
          if (!isBusy(error)) throw error;
          await sleep(1);
        }
      process.stdout.write(`${tenant}\n`);
    }
}
