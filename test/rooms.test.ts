/** The table of rooms: what each package may import. A package.json or a source file that says otherwise fails. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const root = new URL("..", import.meta.url).pathname;
const rooms: Readonly<Record<string, readonly string[]>> = {
  core: [],
  compiler: ["core"],
  backends: ["core"],
  isolation: ["core"],
  sdk: ["core", "backends", "isolation"],
  "language-server": ["core", "compiler", "backends"],
  studio: ["core", "compiler", "backends", "language-server"],
  vscode: ["language-server"],
  cli: ["core", "compiler", "backends", "isolation", "sdk", "language-server", "studio"],
  "database-testing": [],
  bench: [
    "core",
    "compiler",
    "backends",
    "isolation",
    "sdk",
    "language-server",
    "studio",
    "cli",
    "database-testing",
  ],
};
/** What tests of any room may use besides. */
const forTests = ["database-testing"];
const browserRooms = ["core", "compiler", "backends", "language-server"];
/** Where a room that runs in a browser may touch Node all the same. */
const nodeFolder = /^packages\/language-server\/src\/node\//;

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly exports?: object;
  readonly publishConfig?: { readonly exports: object };
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
}

const readManifest = (folder: string) =>
  JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) as Manifest;
const roomsIn = (dependencies: Record<string, string> = {}) =>
  Object.keys(dependencies)
    .filter((name) => name.startsWith("@wardline/"))
    .map((name) => name.slice("@wardline/".length));

function sourcesOf(folder: string): readonly { readonly name: string; readonly text: string }[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => ({ name: join(folder, name), text: readFileSync(join(root, folder, name), "utf8") }));
}

const imported = (text: string) =>
  [...text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map((match) => match[1] as string);

test("every package is a room of the table, and every room a package", () => {
  expect(readdirSync(join(root, "packages")).toSorted()).toEqual(Object.keys(rooms).toSorted());
});

describe.each(Object.entries(rooms))("%s", (room, allowed) => {
  const manifest = readManifest(`packages/${room}`);

  test("is called what the table calls it, and has a README of its own", () => {
    expect(manifest.name).toBe(`@wardline/${room}`);
    expect(readFileSync(join(root, "packages", room, "README.md"), "utf8")).toContain(`@wardline/${room}`);
  });

  test("depends on no other rooms", () => {
    expect(roomsIn(manifest.dependencies).filter((name) => !allowed.includes(name))).toEqual([]);
    const forDevelopment = [...allowed, ...forTests];
    expect(roomsIn(manifest.devDependencies).filter((name) => !forDevelopment.includes(name))).toEqual([]);
  });

  test("imports no other rooms, from sources and tests, and reaches into none", () => {
    const outside = (files: ReturnType<typeof sourcesOf>, rooms: readonly string[]) =>
      files.flatMap((file) =>
        imported(file.text)
          .filter(
            (name) =>
              name.startsWith("@wardline/") ||
              /\.\.\/(?:core|compiler|backends|isolation|sdk|cli|language-server|studio|vscode|database-testing|bench)\//.test(
                name,
              ),
          )
          .filter((name) => !rooms.includes(name.split("/")[1] ?? "") && name !== `@wardline/${room}`)
          .map((name) => `${file.name}: ${name}`),
      );
    expect(outside(sourcesOf(`packages/${room}/src`), allowed)).toEqual([]);
    expect(outside(testsOf(room), [...allowed, ...forTests])).toEqual([]);
  });

  if (browserRooms.includes(room))
    test("imports no module of Node", () => {
      const browser = sourcesOf(`packages/${room}/src`).filter(({ name }) => !nodeFolder.test(name));
      const node = browser.flatMap((file) =>
        imported(file.text)
          .filter((name) => name.startsWith("node:"))
          .map((name) => `${file.name}: ${name}`),
      );
      expect(node).toEqual([]);
    });
});

function testsOf(room: string): ReturnType<typeof sourcesOf> {
  try {
    return sourcesOf(`packages/${room}/test`);
  } catch {
    return [];
  }
}

test("what is published never points at sources", () => {
  for (const room of Object.keys(rooms)) {
    const { private: hidden, publishConfig, exports: sources } = readManifest(`packages/${room}`);
    if (hidden === true) continue;
    expect(Object.keys(publishConfig?.exports ?? {})).toEqual(Object.keys(sources ?? {}));
    expect(JSON.stringify(publishConfig)).not.toMatch(/"\.\/src\//);
  }
});

test.each(["bench", "database-testing", "vscode"])("%s is never published", (room) => {
  expect(readManifest(`packages/${room}`).private).toBe(true);
});

test("examples import the sdk, and run the `wardline` command, alone", () => {
  // An example without a package is policies alone.
  const packaged = readdirSync(join(root, "examples")).filter((name) =>
    existsSync(join(root, "examples", name, "package.json")),
  );
  expect(packaged).toContain("clinic");
  for (const name of packaged) {
    for (const room of roomsIn(readManifest(`examples/${name}`).dependencies))
      expect(["sdk", "cli"]).toContain(room);
    const outside = sourcesOf(`examples/${name}/src`).flatMap((file) =>
      imported(file.text).filter(
        (module) => module.startsWith("@wardline/") && !/^@wardline\/(?:sdk(?:\/.+)?|cli)$/.test(module),
      ),
    );
    expect(outside).toEqual([]);
  }
});

test("no table, column or tenant of an example stands in a package", () => {
  const config = JSON.parse(readFileSync(join(root, "examples/clinic/wardline.config.json"), "utf8")) as {
    tenants: object;
  };
  const model = readFileSync(join(root, "examples/clinic/policy/clinic.ward"), "utf8");
  const names = [
    ...Object.keys(config.tenants),
    ...[...model.matchAll(/(?:stored in|via) (\w+)/g)].map((match) => match[1] as string),
    ...[...model.matchAll(/^(?:entity|principal) [^{]*\{([^}]*)\}/gm)].flatMap((match) =>
      [...(match[1] as string).matchAll(/^ {2}(\w+):/gm)].map((field) => field[1] as string),
    ),
    ...[...model.matchAll(/^(?:entity|principal|relation) (\w+)/gm)].map((match) => match[1] as string),
  ];
  /** Words that any program uses. */
  const common = new Set(["name", "session", "tags", "notes", "email", "at", "summary", "User", "Service"]);
  for (const word of ["parent_id", "tag", "department"]) common.add(word);
  const telling = [...new Set(names)].filter((name) => !common.has(name));
  expect(telling).toContain("patients");
  const pattern = new RegExp(`\\b(?:${telling.join("|")})\\b`, "g");
  const found = Object.keys(rooms).flatMap((room) =>
    [...sourcesOf(`packages/${room}/src`), ...testsOf(room)].flatMap((file) =>
      [...file.text.matchAll(pattern)].map((match) => `${file.name}: ${match[0]}`),
    ),
  );
  expect(found).toEqual([]);
});
