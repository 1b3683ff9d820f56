/**
 * The texts that the studio edits, with the one history of all of them. Cards, typing, quick fixes and renames change
 * texts here and nowhere else; an editor's model is a view of it.
 */
import {
  afterEdit,
  afterPause,
  afterReceived,
  afterRedo,
  afterTaken,
  afterUndo,
  startHistory,
  withFile,
  withoutFile,
  type History,
  type Move,
  type Step,
} from "./history.ts";
import type { Replacement } from "./replacement.ts";

/** What happened to the texts. */
export interface StoreChange {
  readonly kind: "edit" | "undo" | "redo" | "saved";
  /** To be taken one after another; empty where the texts stayed as they were. */
  readonly steps: readonly Replacement[];
  /** Who made it, as the maker calls itself: a view does not repeat what it made. */
  readonly origin: unknown;
  /** Of the entry that was made, undone or redone, where its maker gave it one. */
  readonly mark: object | null;
}

export type StoreListener = (change: StoreChange) => void;

export class DocumentStore {
  #history: History;
  #revision = 0;
  readonly #saved: Map<string, string>;
  /** Files of which it is not known whether their text was saved. */
  readonly #unsure = new Set<string>();
  readonly #listeners = new Set<StoreListener>();

  constructor(files: Iterable<readonly [name: string, text: string]>) {
    this.#history = startHistory(files);
    this.#saved = new Map(this.#history.texts);
  }

  /** Changes with every text, and with nothing else. */
  get revision(): number {
    return this.#revision;
  }

  get files(): readonly string[] {
    return [...this.#history.texts.keys()];
  }

  text(file: string): string | undefined {
    return this.#history.texts.get(file);
  }

  /** The text as it was opened or last saved. */
  savedText(file: string): string | undefined {
    return this.#saved.get(file);
  }

  /** Whether there is something to save: also where the text is as it was, and another one may have been written meanwhile. */
  isDirty(file: string): boolean {
    return this.text(file) !== this.savedText(file) || this.#unsure.has(file);
  }

  /** Whether it is not known what of the file was saved last. */
  isUnsure(file: string): boolean {
    return this.#unsure.has(file);
  }

  get dirtyFiles(): readonly string[] {
    return this.files.filter((file) => this.isDirty(file));
  }

  /** What undo would take back, in words; null if there is nothing. */
  get undoLabel(): string | null {
    return this.#history.done.at(-1)?.label ?? null;
  }

  get redoLabel(): string | null {
    return this.#history.undone.at(-1)?.label ?? null;
  }

  /**
   * False where the edits do not fit the texts as they are, or change nothing: then nothing happened. `made`: the revision that
   * the edits were made from, where that took a while; no other one takes them.
   */
  edit(step: Step, origin: unknown = null, made: number = this.#revision): boolean {
    if (made !== this.#revision) return false;
    return this.#take("edit", afterEdit(this.#history, step), origin);
  }

  /** As {@link edit}, for what somebody else changed and a person takes: what was undone can still be redone, as far as they left it. */
  take(step: Step): boolean {
    return this.#take("edit", afterTaken(this.#history, step), null);
  }

  /** As {@link take}, for what nobody here asked for: undo leaves it, and takes back what was done here. */
  receive(step: Step): boolean {
    return this.#take("edit", afterReceived(this.#history, step), null);
  }

  /** A file that somebody else made. It is as it was saved. */
  addFile(file: string, text: string): void {
    this.#history = withFile(this.#history, file, text);
    this.#saved.set(file, text);
    this.#revision += 1;
  }

  /** A file that somebody else removed, with all that the history knows of it. */
  removeFile(file: string): void {
    this.#history = withoutFile(this.#history, file);
    this.#saved.delete(file);
    this.#unsure.delete(file);
    this.#revision += 1;
  }

  undo(): boolean {
    return this.#take("undo", afterUndo(this.#history), null);
  }

  redo(): boolean {
    return this.#take("redo", afterRedo(this.#history), null);
  }

  /** What is typed from here on is an entry of its own: the caret went elsewhere. */
  pause(): void {
    this.#history = afterPause(this.#history);
  }

  /** `text` is what stands on disk now, be it the file's text or not. */
  markSaved(file: string, text: string): void {
    this.#history = afterPause(this.#history);
    this.#saved.set(file, text);
    this.#unsure.delete(file);
    this.#tell({ kind: "saved", steps: [], origin: null, mark: null });
  }

  /** A text of it was sent to be saved, and nobody said what became of it: there is something to save until {@link markSaved}. */
  markUnsure(file: string): void {
    this.#unsure.add(file);
    this.#tell({ kind: "saved", steps: [], origin: null, mark: null });
  }

  /** Calls the listener after each change, until the function that it gives is called. */
  subscribe(listener: StoreListener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  #take(kind: "edit" | "undo" | "redo", move: Move | null, origin: unknown): boolean {
    if (move === null) return false;
    this.#history = move.history;
    this.#revision += 1;
    this.#tell({ kind, steps: move.steps, origin, mark: move.entry.mark });
    return true;
  }

  #tell(change: StoreChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}
