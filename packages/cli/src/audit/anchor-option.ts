/** What `--anchor` names: a file, an address that takes records by POST, or a bucket. Secrets come from the environment alone. */
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { AnchorError, fileAnchor, httpAnchor, s3Anchor, type Anchor } from "@wardline/isolation";
import { UsageError } from "../exit-code.ts";
import type { Io } from "../io.ts";

const tokenVariable = "WARDLINE_ANCHOR_TOKEN";

/** Throws {@link UsageError}. */
export function readAnchors(
  io: Io,
  given: readonly string[],
  caFile: string | undefined,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): readonly Anchor[] {
  const ca = caFile === undefined ? {} : { ca: authorities(io, caFile) };
  return given.map((where) => {
    try {
      if (/^https?:/.test(where)) {
        const token = environment[tokenVariable];
        return httpAnchor({ url: where, ...ca, ...(token === undefined ? {} : { token }) });
      }
      if (where.startsWith("s3:")) return bucket(where, ca, environment);
      return fileAnchor(resolve(io.cwd, where));
    } catch (error) {
      if (error instanceof AnchorError) throw new UsageError(`--anchor: ${error.message}`);
      throw error;
    }
  });
}

const known = new Set(["region", "endpoint", "lock", "days"]);

function bucket(
  where: string,
  ca: { readonly ca?: string },
  environment: Readonly<Record<string, string | undefined>>,
): Anchor {
  const [, name, prefix = "", query = ""] = /^s3:\/\/([^/?]+)\/?([^?]*)(?:\?(.*))?$/.exec(where) ?? [];
  const options = new URLSearchParams(query);
  const unknown = [...options.keys()].find((key) => !known.has(key));
  if (name === undefined || unknown !== undefined)
    throw new UsageError(
      `--anchor: ${unknown === undefined ? "a bucket is s3://bucket/prefix?region=…" : `a bucket has no option ${unknown}`}`,
    );
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION } = environment;
  if (AWS_ACCESS_KEY_ID === undefined || AWS_SECRET_ACCESS_KEY === undefined)
    throw new UsageError("--anchor: a bucket asks for AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
  const [region, endpoint, lock, days] = ["region", "endpoint", "lock", "days"].map((key) =>
    options.get(key),
  );
  const lasting = Number(days);
  if (
    lock != null &&
    ((lock !== "compliance" && lock !== "governance") || !(lasting >= 1 && lasting <= 36_500))
  )
    throw new UsageError("--anchor: a lock is lock=compliance&days=365, or lock=governance&days=…");
  return s3Anchor({
    bucket: name,
    prefix: prefix === "" || prefix.endsWith("/") ? prefix : `${prefix}/`,
    region: region ?? AWS_REGION ?? "us-east-1",
    ...(endpoint == null ? {} : { endpoint }),
    credentials: {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      ...(AWS_SESSION_TOKEN === undefined ? {} : { sessionToken: AWS_SESSION_TOKEN }),
    },
    ...(lock === "compliance" || lock === "governance" ? { lock: { mode: lock, days: lasting } } : {}),
    ...ca,
  });
}

function authorities(io: Io, file: string): string {
  const path = resolve(io.cwd, file);
  if (!existsSync(path)) throw new UsageError(`--anchor-ca: there is no file ${file}`);
  return readFileSync(path, "utf8");
}
