/**
 * The editor's models as views of the store: what is typed goes into the store, and what happens there is shown. Undo and
 * redo of a model are those of the store.
 */
import type { TextEdit } from "@wardline/core";
import type { DocumentStore, StoreChange } from "../store/document-store.ts";
import { uriOf } from "../worker/file-uri.ts";
import { editLabel } from "./edit-label.ts";
import { watchGestures, type Gestures } from "./gestures.ts";
import { languageId, monaco } from "./monaco.ts";

const textEditor = "text-editor";

export interface TextModels {
  /** Undefined for a file whose text the editor would change by showing it: it mixes ends of lines. */
  readonly of: (file: string) => monaco.editor.ITextModel | undefined;
  readonly gestures: Gestures;
  readonly dispose: () => void;
}

/** The methods that the editor's own commands call. */
interface HistoryOfModel {
  undo: () => void;
  redo: () => void;
  canUndo: () => boolean;
  canRedo: () => boolean;
}

export function openTextModels(store: DocumentStore): TextModels {
  const models = new Map<string, monaco.editor.ITextModel>();
  const gestures = watchGestures();
  let following = false;

  const open = (file: string, text: string) => {
    const model = monaco.editor.createModel(text, languageId, monaco.Uri.parse(uriOf(file)));
    model.updateOptions({
      bracketColorizationOptions: { enabled: false, independentColorPoolPerBracketType: false },
    });
    if (model.getValue() !== text) {
      model.dispose();
      return;
    }
    Object.assign<monaco.editor.ITextModel, HistoryOfModel>(model, {
      undo: () => void store.undo(),
      redo: () => void store.redo(),
      canUndo: () => store.undoLabel !== null,
      canRedo: () => store.redoLabel !== null,
    });
    model.onDidChangeContent((event) => {
      if (following) return;
      for (const { label, changes } of editsOf(event)) {
        const edits = changes.map(({ rangeOffset, rangeLength, text: inserted }): TextEdit => ({
          span: { file, start: rangeOffset, end: rangeOffset + rangeLength },
          text: inserted,
        }));
        store.edit({ label, edits, typing: true, gesture: gestures.current(), exact: true }, textEditor);
      }
      // What the store did not take must not stay on the screen.
      const kept = store.text(file);
      if (kept !== undefined && kept !== model.getValue()) replaceAll(model, kept);
    });
    models.set(file, model);
  };

  const replaceAll = (model: monaco.editor.ITextModel, text: string) => {
    following = true;
    model.setValue(text);
    following = false;
  };

  const follow = ({ steps, origin }: StoreChange) => {
    if (origin === textEditor) return;
    following = true;
    for (const { file, start, removed, inserted } of steps) {
      const model = models.get(file);
      if (model === undefined) continue;
      const from = model.getPositionAt(start);
      const to = model.getPositionAt(start + removed.length);
      model.applyEdits([{ range: monaco.Range.fromPositions(from, to), text: inserted }]);
    }
    following = false;
    for (const file of new Set(steps.map((step) => step.file))) {
      const text = store.text(file);
      if (text !== undefined) show(file, text);
    }
  };

  /** What the editor cannot show as it is, such as a text of somebody else's that mixes ends of lines, it must not change either. */
  const show = (file: string, text: string) => {
    const model = models.get(file);
    if (model === undefined) return open(file, text);
    if (model.getValue() === text) return;
    replaceAll(model, text);
    if (model.getValue() === text) return;
    models.delete(file);
    model.dispose();
    open(file, text);
  };

  for (const file of store.files) open(file, store.text(file) ?? "");
  const stop = store.subscribe(follow);
  return {
    of: (file) => models.get(file),
    gestures,
    dispose: () => {
      stop();
      for (const model of models.values()) model.dispose();
    },
  };
}

/** The edits that an event tells of, one after another. The changes of each count on the text that those before it left. */
function editsOf(event: monaco.editor.IModelContentChangedEvent) {
  const { changes, detailedReasonsChangeLengths: lengths } = event;
  const { detailedReasons: sources = [] } = event as { readonly detailedReasons?: readonly unknown[] };
  let from = 0;
  return lengths.map((length, index) => {
    from += length;
    return { label: editLabel(sources.slice(index)), changes: changes.slice(from - length, from) };
  });
}
