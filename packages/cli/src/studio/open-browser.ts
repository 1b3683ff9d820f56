/** Has the machine's browser open an address that holds a secret. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Opens the address by way of a file that only this user can read: arguments of a program can be read by every user of a machine. Returns
 * what removes the file. `onFailure` is told where there is no browser.
 */
export function openBrowser(
  address: string,
  onFailure: () => void,
  opener: readonly string[] = openerOf(process.platform),
): () => void {
  const folder = mkdtempSync(join(tmpdir(), "wardline-studio-"));
  const page = join(folder, "open.html");
  writeFileSync(
    page,
    `<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer"><title>Wardline</title>
<meta http-equiv="refresh" content="0;url=${address}"><a href="${address}">Open the studio</a>\n`,
    { mode: 0o600 },
  );
  const [command = "", ...before] = opener;
  const child = spawn(command, [...before, page], { stdio: "ignore", detached: true });
  child.once("error", onFailure);
  child.once("exit", (code) => {
    if (code !== 0) onFailure();
  });
  child.unref();
  return () => rmSync(folder, { recursive: true, force: true });
}

function openerOf(platform: NodeJS.Platform): readonly string[] {
  if (platform === "darwin") return ["open"];
  return platform === "win32" ? ["rundll32", "url.dll,FileProtocolHandler"] : ["xdg-open"];
}
