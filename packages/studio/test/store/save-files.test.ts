/** Saving goes on upon the version that the last save gave, also when it is asked for again meanwhile. */
import { expect, test } from "vitest";
import type { ProjectHost, SaveAnswer } from "../../src/host/project-host.ts";
import { saverOf } from "../../src/session/save-files.ts";
import { DocumentStore } from "../../src/store/document-store.ts";

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
