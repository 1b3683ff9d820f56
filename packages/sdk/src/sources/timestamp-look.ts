/** What a watch looks at: the timestamp, which is replaced whenever anything is published or refreshed. */
import { createHash } from "node:crypto";
import { maxTimestampSize, paths, type RepositorySource } from "@wardline/backends";

/** A text that changes with the timestamp of the repository. Rejects if the source does. */
export async function timestampLook({ read }: Pick<RepositorySource, "read">): Promise<string> {
  const bytes = await read(paths.timestamp, maxTimestampSize);
  return typeof bytes === "string" ? bytes : createHash("sha256").update(bytes).digest("hex");
}
