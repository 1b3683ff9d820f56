import { configName } from "@wardline/compiler/project";
import { basename } from "node:path";
import { UsageError } from "../exit-code.ts";

/** Throws a {@link UsageError} if a report would be written over a policy: a slip of the pen must not cost one. */
export function refuseSource(option: string, file: string): void {
  if (file.endsWith(".ward") || basename(file) === configName)
    throw new UsageError(`${option} would write over ${file}`, "choose another name");
}
