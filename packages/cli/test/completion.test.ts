import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { projectFolder, run } from "./project.ts";

const complete = async (folder: string, ...words: string[]) =>
  (await run(folder, ["complete", "--", ...words])).out.split("\n").slice(0, -1);

describe("what fits", () => {
  test.each([
    [["che"], ["check"]],
    [["config", ""], ["print"]],
    [["check", "--ma"], ["--max-warnings"]],
    [
      ["check", "--format", ""],
      ["pretty", "plain", "compact", "json", "sarif", "junit", "github"],
    ],
    [["check", "--format=js"], ["--format=json"]],
    [["check", "--fix", "--format", "js"], ["json"]],
    [["decide", "--tenant", ""], ["north"]],
    [["decide", "x", "--tenant=n"], ["--tenant=north"]],
    [
      ["completion", ""],
      ["bash", "zsh", "fish"],
    ],
    [["help", "name/unk"], ["name/unknown"]],
    [["help", "comp"], ["completion"]],
    [["check", "nor"], []],
    [["check", "--baseline", ""], []],
    [
      ["no_such", "--"],
      ["--version", "--help"],
    ],
  ])("%j", async (words, expected) => {
    expect(await complete(projectFolder(), ...words)).toEqual(expected);
  });

  test("the first word is a command; `complete` itself is not offered", async () => {
    const words = await complete(projectFolder(), "");
    expect(words).toEqual(expect.arrayContaining(["check", "decide", "build", "help"]));
    expect(words).not.toContain("complete");
  });

  test("a broken configuration breaks no completion", async () => {
    const folder = projectFolder({ "wardline.config.json": "{" });
    expect(await complete(folder, "decide", "--tenant", "")).toEqual([]);
  });
});

test("bash completes with the script that is printed", async () => {
  const folder = projectFolder();
  const root = new URL("../../../", import.meta.url).pathname;
  mkdirSync(join(folder, "bin"));
  const main = join(root, "packages/cli/src/main.ts");
  writeFileSync(
    join(folder, "bin/wardline"),
    `#!/bin/sh\nexec "${process.execPath}" --conditions=@wardline/source "${main}" "$@"\n`,
  );
  chmodSync(join(folder, "bin/wardline"), 0o755);
  writeFileSync(join(folder, "completion"), (await run(folder, ["completion", "bash"])).out);
  const script = `
    source ./completion
    try() {
      COMP_LINE="$1"; COMP_POINT=\${#1}; read -r -a COMP_WORDS <<<"$1"; COMPREPLY=()
      _wardline; echo "\${COMPREPLY[*]}"
    }
    try "wardline check --format s"
    try "wardline check --format=s"
    try "wardline decide --tenant "
    try "wardline check nor"`;
  const printed = execFileSync("bash", ["-c", script], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, PATH: `${join(folder, "bin")}:${process.env["PATH"]}` },
  });
  expect(printed).toBe("sarif\nsarif\nnorth\n\n");
});

test.each(["zsh", "fish"])("%s has a script", async (shell) => {
  const ran = await run(projectFolder(), ["completion", shell]);
  expect(ran).toMatchObject({ code: 0, err: "" });
  expect(ran.out).toContain("complete -- ");
});

test("a shell that is not known exits 2", async () => {
  expect((await run(projectFolder(), ["completion", "tcsh"])).code).toBe(2);
});
