/** A page with the studio's own session, host and history, and the person at it. */
import { expect } from "vitest";
import { servedHost } from "../../packages/studio/src/host/served-host.ts";
import type { Conflict, SaveOutcome } from "../../packages/studio/src/session/save-files.ts";
import { openSession, reopenSession, type Session } from "../../packages/studio/src/session/session.ts";
import type { Account, Texts } from "./account.ts";
import type { Disk } from "./disk.ts";
import { turns, type Network } from "./network.ts";
import { freshToken, tokensOf } from "./tokens.ts";

export type EditDeed = "line" | "type" | "delete" | "replace" | "card";
export type Settlement = "mine" | "theirs" | "both";

/** The checks of the language are no part of this: nothing that they say changes a text by itself. */
const silentWorker = () =>
  ({ postMessage: () => {}, addEventListener: () => {}, terminate: () => {} }) as unknown as Worker;

export interface PageParts {
  readonly token: string;
  readonly disk: Disk;
  readonly account: Account;
  readonly network: Network;
}

let edits = 0;

export class Page {
  readonly #parts: PageParts;
  readonly #session: { current: Session };
  /** Conflicts that were told and may still stand before the person. */
  #shown: Conflict[] = [];
  #isOpening = false;
  readonly #failures: unknown[] = [];

  private constructor(parts: PageParts, session: Session) {
    this.#parts = parts;
    this.#session = { current: session };
  }

  static async open(parts: PageParts): Promise<Page> {
    const opening = openSession(servedHost(parts.token), silentWorker);
    await turns();
    await parts.network.flush();
    const session = await opening;
    const page = new Page(parts, session);
    parts.account.opened(page.texts());
    return page;
  }

  close(): void {
    this.#session.current.close();
    this.#parts.network.drop();
  }

