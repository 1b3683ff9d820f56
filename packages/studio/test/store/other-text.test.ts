/** What somebody else saved, as edits of what stands here: nothing of either side is lost. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DocumentStore } from "../../src/store/document-store.ts";
import { editsTo, editsToJoin } from "../../src/store/other-text.ts";

const line = fc.constantFrom("a\n", "b\n", "c\r\n", "\n");
const someText = fc
  .tuple(fc.array(line, { maxLength: 8 }), fc.constantFrom("", "end", "a"))
  .map(([lines, end]) => lines.join("") + end);

const edited = (text: string, edits: ReturnType<typeof editsTo>) => {
  const store = new DocumentStore([["f", text]]);
  store.take({ label: "x", edits, exact: true });
  return store.text("f");
};

test("the edits to another text make it, whatever ends its lines", () => {
  fc.assert(
    fc.property(someText, someText, (before, after) => {
      expect(edited(before, editsTo("f", before, after))).toBe(after);
    }),
  );
});

describe("what both changed", () => {
  const lines = (changes: Readonly<Record<number, string>>) =>
    Array.from({ length: 9 }, (_, at) => changes[at] ?? `line ${at}\n`).join("");
  const base = lines({});
  const joined = (mine: string, theirs: string, from = base) => {
    const edits = editsToJoin("f", from, mine, theirs);
    return edits === null ? null : edited(mine, edits);
  };

  test("in other lines stands beside each other", () => {
    const theirs = lines({ 0: "theirs\n", 4: "", 8: "line 8\ntheirs at the end\n" });
    const mine = lines({ 2: "mine\nand more\n", 6: "" });
    const both = lines({
      0: "theirs\n",
      2: "mine\nand more\n",
      4: "",
      6: "",
      8: "line 8\ntheirs at the end\n",
    });
    expect(joined(mine, theirs)).toBe(both);
    expect(joined(theirs, mine)).toBe(both);
    expect(joined(mine, mine)).toBe(mine);
    expect(joined(`${base}mine\n`, `${base}theirs\n`)).toBe(`${base}mine\ntheirs\n`);
  });

  test("in the same lines, or in lines that touch, is a person's to decide", () => {
    const mine = lines({ 4: "mine\n" });
    for (const at of [3, 4, 5]) expect(joined(mine, lines({ [at]: "theirs\n" }))).toBe(null);
    expect(joined(lines({ 4: "" }), lines({ 4: "theirs\n" }))).toBe(null);
    expect(joined("a mine", "a theirs", "a")).toBe(null);
  });
});

test("what was undone can be redone after what somebody else changed elsewhere, and not where they changed the same", () => {
  const text = "one\ntwo\nthree\nfour\n";
  const store = new DocumentStore([["f", text]]);
  const change = (from: string, to: string) => {
    const start = store.text("f")?.indexOf(from) ?? -1;
    store.edit({ label: to, edits: [{ span: { file: "f", start, end: start + from.length }, text: to }] });
  };
  change("four", "vier");
  change("two", "zwei");
  store.undo();
  store.undo();
  const taken = (theirs: string) =>
    store.take({ label: "theirs", edits: editsTo("f", store.text("f") ?? "", theirs), exact: true });
  taken(`zero\n${text}`);
  expect(store.redoLabel).toBe("vier");
  store.redo();
  expect(store.text("f")).toBe("zero\none\ntwo\nthree\nvier\n");
  taken("zero\none\n2\nthree\nvier\n");
  expect(store.redoLabel).toBe(null);
  while (store.undo());
  expect(store.text("f")).toBe(text);
});

describe("what nobody here asked for", () => {
  const numbers = "one\ntwo\nthree\nfour\n";
  const opened = () => {
    const store = new DocumentStore([
      ["f", numbers],
      ["g", numbers],
    ]);
    const at = (file: string, from: string, to: string) => {
      const start = store.text(file)?.indexOf(from) ?? -1;
      return { span: { file, start, end: start + from.length }, text: to };
    };
    const change = (...changes: readonly (readonly [string, string, string])[]) =>
      store.edit({ label: changes.join(" "), edits: changes.map((one) => at(...one)) });
    const receive = (theirs: string) =>
      store.receive({ label: "theirs", edits: editsTo("f", store.text("f") ?? "", theirs), exact: true });
    return { store, change, receive };
  };

  test("is no entry: undo and redo are about what was done here, on their text", () => {
    const { store, change, receive } = opened();
    change(["f", "four", "vier"]);
    change(["g", "one", "eins"]);
    change(["f", "two", "zwei"]);
    store.undo();
    receive("zero\none\ntwo\n3\nvier\n");
    expect([store.undoLabel, store.redoLabel]).toEqual(["g,one,eins", "f,two,zwei"]);
    while (store.undo());
    expect(store.text("f")).toBe("zero\none\ntwo\n3\nfour\n");
    expect(store.text("g")).toBe(numbers);
    while (store.redo());
    expect(store.text("f")).toBe("zero\none\nzwei\n3\nvier\n");
  });

  test("ends the undoing of what it is about, and leaves that of the other files, but for what is about both", () => {
    const { store, change, receive } = opened();
    change(["g", "one", "eins"]);
    change(["f", "one", "eins"], ["g", "two", "zwei"]);
    change(["g", "three", "drei"]);
    change(["f", "four", "vier"]);
    change(["f", "two", "zwei"]);
    receive("eins\nzwei\nthree\n4\n");
    while (store.undo());
    expect(store.text("f")).toBe("eins\ntwo\nthree\n4\n");
    expect(store.text("g")).toBe("eins\nzwei\nthree\nfour\n");
  });

  test("stays through any undoing and redoing", () => {
    const mine = fc.array(someText, { maxLength: 4 });
    fc.assert(
      fc.property(someText, mine, fc.nat(4), someText, (first, mineAfter, undone, theirs) => {
        const store = new DocumentStore([["f", first]]);
        for (const text of mineAfter)
          store.edit({ label: "mine", edits: editsTo("f", store.text("f") ?? "", text) });
        for (let left = undone; left > 0; left -= 1) store.undo();
        const before = store.text("f") ?? "";
        const edits = editsTo("f", before, theirs);
        store.receive({ label: "theirs", edits, exact: true });
        while (store.redo());
        const last = store.text("f");
        while (store.undo());
        const oldest = store.text("f") ?? "";
        for (const { text } of edits) expect(oldest).toContain(text);
        while (store.redo());
        expect(store.text("f")).toBe(last);
      }),
    );
  });
});

test("files come and go, and what was done to the others can be undone", () => {
  const store = new DocumentStore([
    ["a", "clerk"],
    ["b", "clerk"],
  ]);
  const rename = (file: string) => ({ span: { file, start: 0, end: 5 }, text: "cashier" });
  store.edit({ label: "b", edits: [rename("b")] });
  store.undo();
  store.edit({ label: "both", edits: [rename("a"), rename("b")] });
  store.removeFile("b");
  store.addFile("c", "new");
  expect(store.dirtyFiles).toEqual(["a"]);
  store.undo();
  expect(store.undoLabel).toBe(null);
  expect(store.files.map((file) => [file, store.text(file)])).toEqual([
    ["a", "clerk"],
    ["c", "new"],
  ]);
  store.redo();
  expect(store.text("a")).toBe("cashier");
});
