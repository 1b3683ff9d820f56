/** One run of the `opa` command, and what it builds. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzipSync } from "node:zlib";

async function execute(binary: string, args: readonly string[], cwd: string): Promise<string> {
  try {
    return (await promisify(execFile)(binary, [...args], { cwd, maxBuffer: 1 << 28 })).stdout;
  } catch (error) {
    // It reports some failures on the one stream, some on the other.
    const { stdout = "", stderr = "" } = error as { readonly stdout?: string; readonly stderr?: string };
    throw new Error(`opa ${args[0]} fails: ${stdout}${stderr}`, { cause: error });
  }
}

/** What the command printed, with the policy as `policy.rego` in its folder. Throws an Error with its own words where it fails. */
export async function runOpa(
  binary: string,
  args: readonly string[],
  policy: string,
  input?: string,
): Promise<string> {
  return await inFolder(
    { "policy.rego": policy, ...(input === undefined ? {} : { "input.json": input }) },
    (cwd) => execute(binary, args, cwd),
  );
}

/** `opa build -t wasm` of the policy, for `wardline/decision`. */
export async function buildWasm(binary: string, policy: string): Promise<Uint8Array<ArrayBuffer>> {
  const args = ["build", "-t", "wasm", "-e", "wardline/decision", "-o", "bundle.tar.gz", "policy.rego"];
  return await inFolder({ "policy.rego": policy }, async (cwd) => {
    await execute(binary, args, cwd);
    return fileOfTar(gunzipSync(await readFile(join(cwd, "bundle.tar.gz"))), "/policy.wasm");
  });
}

async function inFolder<T>(
  files: Readonly<Record<string, string>>,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "wardline-opa-"));
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A file of an archive in the format ustar (POSIX.1-1988, pax): blocks of 512 bytes, name at 0, size in octal at 124. */
function fileOfTar(tar: Uint8Array, name: string): Uint8Array<ArrayBuffer> {
  const text = (from: number, length: number) =>
    new TextDecoder().decode(tar.subarray(from, from + length)).replace(/\0.*$/s, "");
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0;) {
    const size = Number.parseInt(text(at + 124, 12), 8);
    if (text(at, 100) === name) return new Uint8Array(tar.subarray(at + 512, at + 512 + size));
    at += 512 + Math.ceil(size / 512) * 512;
  }
  throw new Error(`the bundle has no ${name}`);
}
