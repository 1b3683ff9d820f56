/** A stock OPA takes a signed bundle as it is, as one file and as a folder, and finds the digests that are signed. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  buildBundle,
  compileRego,
  compileSql,
  compileWasm,
  generateKey,
  openKey,
  packBundle,
  signaturesName,
} from "@wardline/backends";
import { evaluate, type RequestDocument } from "@wardline/core";
import { libraryProgram as program, libraryRequest } from "@wardline/core/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findOpa } from "../src/opa/find-opa.ts";

const found = findOpa();
if ("missing" in found) console.log(`skipped: ${found.missing}`);
const opa = "path" in found ? found.path : "";
const folder = mkdtempSync(join(tmpdir(), "wardline-opa-"));
const archive = join(folder, "north.tar.gz");
const unpacked = join(folder, "north");
let bundle: ReadonlyMap<string, Uint8Array>;

beforeAll(async () => {
  const { signer } = await openKey(await generateKey());
  bundle = await buildBundle({
    program,
    wasm: compileWasm(program),
    rego: compileRego(program),
    sql: compileSql(program),
    sourceMap: { atoms: program.atoms.map(() => []) },
    platform: "ab".repeat(32),
    revision: "7",
    compiler: "test",
    signing: { signers: [signer], lifetime: { notBefore: 0, expires: 4_000_000_000, maxStaleness: null } },
  });
  writeFileSync(archive, packBundle(bundle));
  mkdirSync(unpacked);
  for (const [name, bytes] of bundle) writeFileSync(join(unpacked, name), bytes);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(...args: readonly string[]): string {
  const { stdout, stderr, status } = spawnSync(opa, args, { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(`${stdout}${stderr}`);
  return stdout;
}

const signedFiles = (file: string): Readonly<Record<string, string>> => {
  const { signatures } = JSON.parse(readFileSync(file, "utf8")) as { signatures: [string] };
  const payload = Buffer.from(signatures[0].split(".")[1] ?? "", "base64url").toString();
  const { files } = JSON.parse(payload) as { files: { name: string; hash: string }[] };
  return Object.fromEntries(files.map(({ name, hash }) => [name, hash]));
};

describe.skipIf(opa === "")("a stock OPA", () => {
  test.each([
    ["archive", archive],
    ["folder", unpacked],
  ])("loads the %s and decides with it", (_, path) => {
    writeFileSync(join(folder, "request.json"), JSON.stringify(libraryRequest));
    const decision: unknown = JSON.parse(
      run("eval", "--bundle", path, "--input", "request.json", "data.wardline.decision", "--format", "raw"),
    );
    expect(decision).toMatchObject({ outcome: "permit" });
    expect(decision).toEqual(evaluate(program, libraryRequest as RequestDocument));
    expect(run("eval", "--bundle", path, "data.wardline_settings", "--format", "raw").trim()).toBe("{}");
  });

  test("says what it is", () => {
    expect(run("inspect", archive)).toMatch(/Revision *│ 7 /);
  });

  test("signs the same names and digests as the bundle's signature", () => {
    const ours = signedFiles(join(unpacked, signaturesName));
    rmSync(join(unpacked, signaturesName));
    const args = ["--signing-alg", "HS256", "--signing-key", "k".repeat(32)];
    const { status, stderr } = spawnSync(opa, ["sign", ...args, "--bundle", ".", "-o", ".."], {
      cwd: unpacked,
    });
    expect(String(stderr)).toBe("");
    expect(status).toBe(0);
    expect(signedFiles(join(folder, signaturesName))).toEqual(ours);
    expect(Object.keys(ours)).toHaveLength(bundle.size - 1);
  });
});
