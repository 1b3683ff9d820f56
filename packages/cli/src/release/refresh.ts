/** Signs a new timestamp over what is there, so that readers know it is still the present state. */
import { resolve } from "node:path";
import type { RefreshOptions } from "../command/publish.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import type { Io } from "../io.ts";
import { orRefusal } from "./integrity.ts";
import { placeOf, presentState, putState } from "./put-state.ts";
import { whilePublishing } from "./publication.ts";

export function refresh(
  io: Io,
  repository: string,
  { keys, timestampMinutes, ...reach }: RefreshOptions,
): Promise<ExitCode> {
  return whilePublishing(io, { ...reach, repository }, "present", (publication) =>
    orRefusal(io, "nothing was published", async () => {
      const place = await placeOf(publication, resolve(io.cwd, keys));
      const previous = await presentState(io, place);
      if (typeof previous === "number") return previous;
      const code = await putState(io, place, previous, { bundles: new Map() }, timestampMinutes);
      if (code === exitCode.fine)
        io.out(`${publication.name}: timestamp ${previous.timestamp.version + 1}\n`);
      return code;
    }),
  );
}
