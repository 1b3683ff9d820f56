/** What one entry of the history is, what is dirty, and what the store does not take. */
import { describe, expect, test } from "vitest";
import type { TextEdit } from "@wardline/core";
import { DocumentStore } from "../../src/store/document-store.ts";

const edit = (file: string, start: number, end: number, text: string): TextEdit => ({
  span: { file, start, end },
  text,
});

/** Types at the end, letter by letter. */
function type(store: DocumentStore, file: string, letters: string): void {
  for (const letter of letters) {
    const end = store.text(file)?.length ?? 0;
    store.edit({ label: "Edit the text", edits: [edit(file, end, end, letter)], typing: true });
  }
}

function textsBack(store: DocumentStore, file: string): readonly string[] {
  const texts = [store.text(file) ?? ""];
  while (store.undo()) texts.push(store.text(file) ?? "");
  return texts;
}

test("what is put into a text ends its lines as the text does, but for a text that is taken as it is", () => {
  const store = new DocumentStore([
    ["windows", "a\r\nb\r\n"],
    ["mixed", "a\r\nb\n"],
    ["plain", "a\n"],
  ]);
  const lines = "x\ny\r\nz\n";
  for (const file of store.files) store.edit({ label: "Keep", edits: [edit(file, 0, 0, lines)] });
  expect(store.files.map((file) => store.text(file))).toEqual([
    "x\r\ny\r\nz\r\na\r\nb\r\n",
    `${lines}a\r\nb\n`,
    `${lines}a\n`,
  ]);
  store.edit({ label: "Take", edits: [edit("windows", 0, 15, "x\n")], exact: true });
  expect(store.text("windows")).toBe("x\n");
  while (store.undo());
  expect(store.text("windows")).toBe("a\r\nb\r\n");
});

describe("typing", () => {
  test("is taken back by words", () => {
    const store = new DocumentStore([["a", ""]]);
    type(store, "a", "permit desk\nto");
    expect(textsBack(store, "a")).toEqual(["permit desk\nto", "permit desk\n", "permit desk", "permit ", ""]);
  });

  test("begins anew where something else came between", () => {
    const store = new DocumentStore([["a", ""]]);
    type(store, "a", "ab");
    store.edit({ label: "Change who", edits: [edit("a", 0, 1, "A")] });
    type(store, "a", "cd");
    store.pause();
    type(store, "a", "ef");
    expect(textsBack(store, "a")).toEqual(["Abcdef", "Abcd", "Ab", "ab", ""]);
  });

  test("that is undone and redone takes no more letters", () => {
    const store = new DocumentStore([["a", ""]]);
    type(store, "a", "ab");
    store.undo();
    store.redo();
    type(store, "a", "c");
    expect(textsBack(store, "a")).toEqual(["abc", "ab", ""]);
  });

  test("at several carets is taken back by words too, at all of them", () => {
    const store = new DocumentStore([["a", "1 \n2 \n3 \n"]]);
    const carets = [2, 5, 8];
    for (const letter of "so on") {
      const edits = carets.map((at) => edit("a", at, at, letter));
      store.edit({ label: "Edit the text", edits, typing: true });
      carets.forEach((at, index) => (carets[index] = at + index + 1));
    }
    expect(textsBack(store, "a")).toEqual([
      "1 so on\n2 so on\n3 so on\n",
      "1 so \n2 so \n3 so \n",
      "1 \n2 \n3 \n",
    ]);
  });

  test("and deleting at several carets is one entry until they meet", () => {
    const store = new DocumentStore([["a", "abcdefgh"]]);
    const remove = (...starts: readonly number[]) =>
      store.edit({ label: "x", edits: starts.map((at) => edit("a", at, at + 1, "")), typing: true });
    for (const starts of [
      [3, 7],
      [2, 5],
    ])
      remove(...starts);
    expect(textsBack(store, "a")).toEqual(["abef", "abcdefgh"]);
    while (store.redo());
    remove(1, 3);
    remove(0, 1);
    expect(textsBack(store, "a")).toEqual(["", "abef", "abcdefgh"]);
    remove(2, 3);
    remove(2, 3);
    expect(textsBack(store, "a")).toEqual(["abgh", "abefgh", "abcdefgh"]);
  });

  test("in one gesture is one entry under its first name, whatever was edited, and what follows another", () => {
    const store = new DocumentStore([["a", ""]]);
    const gesture = {};
    const put = (text: string, end: number, of: object) =>
      store.edit({ label: text, edits: [edit("a", 0, end, text)], typing: true, gesture: of });
    put("か", 0, gesture);
    put("かん", 1, gesture);
    put("漢字", 2, gesture);
    expect(store.undoLabel).toBe("か");
    put("!", 0, {});
    store.pause();
    put("?", 0, gesture);
    expect(textsBack(store, "a")).toEqual(["?!漢字", "!漢字", "漢字", ""]);
  });

  test("backwards and forwards over letters is taken back at once", () => {
    const store = new DocumentStore([["a", "abcdef"]]);
    for (const [start, end] of [
      [3, 4],
      [2, 3],
    ] as const)
      store.edit({ label: "x", edits: [edit("a", start, end, "")], typing: true });
    for (let times = 0; times < 2; times += 1)
      store.edit({ label: "x", edits: [edit("a", 2, 3, "")], typing: true });
    expect(textsBack(store, "a")).toEqual(["ab", "abcdef"]);
  });
});