  get #store() {
    return this.#session.current.store;
  }

  get #saver() {
    return this.#session.current.saver;
  }

  texts(): Texts {
    return new Map(this.#store.files.map((file) => [file, this.#store.text(file) ?? ""]));
  }

  edit(deed: EditDeed, which: number, place: number): void {
    const own = this.#store.files.filter((file) => file !== "model.ward");
    const file = own[which % Math.max(own.length, 1)];
    if (file === undefined) return;
    const before = this.texts();
    edits += 1;
    const label = `edit ${edits}`;
    const take = (...parts: readonly (readonly [file: string, start: number, end: number, text: string])[]) =>
      this.#store.edit({
        label,
        edits: parts.map(([name, start, end, text]) => ({ span: { file: name, start, end }, text })),
      });
    const text = this.#store.text(file) ?? "";
    const starts = startsOf(text);
    const at = starts[place % starts.length] ?? 0;
    const line = () => `${freshToken("me")}\n`;
    const token = tokensOf(text)[place % Math.max(tokensOf(text).length, 1)];
    const found = token === undefined ? -1 : text.indexOf(token);
    if (deed === "card")
      take(
        ...own.map((name): [string, number, number, string] => {
          const ends = startsOf(this.#store.text(name) ?? "");
          const start = ends[place % ends.length] ?? 0;
          return [name, start, start, line()];
        }),
      );
    else if (deed === "line") take([file, at, at, line()]);
    else if (deed === "type") {
      this.#store.pause();
      let caret = text.indexOf("\n", at) < 0 ? text.length : text.indexOf("\n", at);
      for (const letter of freshToken("me")) {
        this.#store.edit({
          label,
          edits: [{ span: { file, start: caret, end: caret }, text: letter }],
          typing: true,
        });
        caret += 1;
      }
    } else if (token !== undefined)
      take([file, found, found + token.length, deed === "replace" ? freshToken("me") : ""]);
    this.#parts.account.edited(label, before, this.texts());
  }

  /** Undo or redo; what it does is taken back and done again, which must come to the same. */
  move(back: boolean): void {
    const store = this.#store;
    const label = back ? store.undoLabel : store.redoLabel;
    if (label === null) return;
    const state = () => [...this.texts(), store.dirtyFiles.join()];
    const [there, again] = back
      ? [() => store.undo(), () => store.redo()]
      : [() => store.redo(), () => store.undo()];
    const [before, first] = [this.texts(), state()];
    expect(there()).toBe(true);
    const second = state();
    expect(again()).toBe(true);
    expect(state(), `${label}: there and back`).toEqual(first);
    expect(there()).toBe(true);
    expect(state(), `${label}: there again`).toEqual(second);
    this.#parts.account.moved(label, back, before, this.texts());
  }

  save(): void {
    this.#watch(this.#saver.save().then((outcome) => this.#tell(outcome)));
  }

  /** Nothing that is begun here may throw. */
  #watch(begun: Promise<void>): void {
    begun.catch((error: unknown) => this.#failures.push(error));
  }

  #tell(outcome: SaveOutcome): void {
    if (outcome.kind !== "conflict") return;
    const { file, theirs } = outcome.conflict;
    this.#parts.account.notOwn(file, theirs);
    this.#shown = [...this.#shown, outcome.conflict].slice(-3);
  }

  settle(by: Settlement, which: number): void {
    const all = [...this.#saver.conflicts.get().values(), ...this.#shown];
    const conflict = all[which % Math.max(all.length, 1)];
    if (conflict === undefined) return;
    this.#shown = this.#shown.filter((one) => one !== conflict);
    const { account } = this.#parts;
    const { file, theirs } = conflict;
    const before = this.texts();
    if (by === "mine") {
      const withdraw = account.consent(file, before.get(file), theirs);
      this.#watch(
        this.#saver.keepMine(conflict).then((outcome) => {
          withdraw();
          this.#tell(outcome);
        }),
      );
    } else if (theirs === null) {
      if (by === "both") return;
      account.letGo(file, before.get(file));
      this.#saver.letGo(conflict);
      this.reopen(true);
    } else if (by === "theirs") {
      this.#saver.takeTheirs(conflict);
      // What was told before another decision is taken no more.
      if (this.#store.text(file) === theirs) account.settled(file, theirs, before, this.texts(), false);
      else expect(this.texts()).toEqual(before);
    } else if (this.#saver.canKeepBoth(conflict)) {
      expect(this.#saver.keepBoth(conflict)).toBe(true);
      account.settled(file, theirs, before, this.texts(), true);
    }
  }

  /** "Show it as it is now", where that is offered. */
  reopen(asked = false): void {
    if (this.#isOpening || (!asked && this.#session.current.remade.get() === null)) return;
    this.#isOpening = true;
    const before = this.#session.current;
    reopenSession(before, silentWorker)
      .then(
        (next) => {
          this.#session.current = next;
          before.close();
        },
        // What is told is read, and the page goes on as it was.
        () => {},
      )
      .finally(() => {
        this.#isOpening = false;
      });
  }

  newPolicy(): void {
    const { project, host } = this.#session.current;
    const file = project.lacking[0]?.name;
    if (file === undefined || this.#store.text(file) !== undefined) return;
    const made = host.create?.(file, `${freshToken("me")}\n`).then((answer) => {
      if (answer.kind === "saved") this.reopen(true);
    });
    if (made !== undefined) this.#watch(made);
  }

  /** With nothing under way and all of it told: what is shown is what is. */
  checkQuiet(): void {
    const { remade, trouble, saver } = this.#session.current;
    const { disk, account } = this.#parts;
    const conflicts = saver.conflicts.get();
    expect(trouble.get()).toBe(null);
    for (const file of this.#store.files) {
      const [now, saved, isDirty] = [disk.text(file), this.#store.savedText(file), this.#store.isDirty(file)];
      const conflict = conflicts.get(file);
      if (conflict !== undefined) account.notOwn(file, conflict.theirs);
      if (now === undefined && !isDirty)
        expect(remade.get(), `${file} went, and that is told`).not.toBe(null);
      else if (now === undefined)
        expect(conflict, `${file} was removed, and that is told`).toMatchObject({ theirs: null });
      else if (saved !== now)
        expect(conflict, `${file} was changed, and that is told`).toMatchObject({ theirs: now });
      else expect(conflict, `${file} is as it was saved`).toBe(undefined);
      if (now !== undefined && saved !== now)
        expect(isDirty, `${file} has no changes, but another text`).toBe(true);
    }
    for (const file of disk.names)
      if (disk.text(file) !== undefined && this.#store.text(file) === undefined)
        expect(remade.get(), `${file} came, and that is told`).not.toBe(null);
  }

  /** The person decides all that is open, and saves. */
  async rest(choices: readonly Settlement[], quiet: () => Promise<void>): Promise<void> {
    for (let round = 0; round < 12; round += 1) {
      await quiet();
      this.#shown = [];
      const { remade, saver, project } = this.#session.current;
      const [conflict] = saver.conflicts.get().values();
      if (remade.get() !== null) this.reopen();
      else if (conflict !== undefined) {
        const by = choices[round % choices.length] ?? "mine";
        const canMake = project.lacking.some(({ name }) => name === conflict.file);
        if (conflict.theirs === null) this.settle(by === "mine" && canMake ? "mine" : "theirs", 0);
        else this.settle(by === "both" && !saver.canKeepBoth(conflict) ? "mine" : by, 0);
      } else if (this.#store.dirtyFiles.length > 0) this.save();
      else break;
    }
    await quiet();
    expect(this.#store.dirtyFiles).toEqual([]);
    expect(this.#session.current.remade.get()).toBe(null);
    const { disk } = this.#parts;
    for (const file of disk.names)
      expect(this.#store.text(file), `${file} is the same everywhere`).toBe(disk.text(file));
  }

  check(): void {
    for (const failure of this.#failures) throw failure;
    this.#parts.account.check(this.texts());
  }
}

function startsOf(text: string): readonly number[] {
  return [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
}
