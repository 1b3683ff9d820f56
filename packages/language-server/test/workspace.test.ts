/** Which project a file is in, and what is told as files and configurations come, change and go. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { Diagnostic } from "vscode-languageserver";
import { filesBelow } from "../src/node/file-source.ts";
import { formatText } from "@wardline/compiler";
import { configDiagnostic } from "../src/server/diagnostic.ts";
import { referencesAcross, renameAcross } from "../src/server/across-projects.ts";
import { formatting } from "../src/server/document-features.ts";
import { renamesIn } from "../src/server/renamed-files.ts";
import { editsIn } from "../src/server/places.ts";
import type { LoadedProject } from "../src/workspace/load-project.ts";
import { normalUri, nameOfUri, uriOfName } from "../src/workspace/uri.ts";
import { Workspace, type Placed } from "../src/workspace/workspace.ts";
import { library } from "./library.ts";

/** A source over texts that a test changes. */
function storedTexts(texts: Map<string, string>) {
  const below = (folder: string, end: string) =>
    [...texts.keys()].filter((uri) => uri.startsWith(folder) && uri.endsWith(end)).toSorted();
  return new Workspace({
    read: (uri) => {
      const text = texts.get(uri);
      return text === undefined ? { problem: `there is no file ${uri}` } : { text };
    },
    exists: (uri) => texts.has(uri),
    wardFiles: (folder) => below(folder, ".ward"),
    configs: (folder) => below(folder, "/wardline.config.json"),
  });
}

const libraryAt = (folder: string) =>
  Object.entries(library).map(([name, text]) => [`file:///${folder}/${name}`, text] as const);

const open = (workspace: Workspace, uri: string, text: string) =>
  workspace.open(TextDocument.create(uri, "wardline", 1, text));

const codes = (workspace: Workspace, uri: string) =>
  workspace
    .projectOf(uri)
    ?.snapshot.findings()
    .map(({ code }) => code);

test.each([
  "untitled:Untitled-1",
  "untitled:/w/new.ward",
  "untitled:new.ward",
  "file:///w/new.ward",
  "wardline:///new.ward",
])("a file that stands nowhere yet is answered about: %s", (uri) => {
  const workspace = storedTexts(new Map());
  open(workspace, uri, "policy north for library\n\npermit a: reader to read Loan\n");
  const placed = workspace.at(uri);
  expect(placed?.project.uriOf(placed.file)).toBe(uri);
  expect(placed?.project.snapshot.parsed(placed.file)?.ast.statements).toHaveLength(1);
});

test("of a folder without end, such as a whole disk, what is near is looked at and no more", () => {
  const folder = mkdtempSync(join(tmpdir(), "wardline-huge-"));
  const put = (name: string) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), "");
  };
  for (const name of ["a/deep/er/far.ward", "z.ward", "b/near.ward", "node_modules/x.ward"]) put(name);
  symlinkSync("..", join(folder, "b/up"));
  const uri = pathToFileURL(`${folder}/`).href;
  const below = (most?: number) =>
    filesBelow(uri, (name) => name.endsWith(".ward"), most).map((one) => one.slice(uri.length));
  try {
    expect(below()).toEqual(["a/deep/er/far.ward", "b/near.ward", "z.ward"]);
    expect(below(7)).toEqual(["b/near.ward", "z.ward"]);
    expect(below(0)).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a file is in the project of the nearest configuration, whatever else the folder holds", () => {
  const texts = new Map([
    ...libraryAt("w/one"),
    ...libraryAt("w/two"),
    ["file:///w/one/sub/x.ward", "nonsense"],
  ]);
  const workspace = storedTexts(texts);
  workspace.setFolders(["file:///w"]);
  expect(workspace.projectOf("file:///w/one/north.ward")?.folder).toBe("file:///w/one/");
  expect(workspace.projectOf("file:///w/two/north.ward")?.folder).toBe("file:///w/two/");
  expect(workspace.all().map(({ folder }) => folder)).toEqual(["file:///w/one/", "file:///w/two/"]);
  expect(workspace.at("file:///w/one/north.ward")?.file).toBe("north.ward");
});

