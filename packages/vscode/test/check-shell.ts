/** The packed shell in an editor that is not there: it registers what the manifest promises, starts the packed server, and stops it. */
import { join } from "node:path";
import { expect } from "vitest";
import { fakeEditor } from "./fake-editor.ts";
import type { Installed } from "./installed.ts";

const policy = new URL("../../../examples/projects/policy/tenants/nimbus.ward", import.meta.url).href;

export async function checkShell(installed: Installed): Promise<void> {
  await expect.poll(servers).toBe(0);
  const editor = fakeEditor();
  const manifest = JSON.parse(installed.read("package.json")) as {
    readonly main: string;
    readonly contributes: { readonly commands: readonly { readonly command: string }[] };
  };
  const subscriptions: { dispose(): void }[] = [];
  const shell = editor.load(join(installed.folder, manifest.main));
  await shell.activate({ subscriptions, asAbsolutePath: (name: string) => join(installed.folder, name) });
  for (const { command } of manifest.contributes.commands)
    expect([...editor.commands.keys()]).toContain(command);
  expect(editor.shown).toEqual([]);
  expect(servers()).toBe(1);
  // A lens, switched off; what a command of the server answers; what it refuses.
  const { provideCodeLenses } = editor.providers.get("registerCodeLensProvider") ?? {};
  editor.settings.set("wardline.codeLens.enabled", false);
  expect(await provideCodeLenses?.({ uri: "" }, {})).toEqual([]);
  await editor.commands.get("wardline.runTests")?.({ uri: policy });
  expect(editor.shown.join("\n")).toMatch(/\d+ passed, 0 failed\n\(Wardline: Answers\)/);
  editor.shown.length = 0;
  await editor.commands.get("wardline.runTests")?.({});
  expect(editor.shown).toEqual(["Open a file of the project first."]);
  await editor.commands.get("wardline.restartServer")?.();
  expect(servers()).toBe(1);
  await shell.deactivate();
  for (const one of subscriptions) one.dispose();
  await expect.poll(servers).toBe(0);
  expect(editor.shown.filter((line) => /error|fail/i.test(line))).toEqual([]);
}

/** Processes that this one has started and that have not ended. */
function servers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === "ProcessWrap").length;
}
