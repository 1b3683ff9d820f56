/** One history for all texts: whatever is done, undo takes it all back, redo brings it all again, and places stay right. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { TextEdit } from "@wardline/core";
import { DocumentStore } from "../../src/store/document-store.ts";
import { moved, type Replacement } from "../../src/store/replacement.ts";

const files = ["a.ward", "b.ward"];

type Act =
  | { readonly kind: "edit" | "type" | "take"; readonly edits: readonly RelativeEdit[] }
  | { readonly kind: "undo" | "redo" | "pause" | "save" };

/** Where an edit lies is a share of the text as it is by then. */
interface RelativeEdit {
  readonly file: number;
  readonly at: number;
  readonly length: number;
  readonly text: string;
}

const relativeEdit = fc.record({
  file: fc.nat(1),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.nat(6),
  text: fc.string({ maxLength: 6 }),
});

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom("edit" as const, "edit" as const, "take" as const),
      edits: fc.array(relativeEdit, { maxLength: 4 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("type" as const),
      edits: fc.array(relativeEdit, { minLength: 1, maxLength: 1 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom("undo" as const, "redo" as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("pause" as const, "save" as const) }) },
);

function perform(store: DocumentStore, given: Act): void {
  switch (given.kind) {
    case "edit":
    case "type":
    case "take": {
      const edits = given.edits.map(({ file, at, length, text }): TextEdit => {
        const name = files[file] as string;
        const size = store.text(name)?.length ?? 0;
        const start = Math.floor(at * size);
        return { span: { file: name, start, end: Math.min(size, start + length) }, text };
      });
      if (given.kind === "take") store.take({ label: "x", edits });
      else store.edit({ label: "x", edits, typing: given.kind === "type" });
      break;
    }
    case "undo":
      store.undo();
      break;
    case "redo":
      store.redo();
      break;
    case "pause":
      store.pause();
      break;
    case "save":
      for (const file of store.dirtyFiles) store.markSaved(file, store.text(file) ?? "");
      break;
  }
}

const open = (first: readonly [string, string]) =>
  new DocumentStore(files.map((name, index) => [name, first[index] as string]));
const texts = (store: DocumentStore) => files.map((name) => store.text(name));
const all = (step: () => boolean) => {
  while (step());
};

test("undo of all is the first text, redo of all is the last", () => {
  fc.assert(
    fc.property(fc.tuple(fc.string(), fc.string()), fc.array(act, { maxLength: 40 }), (first, acts) => {
      const store = open(first);
      for (const one of acts) perform(store, one);
      all(() => store.redo());
      const last = texts(store);
      all(() => store.undo());
      expect(texts(store)).toEqual(first);
      all(() => store.redo());
      expect(texts(store)).toEqual(last);
    }),
  );
});

test("who takes the steps that the store tells has its texts, whatever is done", () => {
  fc.assert(
    fc.property(fc.tuple(fc.string(), fc.string()), fc.array(act, { maxLength: 40 }), (first, acts) => {
      const store = open(first);
      const view = new Map(files.map((name, index) => [name, first[index] as string]));
      let told = 0;
      store.subscribe(({ steps, kind }) => {
        if (kind !== "saved") told += 1;
        for (const { file, start, removed, inserted } of steps) {
          const text = view.get(file) ?? "";
          expect(text.slice(start, start + removed.length)).toBe(removed);
          view.set(file, text.slice(0, start) + inserted + text.slice(start + removed.length));
        }
      });
      for (const one of acts) perform(store, one);
      expect(files.map((name) => view.get(name))).toEqual(texts(store));
      expect(store.revision).toBe(told);
    }),
  );
});

test("typing and deleting at several carets comes back whole, however they stand", () => {
  const stroke = fc.oneof(
    fc.constantFrom("x", " ", "\n"),
    fc.constantFrom("left" as const, "right" as const),
  );
  const places = fc.uniqueArray(fc.nat(12), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(places, fc.array(stroke, { maxLength: 12 }), (starts, strokes) => {
      const first = "abcdefghijkl";
      const store = open([first, ""]);
      let carets = starts.toSorted((a, b) => a - b);
      for (const key of strokes) {
        const size = store.text("a.ward")?.length ?? 0;
        const edits = carets.flatMap((at): TextEdit[] => {
          const start = key === "left" ? at - 1 : at;
          const end = key === "left" ? at : key === "right" ? at + 1 : at;
          const text = key === "left" || key === "right" ? "" : key;
          return start < 0 || end > size ? [] : [{ span: { file: "a.ward", start, end }, text }];
        });
        const steps: Replacement[] = [];
        const stop = store.subscribe((change) => steps.push(...change.steps));
        store.edit({ label: "x", edits, typing: true });
        stop();
        carets = [
          ...new Set(
            carets.map((at) =>
              steps.reduce(
                (now, { start, removed, inserted }) =>
                  start + removed.length <= now ? now + inserted.length - removed.length : now,
                at,
              ),
            ),
          ),
        ];
      }
      const last = texts(store);
      all(() => store.undo());
      expect(texts(store)).toEqual([first, ""]);
      all(() => store.redo());
      expect(texts(store)).toEqual(last);
    }),
  );
});

test("a place outside of what is edited stays at its character", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.array(act, { maxLength: 20 }), fc.nat(), (text, acts, at) => {
      // The character that is watched stands nowhere else, and nothing removes it.
      const mark = "⚑";
      const watched = text.replaceAll(mark, "");
      const place = at % (watched.length + 1);
      const store = open([watched.slice(0, place) + mark + watched.slice(place), ""]);
      let now = place;
      let lost = false;
      store.subscribe(({ steps }: { readonly steps: readonly Replacement[] }) => {
        for (const step of steps) {
          lost ||= step.file === files[0] && (step.removed + step.inserted).includes(mark);
          now = moved(files[0] as string, now, [step]);
        }
      });
      for (const one of acts) perform(store, one);
      fc.pre(!lost);
      expect(store.text(files[0] as string)?.[now]).toBe(mark);
    }),
  );
});
