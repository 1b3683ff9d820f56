/** Saving goes on upon the version that the last save gave, also when it is asked for again meanwhile. */
import { describe, expect, test } from "vitest";
import type { ProjectHost, SaveAnswer } from "../../src/host/project-host.ts";
import { saverOf } from "../../src/session/save-files.ts";
import { DocumentStore } from "../../src/store/document-store.ts";
import { editsTo } from "../../src/store/other-text.ts";

/** One file whose text changes only upon its version, after a while. */
function slowHost(): ProjectHost {
  let version = 1;
  return {
    saveWord: "Save",
    open: () => Promise.reject(new Error("nothing is opened here")),
    save: async (_, text, base): Promise<SaveAnswer> => {
      await new Promise((resolve) => setImmediate(resolve));
      if (base !== String(version)) return { kind: "conflict", text, version: String(version) };
      version += 1;
      return { kind: "saved", version: String(version) };
    },
  };
}

test("a save that is asked for during another one is no conflict with it", async () => {
  const store = new DocumentStore([["a", "one"]]);
  const saver = saverOf(slowHost(), store, [["a", "1"]]);
  const change = (text: string) =>
    store.edit({ label: "x", edits: [{ span: { file: "a", start: 0, end: 0 }, text }] });
  change("b");
  const first = saver.save();
  const again = saver.save();
  expect(await first).toEqual({ kind: "saved", files: ["a"] });
  expect(await again).toEqual({ kind: "saved", files: [] });
  change("c");
  expect(await saver.save()).toEqual({ kind: "saved", files: ["a"] });
  expect(store.dirtyFiles).toEqual([]);
});

describe("what somebody else does meanwhile", () => {
  const base = "one\ntwo\nthree\n";
  const opened = (mine: string) => {
    const store = new DocumentStore([["a", base]]);
    const made: string[] = [];
    const host: ProjectHost = {
      ...slowHost(),
      save: (_, text, version) => Promise.resolve({ kind: "saved", version: `${version}+${text.length}` }),
      create: (_, text) => {
        made.push(text);
        return Promise.resolve({ kind: "saved", version: "made" });
      },
    };
    const saver = saverOf(host, store, [["a", "1"]]);
    store.edit({ label: "mine", edits: editsTo("a", base, mine) });
    return { store, saver, made };
  };
  const told = (text: string) => [{ name: "a", text, version: "2" }];

  test("is told where I have changed the file, and can stand beside mine", async () => {
    const { store, saver } = opened("mine\ntwo\nthree\n");
    saver.notice(told("one\ntwo\ntheirs\n"));
    const conflict = saver.conflicts.get().get("a");
    expect(conflict).toEqual({ file: "a", theirs: "one\ntwo\ntheirs\n", version: "2", base: "1" });
    expect(store.text("a")).toBe("mine\ntwo\nthree\n");
    expect(conflict !== undefined && saver.canKeepBoth(conflict) && saver.keepBoth(conflict)).toBe(true);
    expect(store.text("a")).toBe("mine\ntwo\ntheirs\n");
    expect([store.dirtyFiles, saver.conflicts.get().size]).toEqual([["a"], 0]);
    expect(await saver.save()).toEqual({ kind: "saved", files: ["a"] });
    store.undo();
    store.undo();
    expect(store.text("a")).toBe(base);
  });

  test("is no conflict where it comes to the same, or goes back to what it was", () => {
    const { store, saver } = opened("mine\n");
    saver.notice(told("theirs\n"));
    expect(saver.conflicts.get().size).toBe(1);
    saver.notice([{ name: "a", text: base, version: "1" }]);
    expect(saver.conflicts.get().size).toBe(0);
    saver.notice(told("mine\n"));
    expect([saver.conflicts.get().size, store.dirtyFiles]).toEqual([0, []]);
  });

  test("to a file that they remove: mine stays until I save it again or let it go", async () => {
    const { store, saver, made } = opened("mine\n");
    saver.notice([]);
    const conflict = saver.conflicts.get().get("a");
    expect(conflict?.theirs).toBe(null);
    saver.adopt([]);
    expect(store.text("a")).toBe("mine\n");
    if (conflict === undefined) return;
    expect(await saver.keepMine(conflict)).toEqual({ kind: "saved", files: ["a"] });
    expect([made, store.dirtyFiles]).toEqual([["mine\n"], []]);
    saver.letGo(conflict);
    saver.adopt([]);
    expect(store.files).toEqual([]);
  });
});