test("an opened text stands before the one that is stored, until it is closed", () => {
  const texts = new Map<string, string>(libraryAt("w"));
  const workspace = storedTexts(texts);
  const uri = "file:///w/north.ward";
  const before = codes(workspace, uri);
  open(workspace, uri, library["north.ward"].replace("resource.open", "resource.opn"));
  expect(codes(workspace, uri)).toEqual(["name/unknown"]);
  workspace.close(uri);
  expect(codes(workspace, uri)).toEqual(before);
});

test("what is typed in one project leaves another as it is, and all that was found in it", () => {
  const workspace = storedTexts(new Map([...libraryAt("w/one"), ...libraryAt("w/two")]));
  workspace.setFolders(["file:///w"]);
  const [one, two] = workspace.all();
  open(workspace, "file:///w/one/north.ward", `${library["north.ward"]}\nrole x extends reader\n`);
  expect(workspace.projectOf("file:///w/two/north.ward")).toBe(two);
  expect(workspace.projectOf("file:///w/one/north.ward")).not.toBe(one);
  open(
    workspace,
    "file:///w/two/wardline.config.json",
    library["wardline.config.json"].replace("{", '{ "lints": {},'),
  );
  expect(workspace.projectOf("file:///w/two/north.ward")).toBe(two);
  open(
    workspace,
    "file:///w/two/wardline.config.json",
    library["wardline.config.json"].replace('north":', 'south":'),
  );
  expect(workspace.projectOf("file:///w/two/north.ward")).not.toBe(two);
});

test("files that are created, changed and deleted outside are read again when it is told", () => {
  const texts = new Map<string, string>(libraryAt("w"));
  const workspace = storedTexts(texts);
  const uri = "file:///w/north.ward";
  codes(workspace, uri);
  texts.set(uri, "policy north for library\npermit\n");
  expect(codes(workspace, uri)).not.toContain("syntax/expected");
  workspace.forget([uri]);
  expect(codes(workspace, uri)).toContain("syntax/expected");
  texts.delete(uri);
  workspace.forget([uri]);
  const project = workspace.projectOf("file:///w/wardline.config.json");
  expect(project?.missing.map(({ at }) => at)).toEqual([{ key: "north", value: "north.ward" }]);
  expect(project?.snapshot.files).toEqual(["library.ward", "platform.ward"]);
});

test("a file outside of any project is checked by its header, with those beside it or alone", () => {
  const texts = new Map<string, string>(libraryAt("w"));
  texts.delete("file:///w/wardline.config.json");
  const workspace = storedTexts(texts);
  expect(codes(workspace, "file:///w/north.ward")).toContain("lint/forbid-without-because");
  open(workspace, "untitled:Untitled-1", "policy south for library\npermit a reader to read Loan\n");
  expect(codes(workspace, "untitled:Untitled-1")).toEqual(["syntax/expected"]);
  open(workspace, "file:///elsewhere/a.ward", "policy south for library\npermit a: reader to read Loan\n");
  expect(codes(workspace, "file:///elsewhere/a.ward")).toEqual([]);
});

test("a file that the configuration does not name is checked with the project's model, and told alone", () => {
  const workspace = storedTexts(new Map(libraryAt("w")));
  const uri = "file:///w/drafts/south.ward";
  open(workspace, uri, "policy south for library\npermit a: reader to read Lone\n");
  const placed = workspace.at(uri);
  expect(placed?.file).toBe("drafts/south.ward");
  expect([...(placed?.project.told ?? [])]).toEqual(["drafts/south.ward"]);
  expect(codes(workspace, uri)).toContain("name/unknown");
});

