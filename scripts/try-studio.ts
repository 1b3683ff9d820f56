/** The packed `wardline studio` and `wardline lsp` in a user's folder: the page and what it loads are served, a file is saved, the server finds a mistake. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { startLanguageServer } from "../packages/database-testing/src/index.ts";

/** Throws where something is not as it should be. `file` is a tenant's policy, as from the folder. */
export async function tryStudio(folder: string, env: NodeJS.ProcessEnv, file: string): Promise<void> {
  const wardline = join(folder, "node_modules/.bin/wardline");
  const text = readFileSync(join(folder, file), "utf8");
  const child = spawn(wardline, ["studio"], { cwd: folder, env, stdio: ["ignore", "pipe", "inherit"] });
  try {
    const [printed] = (await once(child.stdout, "data")) as [Buffer];
    const { origin, hash } = new URL(printed.toString());
    const page = await (await fetch(`${origin}/`)).text();
    const assets = [...page.matchAll(/(?:src|href)="\.?\/?(assets\/[^"]+)"/g)].map(([, path]) => path);
    if (assets.length === 0) throw new Error(`the page loads nothing: ${page}`);
    for (const path of assets) {
      const { status } = await fetch(`${origin}/${path}`);
      if (status !== 200) throw new Error(`${path} is answered with ${status}`);
    }
    const authorization = `Bearer ${hash.slice("#token=".length)}`;
    const project = await fetch(`${origin}/api/project`, { headers: { authorization } });
    if (!(await project.text()).includes(JSON.stringify(text))) throw new Error(`the project has no ${file}`);
    await save(`${text}\n// Saved.\n`, text);
    if (!readFileSync(join(folder, file), "utf8").endsWith("// Saved.\n"))
      throw new Error("nothing was saved");
    await save(text, `${text}\n// Saved.\n`);
    const ended = once(child, "exit");
    child.kill("SIGINT");
    const [code] = (await ended) as [number | null];
    if (code !== 0) throw new Error(`wardline studio ended with ${code}`);

    async function save(body: string, base: string): Promise<void> {
      const digest = createHash("sha256").update(base).digest("hex");
      const headers = { authorization, "if-match": `"${digest}"` };
      const answer = await fetch(`${origin}/api/files/${file}`, { method: "PUT", headers, body });
      if (answer.status !== 200) throw new Error(`saving: ${answer.status} ${await answer.text()}`);
    }
  } finally {
    child.kill("SIGKILL");
  }
  await tryLanguageServer(wardline, folder, env, file, text);
}

async function tryLanguageServer(
  wardline: string,
  folder: string,
  env: NodeJS.ProcessEnv,
  file: string,
  text: string,
): Promise<void> {
  const server = startLanguageServer(wardline, ["lsp", "--stdio"], { cwd: folder, env });
  try {
    const uri = pathToFileURL(join(folder, file)).href;
    const rootUri = pathToFileURL(folder).href;
    await server.request("initialize", { processId: null, rootUri, capabilities: {} });
    server.notify("initialized", {});
    const document = {
      uri,
      languageId: "wardline",
      version: 1,
      text: `${text}\npermit wrong: nobody to read Project\n`,
    };
    server.notify("textDocument/didOpen", { textDocument: document });
    await server.notified(
      "textDocument/publishDiagnostics",
      (params: { readonly uri: string; readonly diagnostics: readonly { readonly code: string }[] }) =>
        params.uri === uri && params.diagnostics.some(({ code }) => code === "name/unknown"),
    );
    const code = await server.end();
    if (code !== 0 || server.errors() !== "")
      throw new Error(`wardline lsp ended with ${code}: ${server.errors()}`);
  } finally {
    server.process.kill("SIGKILL");
  }
}
