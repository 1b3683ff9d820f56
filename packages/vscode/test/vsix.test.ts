/** The `.vsix`: what is in it, what its manifest promises, and the server packed in it, run by a plain Node from an empty folder. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { startLanguageServer, type LanguageServerProcess } from "@wardline/database-testing";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { checkShell } from "./check-shell.ts";
import { install, type Installed } from "./installed.ts";

interface Manifest {
  readonly name: string;
  readonly publisher: string;
  readonly version: string;
  readonly main: string;
  readonly browser: string;
  readonly icon: string;
  readonly engines: { readonly vscode: string };
  readonly activationEvents: readonly string[];
  readonly dependencies?: object;
  readonly scripts?: object;
  readonly contributes: {
    readonly languages: readonly {
      readonly id: string;
      readonly extensions: readonly string[];
      readonly configuration: string;
      readonly icon: { readonly light: string; readonly dark: string };
    }[];
    readonly grammars: readonly {
      readonly language: string;
      readonly scopeName: string;
      readonly path: string;
    }[];
    readonly jsonValidation: readonly { readonly url: string }[];
    readonly commands: readonly { readonly command: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, { readonly type: string }>> };
  };
}

let installed: Installed;
let manifest: Manifest;
beforeAll(async () => {
  installed = await install();
  manifest = JSON.parse(installed.read("package.json")) as Manifest;
});

test("holds these files and no others", () => {
  expect(installed.names.toSorted()).toEqual([
    "[Content_Types].xml",
    "extension.vsixmanifest",
    "extension/LICENSE.txt",
    "extension/dist/browser.cjs",
    "extension/dist/browser.cjs.md",
    "extension/dist/extension.cjs",
    "extension/dist/extension.cjs.md",
    "extension/dist/server.mjs",
    "extension/dist/server.mjs.md",
    "extension/dist/worker.js",
    "extension/dist/worker.js.md",
    "extension/grammar/wardline.tmLanguage.json",
    "extension/icon.png",
    "extension/icons/ward-dark.svg",
    "extension/icons/ward-light.svg",
    "extension/language-configuration.json",
    "extension/package.json",
    "extension/readme.md",
    "extension/schema/config.schema.json",
  ]);
});

describe("the manifest", () => {
  test("names the extension without a scope, and agrees with the archive's", () => {
    const own = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as Manifest;
    expect(manifest).toMatchObject({ name: "wardline", publisher: "wardline", version: own.version });
    const archive = readFileSync(join(installed.folder, "../extension.vsixmanifest"), "utf8");
    expect(archive).toContain(
      `<Identity Language="en-US" Id="wardline" Version="${own.version}" Publisher="wardline"`,
    );
    expect(archive).toContain(`Id="Microsoft.VisualStudio.Code.Engine" Value="${manifest.engines.vscode}"`);
    expect(manifest.dependencies ?? {}).toEqual({});
    expect(manifest.scripts ?? {}).toEqual({});
  });

  test("names files that are there, and each id everywhere alike", () => {
    const { languages, grammars, jsonValidation, commands, configuration } = manifest.contributes;
    const [language] = languages;
    expect(languages).toHaveLength(1);
    expect(language).toMatchObject({ id: "wardline", extensions: [".ward"] });
    expect(grammars.map((grammar) => grammar.language)).toEqual(["wardline"]);
    const grammar = JSON.parse(installed.read(grammars[0]?.path ?? "")) as Record<string, unknown>;
    expect(grammar).toMatchObject({ scopeName: grammars[0]?.scopeName, fileTypes: ["ward"] });
    for (const name of [
      manifest.main,
      manifest.browser,
      language?.icon.light,
      language?.icon.dark,
      jsonValidation[0]?.url,
    ])
      expect(installed.read(name ?? "")).not.toBe("");
    expect(manifest.activationEvents).toContain(`onLanguage:${language?.id}`);
    const shell = installed.read(manifest.main);
    expect(commands.length).toBeGreaterThan(0);
    for (const { command } of commands)
      for (const text of [shell, installed.read(manifest.browser)]) expect(text).toContain(`\`${command}\``);
    for (const [name, { type }] of Object.entries(configuration.properties)) {
      expect(name).toMatch(/^wardline\./);
      expect(["boolean", "string"]).toContain(type);
    }
  });

  test("has a picture of our own, large enough", () => {
    const png = readFileSync(join(installed.folder, manifest.icon));
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([256, 256]);
  });
});

describe("no network", () => {
  /** What a protocol library brings along for editors that connect by a pipe. */
  const allowed: Readonly<Record<string, readonly string[]>> = {
    "dist/extension.cjs": ["child_process", "net"],
    "dist/server.mjs": ["child_process", "net"],
    "dist/browser.cjs": [],
    "dist/worker.js": [],
  };

  test.each(Object.keys(allowed))(
    "%s loads no module that speaks to others, beyond the protocol library's",
    (name) => {
      const text = installed.read(name);
      const speaking = [
        "child_process",
        "cluster",
        "dgram",
        "dns",
        "http",
        "http2",
        "https",
        "inspector",
        "net",
        "tls",
        "undici",
        "worker_threads",
      ];
      const loaded = speaking.filter((module) =>
        new RegExp(`["'\`](?:node:)?${module}(?:/promises)?["'\`]`).test(text),
      );
      expect(loaded.filter((module) => !(allowed[name] ?? []).includes(module))).toEqual([]);
      const calls = /\bfetch\(|XMLHttpRequest|WebSocket|sendBeacon|EventSource|\bimport\((?!["'`]node:)/g;
      const telemetry = /createTelemetryLogger|extension-telemetry|instrumentationKey|applicationinsights/gi;
      expect([...text.matchAll(calls), ...text.matchAll(telemetry)].map(([found]) => found)).toEqual([]);
    },
  );

  test("the addresses in the bundles are documentation and the name of a schema", () => {
    const addresses = Object.keys(allowed).flatMap((name) =>
      [...installed.read(name).matchAll(/\b(?:https?|wss?|ftp):\/\/[^\s"'`)<]+/g)].map(
        ([address]) => address,
      ),
    );
    const places = [
      ...new Set(addresses.map((address) => new URL(address.replaceAll(/\\[nt].*/g, "")).host)),
    ];
    expect(places.toSorted()).toEqual(["chevrotain.io", "en.wikipedia.org", "github.com", "json-schema.org"]);
  });
});

describe("the packed server", () => {
  const projects = fileURLToPath(new URL("../../../examples/projects", import.meta.url));
  const noNetwork = fileURLToPath(new URL("./no-network.mjs", import.meta.url));

  /** By a plain Node, in an empty folder, with nothing of the repository: it may read files, and nothing else. */
  function start(): { readonly server: LanguageServerProcess; readonly project: string } {
    const empty = mkdtempSync(join(tmpdir(), "wardline-packed-"));
    onTestFinished(() => rmSync(empty, { recursive: true, force: true }));
    const project = join(empty, "project");
    cpSync(projects, project, { recursive: true });
    const args = [
      "--permission",
      "--allow-fs-read=*",
      "--import",
      noNetwork,
      join(installed.folder, "dist/server.mjs"),
    ];
    const server = startLanguageServer(process.execPath, [...args, "--stdio"], {
      cwd: empty,
      env: { PATH: process.env["PATH"] ?? "" },
    });
    onTestFinished(() => void server.process.kill("SIGKILL"));
    return { server, project };
  }

  interface Config {
    readonly tenants: Readonly<Record<string, string>>;
  }

  test("holds a whole session, and opens nothing", async () => {
    const { server, project } = start();
    const config = JSON.parse(readFileSync(join(project, "wardline.config.json"), "utf8")) as Config;
    const [name = ""] = Object.values(config.tenants);
    const path = join(project, name);
    const right = readFileSync(path, "utf8");
    const uri = pathToFileURL(path).href;
    await server.request("initialize", {
      processId: process.pid,
      rootUri: pathToFileURL(project).href,
      workspaceFolders: [{ uri: pathToFileURL(project).href, name: "project" }],
      capabilities: { textDocument: { publishDiagnostics: {} } },
    });
    server.notify("initialized", {});
    const published = async (version: number) =>
      (
        (await server.notified(
          "textDocument/publishDiagnostics",
          (params: { readonly uri: string; readonly version?: number }) =>
            params.uri === uri && params.version === version,
        )) as { readonly diagnostics: readonly { readonly code: string; readonly message: string }[] }
      ).diagnostics;

    // A mistake, and none any more.
    const wrong = right.replace(/\bresource\.(\w+)/, "resource.$1x");
    expect(wrong).not.toBe(right);
    server.notify("textDocument/didOpen", {
      textDocument: { uri, languageId: "wardline", version: 1, text: wrong },
    });
    expect((await published(1)).map(({ code }) => code)).toContain("name/unknown");
    server.notify("textDocument/didChange", {
      textDocument: { uri, version: 2 },
      contentChanges: [{ text: right }],
    });
    expect((await published(2)).map(({ code }) => code)).not.toContain("name/unknown");

    const place = (offset: number) => {
      const before = right.slice(0, offset).split("\n");
      return { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
    };
    const ask = async (method: string, params: object = {}) =>
      JSON.stringify(await server.request(method, { textDocument: { uri }, ...params }));
    const [path_ = "", field = ""] = /\bresource\.(\w+)/.exec(right) ?? [];
    const dot = right.indexOf(path_) + "resource.".length;
    expect(await ask("textDocument/hover", { position: place(dot + 1) })).toContain(field);
    expect(await ask("textDocument/completion", { position: place(dot) })).toContain(`"${field}"`);
    expect(await ask("textDocument/formatting", { options: { tabSize: 2, insertSpaces: true } })).toBe("[]");
    const range = { start: place(0), end: place(right.length) };
    const hints = await ask("textDocument/inlayHint", { range });
    expect(hints).toContain('"paddingLeft":true');
    expect(hints).not.toContain('"label":" ');
    const lenses = JSON.parse(await ask("textDocument/codeLens")) as {
      readonly command?: { title: string };
    }[];
    const run = lenses.find(({ command }) => command?.title.startsWith("Run ") === true)?.command;
    expect(await ask("workspace/executeCommand", { ...run })).toMatch(/"text":"[^"]*passed/);
    expect(readFileSync(path, "utf8")).toBe(right);
    expect(await server.end()).toBe(0);
    expect(server.errors()).toBe("");
  });

  test("shows no picture that a policy names", async () => {
    const { server, project } = start();
    const path = join(project, "policy/model.ward");
    const uri = pathToFileURL(path).href;
    await server.request("initialize", {
      processId: null,
      rootUri: pathToFileURL(project).href,
      capabilities: { textDocument: { hover: { contentFormat: ["markdown"] } } },
    });
    server.notify("initialized", {});
    const text =
      "model small\n\n/// ![seen](https://evil.example/who.png) ![x][y]\nentity Thing stored in things { }\n";
    server.notify("textDocument/didOpen", {
      textDocument: { uri, languageId: "wardline", version: 1, text },
    });
    const position = { line: 3, character: "entity Th".length };
    const shown = JSON.stringify(
      await server.request("textDocument/hover", { textDocument: { uri }, position }),
    );
    expect(shown).toContain("who.png");
    expect(shown).not.toContain("![");
    expect(await server.end()).toBe(0);
  });

  test("what ends it when it opens something does so", async () => {
    const folder = mkdtempSync(join(tmpdir(), "wardline-packed-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, "opens.mjs"), 'import { connect } from "node:net"; connect(1, "127.0.0.1");');
    const opener = startLanguageServer(process.execPath, ["--import", noNetwork, "opens.mjs"], {
      cwd: folder,
    });
    await expect(opener.request("initialize")).rejects.toThrow("the server ended with 99: tried: to connect");
  });
});

describe("the packed shell", () => {
  test("registers what the manifest promises, starts the server, and leaves nothing behind", async () => {
    await checkShell(installed);
  });

  test("the shell stays small", () => {
    const folder = new URL("../src/", import.meta.url);
    const lines = readdirSync(folder).flatMap((name) =>
      readFileSync(new URL(name, folder), "utf8").split("\n"),
    );
    expect(lines.length).toBeLessThan(300);
  });
});
