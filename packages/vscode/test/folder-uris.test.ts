/** Files of the editor's folders as the server in a worker names them, there and back. */
import { expect, test } from "vitest";
import { givenName, givenPlace, givenUri } from "../src/folder-uris.ts";

test.each([
  ["vscode-vfs://github/a/b", "/policy/a.ward", ["policy", "a.ward"]],
  ["vscode-remote://host%2Bx:80/tmp/50%25 ü", "/a b/#1?.ward", ["a b", "#1?.ward"]],
  ["memfs:/", "wardline.config.json", ["wardline.config.json"]],
  ["memfs:/one", "", []],
])("%s, %s", (folder, path, parts) => {
  const name = givenName(folder, path);
  expect(name.split("/")).toHaveLength(parts.length + 1);
  const uri = givenUri(name);
  expect(new URL(uri).href).toBe(uri);
  expect(givenPlace(uri)).toEqual({ folder, parts });
});

test("what is elsewhere stays", () => {
  expect(givenPlace("untitled:Untitled-1")).toBeUndefined();
});
