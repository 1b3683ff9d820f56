/**
 * Follows the guides to the letter: their files and commands, in an empty folder with a new home, with the
 * packages as they are packed and a real Postgres. What a command prints must hold the lines that a page shows. `pnpm try:guide`, after
 * `pnpm build`. In place of the registry's @wardline packages stand the packed ones; `psql` is a client that takes `-f` and `-c`.
 */
import { execFile } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startPostgres } from "../packages/database-testing/src/index.ts";
import { packAll } from "./pack-all.ts";
import { tryStudio } from "./try-studio.ts";

/** The configuration of the machine's own npm, which stands beside its Node and not beside the pinned one. */
const machines = process.env["npm_config_globalconfig"];

const root = fileURLToPath(new URL("..", import.meta.url));
/** Each goes on in the folder of the one before. */
const pages = [
  "add-to-kysely-app",
  "write-a-guardrail",
  "test-your-isolation",
  "rotate-keys",
  "write-a-policy-in-the-studio",
];
const folder = mkdtempSync(join(tmpdir(), "wardline-guide-"));
const [app, home, tools, packed] = ["app", "home", "tools", "packed"].map((name) => join(folder, name)) as [
  string,
  string,
  string,
  string,
];
for (const path of [app, home, tools, packed]) mkdirSync(path);
const [server, tarballs] = await Promise.all([startPostgres(), packAll(packed)]);
try {
  const { user, password, host, port, database } = server;
  writeFileSync(
    join(tools, "psql"),
    `#!/bin/sh\nexec "${process.execPath}" --conditions=@wardline/source "${join(root, "scripts/psql.ts")}" "$@"\n`,
  );
  chmodSync(join(tools, "psql"), 0o755);
  const env = {
    // What pnpm tells its scripts is not for the npm of a user.
    ...Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(?:npm_|pnpm_|NODE_OPTIONS$)/i.test(name)),
    ),
    PATH: [tools, dirname(process.execPath), process.env["PATH"]].join(delimiter),
    HOME: home,
    DATABASE_URL: `postgres://${user}:${password}@${host}:${port}/${database}`,
    NO_COLOR: "1",
    // Which registry it is, and by which authorities, is the machine's to say.
    ...(existsSync(join(homedir(), ".npmrc")) ? { NPM_CONFIG_USERCONFIG: join(homedir(), ".npmrc") } : {}),
    ...(machines === undefined ? {} : { NPM_CONFIG_GLOBALCONFIG: machines }),
  };
  for (const page of pages) {
    await follow(readFileSync(join(root, `docs/guides/${page}.md`), "utf8"), env);
    console.log(`${page} holds`);
  }
  await tryStudio(app, env, "policy/acme.ward");
  console.log("wardline studio and wardline lsp hold");
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function follow(page: string, env: NodeJS.ProcessEnv): Promise<void> {
  let printed = "";
  for (const [, kind = "", name = "", text = ""] of page.matchAll(/^```(\w+) ?(\S*)\n([^]*?)^```$/gm)) {
    // A block that has no name is a part of something, and not to be tried.
    if (name === "" && !["sh", "text"].includes(kind)) continue;
    if (name !== "") {
      mkdirSync(dirname(join(app, name)), { recursive: true });
      writeFileSync(join(app, name), text);
    } else if (kind === "sh") printed = await run(text, env);
    else {
      const missing = text
        .trim()
        .split("\n")
        .filter((line) => !printed.split("\n").includes(line));
      if (missing.length > 0) throw new Error(`not printed: ${missing.join(" · ")}\nbut: ${printed}`);
    }
  }
}

async function run(commands: string, env: NodeJS.ProcessEnv): Promise<string> {
  const script = commands.replaceAll(/^npm install .*@wardline\/.*$/gm, (line) => {
    // What the ones that are named depend on is in no registry yet.
    const others = line.includes("--save-dev")
      ? []
      : [...tarballs.keys()].filter((name) => !/(?:sdk|cli)$/.test(name));
    const words = line.split(" ").map((word) => tarballs.get(word) ?? word);
    return [...words, ...others.map((name) => tarballs.get(name))].join(" ");
  });
  const started = performance.now();
  const { stdout } = await promisify(execFile)(
    "bash",
    ["--norc", "--noprofile", "-euo", "pipefail", "-c", script],
    { cwd: app, env, maxBuffer: 2 ** 24 },
  );
  console.log(
    `${((performance.now() - started) / 1000).toFixed(1)} s: ${commands.trim().split("\n").at(-1)}`,
  );
  return stdout;
}