test("a rename over several files is one entry", () => {
  const store = new DocumentStore([
    ["a", "clerk"],
    ["b", "x clerk clerk"],
  ]);
  const edits = [edit("b", 8, 13, "cashier"), edit("a", 0, 5, "cashier"), edit("b", 2, 7, "cashier")];
  expect(store.edit({ label: "Rename to cashier", edits })).toBe(true);
  expect([store.text("a"), store.text("b")]).toEqual(["cashier", "x cashier cashier"]);
  expect(store.undoLabel).toBe("Rename to cashier");
  store.undo();
  expect([store.text("a"), store.text("b")]).toEqual(["clerk", "x clerk clerk"]);
});

test("what is put at one place stands in the order in which it was given", () => {
  const store = new DocumentStore([["a", "[]"]]);
  store.edit({ label: "x", edits: [edit("a", 1, 1, "1"), edit("a", 1, 1, "2"), edit("a", 1, 2, "}")] });
  expect(store.text("a")).toBe("[12}");
});

test("a file is changed until its text is what was saved", () => {
  const store = new DocumentStore([["a", "1"]]);
  store.edit({ label: "x", edits: [edit("a", 1, 1, "2")] });
  expect(store.dirtyFiles).toEqual(["a"]);
  store.undo();
  expect(store.dirtyFiles).toEqual([]);
  store.redo();
  store.markSaved("a", "12");
  expect(store.isDirty("a")).toBe(false);
  store.undo();
  expect(store.isDirty("a")).toBe(true);
});

test("edits that do not fit change nothing, not even a part", () => {
  const store = new DocumentStore([["a", "1234"]]);
  const wrong: readonly (readonly TextEdit[])[] = [
    [edit("a", 0, 1, "x"), edit("a", 3, 5, "x")],
    [edit("a", 0, 2, "x"), edit("a", 1, 3, "y")],
    [edit("a", 0, 1, "x"), edit("nowhere", 0, 0, "x")],
    [edit("a", 2, 1, "x")],
    [edit("a", -1, 0, "x")],
    [edit("a", 0.5, 1, "x")],
    [edit("a", 0, 1, "1")],
    [],
  ];
  for (const edits of wrong) expect(store.edit({ label: "x", edits })).toBe(false);
  expect([store.text("a"), store.revision, store.undoLabel]).toEqual(["1234", 0, null]);
});

test("edits that were made from an earlier text are not taken, though they would fit", () => {
  const store = new DocumentStore([["a", "permit"]]);
  const made = store.revision;
  store.edit({ label: "x", edits: [edit("a", 0, 0, "// a\n")] });
  expect(store.edit({ label: "y", edits: [edit("a", 0, 6, "forbid")] }, null, made)).toBe(false);
  expect(store.text("a")).toBe("// a\npermit");
  store.undo();
  expect(store.edit({ label: "y", edits: [edit("a", 0, 6, "forbid")] }, null, made)).toBe(false);
  expect(store.edit({ label: "y", edits: [edit("a", 0, 6, "forbid")] }, null, store.revision)).toBe(true);
});
