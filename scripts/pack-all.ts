/** Packs every package that is published, as it would be published. What is packed is what `pnpm build` has built. */
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Package's name → its tarball in the folder. */
export async function packAll(folder: string): Promise<ReadonlyMap<string, string>> {
  const packages = readdirSync(join(root, "packages")).flatMap((room) => {
    const manifest = JSON.parse(readFileSync(join(root, "packages", room, "package.json"), "utf8")) as {
      readonly name: string;
      readonly version: string;
      readonly private?: boolean;
    };
    return manifest.private === true ? [] : [{ room, ...manifest }];
  });
  await Promise.all(
    packages.map(({ room }) =>
      pnpm("--dir", join(root, "packages", room), "pack", "--pack-destination", folder),
    ),
  );
  return new Map(
    packages.map(({ name, version }) => [
      name,
      join(folder, `${name.replace("@", "").replace("/", "-")}-${version}.tgz`),
    ]),
  );
}

/** The pnpm that runs this script, which is a program and no module, or the one of the README's commands. */
async function pnpm(...args: readonly string[]): Promise<void> {
  const own = process.env["npm_execpath"] ?? "";
  const [command, before] = own.endsWith("pnpm") ? [own, []] : ["npx", ["-y", "pnpm@12.21.0"]];
  await promisify(execFile)(command, [...before, ...args], { maxBuffer: 2 ** 26 });
}
