// Compiles runtime/ with the pinned AssemblyScript and writes src/wasm/runtime-bytes.ts. With `--check` it writes nothing
// and exits with 1 if the committed bytes are others.
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import asc from "assemblyscript/asc";
import wabt from "wabt";

const home = join(dirname(fileURLToPath(import.meta.url)), "..");
const target = join(home, "src/wasm/runtime-bytes.ts");
const options = [
  ["index.ts", "--outFile", "runtime.wasm", "-O3", "--shrinkLevel", "1", "--converge"],
  ["--runtime", "stub", "--importMemory", "--exportTable", "--noAssert", "--use", "abort="],
].flat();

/** The bytes of the runtime module. */
export async function buildRuntime() {
  let bytes;
  const { error } = await asc.main(options, {
    readFile: (name) => readFile(join(home, "runtime", name), "utf8").catch(() => null),
    writeFile: (name, contents) => {
      if (name === "runtime.wasm") bytes = contents;
    },
    listFiles: () => [],
  });
  if (error !== null || bytes === undefined)
    throw new Error(`the runtime does not compile\n${String(error)}`);
  return bytes;
}

/** Which functions each function calls, by index; imports come first and call nothing. */
async function callsOf(bytes) {
  const tools = await wabt();
  const text = tools
    .readWasm(bytes, { readDebugNames: false })
    .toText({ foldExprs: false, inlineExport: false });
  const calls = [];
  for (const line of text.split("\n")) {
    const [, defined] = /\(func \(;(\d+);\)/.exec(line) ?? [];
    if (defined !== undefined) calls[Number(defined)] = new Set();
    const [, called] = /^\s*call (\d+)$/.exec(line) ?? [];
    if (called !== undefined) calls.at(-1).add(Number(called));
  }
  return calls.map((called) => [...called].toSorted((a, b) => a - b));
}

/** The module that carries them. */
export async function moduleText(bytes) {
  const lines =
    Buffer.from(bytes)
      .toString("base64")
      .match(/.{1,96}/g) ?? [];
  const calls = JSON.stringify(await callsOf(bytes)).match(/.{1,90}(?:,|$)/g) ?? [];
  return [
    "// Written by scripts/build-runtime.mjs from runtime/; never edit it by hand.",
    "",
    "/** The runtime of a policy module, as base64 (RFC 4648 §4). */",
    "export const runtimeBase64 =",
    `${lines.map((line) => `  "${line}"`).join(" +\n")};`,
    "",
    "/** Which functions each of its functions calls, by index, as JSON. */",
    "export const runtimeCalls =",
    `${calls.map((line) => `  "${line}"`).join(" +\n")};`,
    "",
  ].join("\n");
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const text = await moduleText(await buildRuntime());
  if (process.argv.includes("--check")) {
    if (text !== (await readFile(target, "utf8"))) {
      console.error("src/wasm/runtime-bytes.ts is not what runtime/ compiles to");
      process.exitCode = 1;
    }
  } else await writeFile(target, text);
}