test("a text that was never saved is of the workspace's one project, and of none where there are several", () => {
  const uri = "untitled:Untitled-1";
  const text = "policy south for library\npermit a: reader to read Lone\n";
  const one = storedTexts(new Map(libraryAt("w")));
  one.setFolders(["file:///w"]);
  open(one, uri, text);
  const placed = one.at(uri);
  expect(placed?.project.uriOf(placed.file)).toBe(uri);
  expect([...(placed?.project.told ?? [])]).toEqual(["Untitled-1"]);
  expect(placed?.project.uriOf("library.ward")).toBe("file:///w/library.ward");
  expect(codes(one, uri)).toContain("name/unknown");
  const two = storedTexts(new Map([...libraryAt("w/a"), ...libraryAt("w/b")]));
  two.setFolders(["file:///w"]);
  open(two, uri, text);
  expect(codes(two, uri)).toEqual([]);
});

test("of a file that is in no project it is said why, where it needs a model", () => {
  const files = libraryAt("w").filter(([uri]) => !uri.endsWith(".json"));
  const problem = (texts: readonly (readonly [string, string])[], uri: string) =>
    storedTexts(new Map(texts)).projectOf(uri)?.problem?.problem ?? null;
  expect(problem(files, "file:///w/north.ward")).toBeNull();
  expect(problem(files.slice(1), "file:///w/north.ward")).toBe("no file begins with `model`");
  expect(problem(files.slice(1), "file:///w/platform.ward")).toBe("no file begins with `model`");
  expect(problem([["file:///w/p.ward", "pack p 1.0\n"]], "file:///w/p.ward")).toBeNull();
  const twice = [...files, ["file:///w/zoo.ward", "model zoo\n"] as const];
  expect(problem(twice, "file:///w/north.ward")).toContain("more than one file");
});

test("a folder that goes takes with it what was read of it, and what is of no project changes nothing", () => {
  const texts = new Map<string, string>(
    libraryAt("w").map(([uri, text]) => [uri, text.replace('"north.ward"', '"tenants/north.ward"')]),
  );
  texts.set("file:///w/tenants/north.ward", library["north.ward"]);
  const workspace = storedTexts(texts);
  const config = "file:///w/wardline.config.json";
  expect(workspace.projectOf(config)?.missing).toEqual([]);
  texts.delete("file:///w/tenants/north.ward");
  const { revision } = workspace;
  workspace.forget(["file:///w/dist/a.js", "file:///w/tenant", "file:///w/node_modules"]);
  expect(workspace.revision).toBe(revision);
  workspace.forget(["file:///w/tenants"]);
  expect(workspace.projectOf(config)?.missing.map(({ at }) => at?.value)).toEqual(["tenants/north.ward"]);
});

test("edits are of the versions that are opened, for clients that know of versions", () => {
  const workspace = storedTexts(new Map(libraryAt("w")));
  const uri = "file:///w/north.ward";
  workspace.open(TextDocument.create(uri, "wardline", 7, library["north.ward"]));
  const project = workspace.projectOf(uri) as LoadedProject;
  const edits = ["north.ward", "platform.ward"].map((file) => ({
    span: { file, start: 0, end: 6 },
    text: "x",
  }));
  const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 6 } };
  const own = [{ range, newText: "x" }];
  expect(editsIn(workspace, {})({ project, edits })).toEqual({
    changes: { [uri]: own, "file:///w/platform.ward": own },
  });
  const client = { workspace: { workspaceEdit: { documentChanges: true } } };
  expect(editsIn(workspace, client)({ project, edits })).toEqual({
    documentChanges: [
      { textDocument: { uri, version: 7 }, edits: own },
      { textDocument: { uri: "file:///w/platform.ward", version: null }, edits: own },
    ],
  });
});

