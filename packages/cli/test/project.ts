/** A small project on disk, and the command line run on it in this process. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { runCli } from "../src/cli.ts";
import type { Io } from "../src/io.ts";

export const model = `model library

context {
  mfa: Bool
}

principal Member {
  level: Int(0..5)
}

role reader, librarian for Member

entity Loan stored in loans {
  borrower: Member
  title: String
  fee: Decimal(8, 2)
}

action read, list reads Loan
action update updates Loan
`;

export const platform = `platform for library

ceiling all: anyone to read, list, update Loan
`;

export const policy = `policy north for library

permit own: reader to read, list Loan
  when resource.borrower == principal

permit desk: librarian to read, list, update Loan
  when principal.level >= 3
  with mask(title, initials)
`;

const config = JSON.stringify({
  model: "library.ward",
  platform: ["platform.ward"],
  tenants: { north: "north.ward" },
});

type Files = Readonly<Record<string, string | null>>;

/** Writes the project, some files replaced (null leaves one out), and returns its folder. */
export function projectFolder(files: Files = {}): string {
  const folder = writeProject(files);
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The same, outside a test; whoever calls it removes it. */
export function writeProject(files: Files = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "wardline-cli-"));
  const all: Record<string, string | null> = {
    "wardline.config.json": config,
    "library.ward": model,
    "platform.ward": platform,
    "north.ward": policy,
    ...files,
  };
  for (const [name, text] of Object.entries(all)) {
    if (text === null) continue;
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in a folder. What is not given in `io` is no terminal and never interrupted. */
export async function run(
  folder: string,
  args: readonly string[],
  stdin = "",
  io: Partial<Io> = {},
): Promise<Ran> {
  let out = "";
  let err = "";
  const code = await runCli(args, {
    cwd: folder,
    out: (text) => (out += text),
    err: (text) => (err += text),
    stdin: () => Promise.resolve(stdin),
    color: false,
    interactive: false,
    onInterrupt: () => () => {},
    ...io,
  });
  return { code, out, err };
}
