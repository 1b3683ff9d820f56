/**
 * Holds the tarballs of the packages to what a user's tools expect of them: publint, the resolution of types, and what may and must be in
 * one. `pnpm pack:check`, after `pnpm build`. Exits 1 with a line for each fault.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { packAll } from "./pack-all.ts";

const folder = mkdtempSync(join(tmpdir(), "wardline-pack-"));
const faults: string[] = [];
try {
  const tarballs = await packAll(folder);
  for (const [name, path] of tarballs) {
    const bytes = readFileSync(path);
    for (const fault of await faultsOf(bytes)) faults.push(`${name}: ${fault}`);
    console.log(`${name}: ${(bytes.length / 1024).toFixed(0)} KB`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
for (const fault of faults) console.error(fault);
process.exitCode = faults.length === 0 ? 0 : 1;

async function faultsOf(bytes: Buffer): Promise<readonly string[]> {
  const tarball = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
  const { messages, pkg } = await publint({ pack: { tarball }, strict: true });
  const types = createPackageFromTarballData(bytes);
  const { problems = [] } = (await checkPackage(types)) as { readonly problems?: readonly Problem[] };
  return [
    ...messages.map((message) => `publint: ${formatMessage(message, pkg) ?? message.code}`),
    ...problems.filter(concernsModules).map((problem) => `types: ${JSON.stringify(problem)}`),
    ...contentFaults(types),
  ];
}

interface Problem {
  readonly kind: string;
  readonly resolutionKind?: string;
}

/** The packages are modules alone: what CommonJS and resolvers of before Node 12 make of them is no fault. */
function concernsModules({ kind, resolutionKind }: Problem): boolean {
  return resolutionKind !== "node10" && resolutionKind !== "node16-cjs" && kind !== "CJSResolvesToESM";
}

/** What may not be in a tarball, and what must be. */
function contentFaults(types: ReturnType<typeof createPackageFromTarballData>): readonly string[] {
  const base = `/node_modules/${types.packageName}/`;
  const files = types.listFiles().map((name) => name.slice(base.length));
  const manifest = types.readFile(`${base}package.json`);
  const must = [
    "LICENSE",
    "README.md",
    ...(types.packageName.endsWith("/cli") ? ["schema/config.schema.json"] : []),
    ...(types.packageName.endsWith("/studio") ? ["dist/app/index.html", "dist/app/third-party.md"] : []),
  ];
  return [
    ...must.filter((name) => !files.includes(name)).map((name) => `${name} is missing`),
    ...files
      .filter((name) => /(?:^|\/)test\/|\.test\.|tsbuildinfo$|(?:^|\/)dist\/package\.json$/.test(name))
      // `wardline test` is a command, and has a folder.
      .filter((name) => !/^(?:dist\/)?src\/test\//.test(name))
      .map((name) => `${name} does not belong there`),
    ...[/@wardline\/source/, /"workspace:/].flatMap((pattern) =>
      pattern.test(manifest) ? [`package.json holds ${pattern.source}`] : [],
    ),
    ...(/"engines"/.test(manifest) ? [] : ["package.json says nothing about engines"]),
    ...files
      // What is built for browsers is bundled.
      .filter((name) => /^dist\/(?!app\/).*\.js$/.test(name))
      .filter((name) => !files.includes(name.replace(/^dist\//, "").replace(/\.js$/, ".ts")))
      .map((name) => `${name} has no source: it is left over from an earlier build`),
  ];
}
