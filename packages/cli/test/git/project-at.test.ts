/** Projects as they were in commits. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { UsageError } from "../../src/exit-code.ts";
import { projectAt } from "../../src/git/project-at.ts";
import { policy, projectFolder } from "../project.ts";

const git = (folder: string, ...args: string[]) =>
  execFileSync("git", ["-c", "user.name=n", "-c", "user.email=n@example.com", ...args], {
    cwd: folder,
    stdio: "pipe",
  });

function committed(folder: string): string {
  git(folder, "init", "-q", "-b", "trunk");
  git(folder, "add", "-A");
  git(folder, "commit", "-q", "-m", "first");
  return folder;
}

test("is read as it was committed, whatever the folder holds now", () => {
  const folder = committed(projectFolder());
  writeFileSync(join(folder, "north.ward"), "changed");
  rmSync(join(folder, "library.ward"));
  const project = projectAt(folder, "trunk");
  expect(project.tenants.get("north")).toEqual({ name: "trunk:north.ward", text: policy });
  expect(project.model?.name).toBe("trunk:library.ward");
});

test("in a folder within, and with files whose names are no policies' and not plain", () => {
  const folder = projectFolder();
  mkdirSync(join(folder, "shop ä/policies"), { recursive: true });
  for (const name of ["library.ward", "platform.ward"])
    renameSync(join(folder, name), join(folder, "shop ä", name));
  renameSync(join(folder, "north.ward"), join(folder, "shop ä/policies/north text"));
  writeFileSync(
    join(folder, "shop ä/wardline.config.json"),
    JSON.stringify({
      model: "library.ward",
      platform: ["platform.ward"],
      tenants: { north: "policies/north text" },
    }),
  );
  rmSync(join(folder, "wardline.config.json"));
  committed(folder);
  const project = projectAt(join(folder, "shop ä"), "HEAD");
  expect(project.tenants.get("north")).toEqual({ name: "HEAD:shop ä/policies/north text", text: policy });
});

test("without a configuration each file is taken at its header's word, and none above is looked for", () => {
  const folder = committed(projectFolder({ "wardline.config.json": null }));
  expect(projectAt(folder, "HEAD").config).toBeUndefined();
});

test("a link is not followed", () => {
  const folder = projectFolder({ "north.ward": null });
  symlinkSync("/etc/hostname", join(folder, "north.ward"));
  committed(folder);
  expect(() => projectAt(folder, "HEAD")).toThrow("there is no file north.ward");
});

test.each(["nowhere", "--help", "-x"])("%s is no commit", (ref) => {
  const folder = committed(projectFolder());
  expect(() => projectAt(folder, ref)).toThrow(UsageError);
});

test("leaves nothing behind, whether it is read or not", () => {
  const temporary = projectFolder();
  vi.stubEnv("TMPDIR", temporary);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const before = readdirSync(temporary);
  const [whole, broken] = [projectFolder(), projectFolder({ "library.ward": null })].map(committed);
  projectAt(whole as string, "HEAD");
  expect(() => projectAt(broken as string, "HEAD")).toThrow("in HEAD: there is no file library.ward");
  for (const folder of [whole, broken]) rmSync(folder as string, { recursive: true });
  expect(readdirSync(temporary)).toEqual(before);
});