test("formatting leaves it to the document how its lines end", () => {
  const uri = "file:///w/north.ward";
  const written =
    'policy north for library\n\npermit  look: reader to read Loan\n\n\n// 𝒳\nforbid stop: reader to read Loan because "no"\n';
  const result = formatText({ name: "north.ward", text: written });
  const plain = "text" in result ? result.text : "";
  expect(plain).not.toBe(written);
  for (const end of ["\n", "\r\n"]) {
    const formatted = (text: string) => {
      const workspace = storedTexts(new Map(libraryAt("w")));
      open(workspace, uri, text.replaceAll("\n", end));
      const placed = workspace.at(uri) as Placed;
      return TextDocument.applyEdits(placed.document, formatting(placed, null) ?? []);
    };
    expect(formatted(written)).toBe(plain.replaceAll("\n", end));
    expect(formatted(plain)).toBe(plain.replaceAll("\n", end));
  }
});

test("a configuration goes along with files and folders that are called otherwise", () => {
  const config = "file:///w/a/wardline.config.json";
  const named = `{ "model": "../library.ward", "platform": ["./policy/p.ward", "p.ward"],\n  "tenants": { "policy/p.ward": "policy/north.ward" } }`;
  const texts = new Map([
    [config, named],
    ["file:///w/library.ward", library["library.ward"]],
    ["file:///w/a/policy/p.ward", library["platform.ward"]],
    ["file:///w/a/policy/north.ward", library["north.ward"]],
  ]);
  const after = (...moves: readonly (readonly [string, string])[]) => {
    const workspace = storedTexts(texts);
    workspace.setFolders(["file:///w"]);
    const files = moves.map(([oldUri, newUri]) => ({ oldUri, newUri }));
    const edits = renamesIn(workspace, files)[config] ?? [];
    return TextDocument.applyEdits(TextDocument.create(config, "json", 0, named), edits);
  };
  const [from, to] = ["file:///w/a/policy", "file:///w/a/rules"];
  expect(after([`${from}/north.ward`, `${from}/south.ward`])).toBe(
    named.replace('"policy/north.ward"', '"policy/south.ward"'),
  );
  // The name of a tenant is none of a file, though it looks so.
  expect(after([from, to])).toBe(
    named.replace('"./policy/p.ward"', '"rules/p.ward"').replace('"policy/north.ward"', '"rules/north.ward"'),
  );
  expect(after(["file:///w/library.ward", "file:///w/models/l.ward"])).toContain('"../models/l.ward"');
  expect(after(["file:///w/a/pol", "file:///w/a/x"], ["file:///w/a", "file:///w/b"])).toBe(named);
});

test("what projects share is found and renamed in all of them, or in none", () => {
  const config = (tenant: string) =>
    `{ "model": "../library.ward", "platform": [], "tenants": { "${tenant}": "${tenant}.ward" } }`;
  const policy = (tenant: string, more: string) =>
    `policy ${tenant} for library\npermit look: reader to read Loan when resource.open\n${more}`;
  const uris = ["file:///w/a/north.ward", "file:///w/b/south.ward", "file:///w/library.ward"];
  const made = (more: string) => {
    const workspace = storedTexts(
      new Map([
        ["file:///w/library.ward", library["library.ward"]],
        ["file:///w/a/wardline.config.json", config("north")],
        ["file:///w/a/north.ward", policy("north", "")],
        ["file:///w/b/wardline.config.json", config("south")],
        ["file:///w/b/south.ward", policy("south", more)],
      ]),
    );
    workspace.setFolders(["file:///w"]);
    const placed = workspace.at(uris[0] as string) as Placed;
    return { workspace, placed, offset: placed.document.getText().indexOf("resource.open") + 9 };
  };
  const { workspace, placed, offset } = made("");
  expect(
    referencesAcross(workspace, placed, offset, true)
      .map(({ uri }) => uri)
      .toSorted(),
  ).toEqual(uris);
  const renamed = renameAcross(workspace, placed, offset, "is_open");
  if ("refused" in renamed) throw new Error(renamed.refused);
  const { changes } = editsIn(workspace, {})(...renamed);
  expect(Object.keys(changes ?? {}).toSorted()).toEqual(uris);
  for (const own of Object.values(changes ?? {}))
    expect(new Set(own.map((one) => JSON.stringify(one))).size).toBe(own.length);
  const role = "reader_two";
  const place = placed.document.getText().indexOf("reader");
  expect(renameAcross(workspace, placed, place, role)).not.toHaveProperty("refused");
  const taken = made(`role ${role}\n`);
  expect(renameAcross(taken.workspace, taken.placed, place, role)).toMatchObject({
    refused: expect.stringContaining(role) as string,
  });
});