test("a save over theirs that fails takes nothing for known: the conflict stays, and so does the other's text", async () => {
  const store = new DocumentStore([
    ["a", "one"],
    ["b", "one"],
  ]);
  const disk = new Map([
    ["a", { text: "one", version: 1 }],
    ["b", { text: "one", version: 1 }],
  ]);
  let isFull = false;
  const host: ProjectHost = {
    ...slowHost(),
    save: (name, text, base): Promise<SaveAnswer> => {
      const now = disk.get(name) as { text: string; version: number };
      if (base !== String(now.version))
        return Promise.resolve({ kind: "conflict", text: now.text, version: String(now.version) });
      if (isFull) return Promise.resolve({ kind: "refused", reason: "the disk is full" });
      disk.set(name, { text, version: now.version + 1 });
      return Promise.resolve({ kind: "saved", version: String(now.version + 1) });
    },
  };
  const saver = saverOf(host, store, [
    ["a", "1"],
    ["b", "1"],
  ]);
  const change = (file: string, text: string) =>
    store.edit({ label: "x", edits: [{ span: { file, start: 0, end: 0 }, text }] });
  const notice = () =>
    saver.notice([...disk].map(([name, { text, version }]) => ({ name, text, version: String(version) })));
  change("a", "mine ");
  change("b", "mine ");
  for (const name of ["a", "b"]) disk.set(name, { text: "theirs", version: 2 });
  notice();
  const conflict = saver.conflicts.get().get("b");
  if (conflict === undefined) throw new Error("no conflict of b is told");

  isFull = true;
  expect(await saver.keepMine(conflict)).toEqual({ kind: "refused", reason: "the disk is full" });
  notice();
  expect([...saver.conflicts.get().keys()]).toEqual(["a", "b"]);
  store.undo();
  notice();
  expect([store.text("b"), store.isDirty("b")]).toEqual(["theirs", false]);

  store.redo();
  isFull = false;
  change("b", "again ");
  const mine = store.text("b");
  const outcome = await saver.keepMine({ file: "b", theirs: "theirs", version: "2", base: "2" });
  expect(outcome).toMatchObject({ kind: "conflict", conflict: { file: "a", theirs: "theirs" } });
  expect([disk.get("a")?.text, disk.get("b")?.text]).toEqual(["theirs", mine]);
});

test("a file that was let go and is edited again is told to be removed, upon the version that it had", async () => {
  const store = new DocumentStore([["a", "one"]]);
  const bases: string[] = [];
  const host: ProjectHost = {
    ...slowHost(),
    save: (_, __, base): Promise<SaveAnswer> => {
      bases.push(base);
      return Promise.resolve({ kind: "removed" });
    },
  };
  const saver = saverOf(host, store, [["a", "1"]]);
  saver.letGo({ file: "a", theirs: null, version: "", base: "1" });
  store.edit({ label: "x", edits: [{ span: { file: "a", start: 0, end: 0 }, text: "more" }] });
  expect(await saver.save()).toMatchObject({ kind: "conflict", conflict: { file: "a", theirs: null } });
  expect(bases).toEqual(["1"]);
});

test("one that cannot be saved keeps no other from it, but where nobody answers", async () => {
  const names = ["a", "b", "c"];
  const store = new DocumentStore(names.map((name) => [name, "one"]));
  const asked: string[] = [];
  let answers: Readonly<Record<string, SaveAnswer>> = {};
  const host: ProjectHost = {
    ...slowHost(),
    save: (name) => {
      asked.push(name);
      return Promise.resolve(answers[name] ?? { kind: "saved", version: "2" });
    },
  };
  const saver = saverOf(
    host,
    store,
    names.map((name) => [name, "1"]),
  );
  for (const file of names)
    store.edit({ label: "x", edits: [{ span: { file, start: 0, end: 0 }, text: "mine " }] });
  answers = { b: { kind: "unanswered", reason: "no answer" } };
  expect(await saver.save()).toEqual({ kind: "refused", reason: "no answer", unanswered: true });
  expect([asked, store.dirtyFiles]).toEqual([
    ["a", "b"],
    ["b", "c"],
  ]);
  answers = { b: { kind: "refused", reason: "the disk is full" } };
  expect(await saver.save()).toEqual({ kind: "refused", reason: "the disk is full" });
  expect(store.dirtyFiles).toEqual(["b"]);
  store.undo();
  expect(store.text("b")).toBe("mine one");
  store.undo();
  // What was sent may have been written: there is something to save, though the text is as it was.
  expect([store.text("b"), store.dirtyFiles.includes("b")]).toEqual(["one", true]);
  answers = {};
  await saver.save();
  expect(store.dirtyFiles).toEqual([]);
});
