/** Where a token is: it is read at every use, so that what renews it need tell nobody. */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { UsageError } from "../exit-code.ts";
import type { Io } from "../io.ts";

/** Of `env:NAME` or `file:PATH`. Throws {@link UsageError} for anything else: a token itself never stands in a file of keys. */
export function tokenSource(io: Io, given: string): () => string | Promise<string> {
  const [, kind, name = ""] = /^(env|file):(.+)$/.exec(given) ?? [];
  if (kind === undefined)
    throw new UsageError("`token` must say where the token is", "env:VAULT_TOKEN, or file:/run/vault/token");
  if (kind === "file") {
    const path = resolve(io.cwd, name);
    return async () => (await readFile(path, "utf8")).trim();
  }
  if ((process.env[name] ?? "") === "") throw new UsageError(`\`token\`: the environment has no ${name}`);
  return () => process.env[name] ?? "";
}