test("a project's files may stand outside of its folder", () => {
  const config = `{ "model": "../shared/library.ward", "platform": [], "tenants": { "north": "north.ward" } }`;
  const texts = new Map([
    ["file:///w/one/wardline.config.json", config],
    ["file:///w/shared/library.ward", library["library.ward"]],
    ["file:///w/one/north.ward", library["north.ward"]],
  ]);
  const workspace = storedTexts(texts);
  workspace.setFolders(["file:///w/"]);
  expect(workspace.at("file:///w/shared/library.ward")?.file).toBe("../shared/library.ward");
  expect(workspace.projectOf("file:///w/shared/library.ward")?.folder).toBe("file:///w/one/");
});

describe("a configuration that is wrong is told in itself", () => {
  const whole = library["wardline.config.json"];
  const marked = (text: string): readonly [Diagnostic | undefined, string] => {
    const uri = "file:///w/wardline.config.json";
    const workspace = storedTexts(new Map([...libraryAt("w"), [uri, text]]));
    const document = TextDocument.create(uri, "json", 1, text);
    const project = workspace.projectOf(uri);
    const [problem] = [...(project?.problem === null ? [] : [project?.problem]), ...(project?.missing ?? [])];
    if (problem === undefined) return [undefined, ""];
    const told = configDiagnostic(document, problem);
    return [told, document.getText(told.range)];
  };

  test.each([
    ['"platform":', '"platfrom":', "unknown key", '"platfrom"'],
    ['"library.ward"', '"libary.ward"', "there is no file", '"libary.ward"'],
    ['"library.ward"', "7", "`model` must be a file name", '"model"'],
    ['["platform.ward"]', '["platform.ward", 1]', "`platform[1]` must be a file name", '"platform"'],
    ['"north.ward"', "[]", "`tenants.north` must be a file name", '"north"'],
    ['{ "model"', '{ "lints": { "lint/wildcrd": "off" }, "model"', "there is no lint", '"lint/wildcrd"'],
    ['{ "model"', '{ "lints": { "lint/wildcard": "loud" }, "model"', "must be one of", '"lint/wildcard"'],
    ['"model":', '"model" "x":', "is not JSON", '"'],
  ])("%s → %s", (from, to, words, place) => {
    const [told, at] = marked(whole.replace(from, to));
    expect(told?.message).toContain(words);
    expect(at).toBe(place);
  });
});

test("one place has one spelling", () => {
  expect(normalUri("file:///c%3A/a%20b/x.ward")).toBe(normalUri("file:///C:/a b/x.ward"));
  expect(nameOfUri("file:///w/one/", "file:///w/one/a%20b/%C3%BC.ward")).toBe("a b/ü.ward");
  expect(uriOfName("file:///w/one/", "../a b/./ü.ward")).toBe("file:///w/a%20b/%C3%BC.ward");
  expect(nameOfUri("file:///w/one/", uriOfName("file:///w/one/", "../../x.ward"))).toBe("../../x.ward");
  expect(normalUri("not a uri")).toBe("not a uri");
  expect(normalUri("file:///%E0%A4%A")).toBe(normalUri("file:///%E0%A4%A"));
});
