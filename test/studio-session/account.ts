/**
 * What must hold of a page and of who works beside it, kept apart from how the page does it: who wrote which sign, who took it away, and
 * what the person at the page was shown and chose.
 */
import { expect } from "vitest";
import type { Disk } from "./disk.ts";
import { changeOf, tokensOf } from "./tokens.ts";

export type Texts = ReadonlyMap<string, string>;

/** What a person said may become of one file upon seeing what stands on disk. */
interface Consent {
  readonly file: string;
  readonly mayVanish: readonly string[];
  readonly mayComeBack: readonly string[];
}

export interface Will {
  readonly consents: readonly Consent[];
  /** `file token`. */
  readonly taken: ReadonlySet<string>;
  readonly brought: ReadonlySet<string>;
}

interface Effect {
  readonly vanished: readonly string[];
  readonly appeared: readonly string[];
}

export const takeLabel = "Take what was saved elsewhere";

export class Account {
  readonly #disk: Disk;
  /** `file token`: the person wrote it, and has neither taken it back nor away. */
  readonly #mine = new Set<string>();
  /** `file token`: the person took it away here. */
  readonly #taken = new Set<string>();
  /** `file token`: the person gave it up with its file. */
  readonly #released = new Set<string>();
  /** `file token`: the person put it back here. */
  readonly #brought = new Set<string>();
  /** `file token`: the person has taken it away, be it there again or not. */
  readonly #once = new Set<string>();
  /** `file token`: it went with the undoing of what was taken, when nothing had been saved since. */
  readonly #undone = new Set<string>();
  /** Label of an edit → file → what it did. */
  readonly #effects = new Map<string, Map<string, Effect>>();
  /** Files of which the page has saved something since their last conflict was settled. */
  readonly #savedSince = new Set<string>();
  /** File → what the page itself put there, while it stands there. */
  readonly #own = new Map<string, string>();
  #consents: readonly Consent[] = [];

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  opened(texts: Texts): void {
    for (const set of [
      this.#once,
      this.#undone,
      this.#mine,
      this.#taken,
      this.#brought,
      this.#released,
      this.#savedSince,
    ])
      set.clear();
    this.#effects.clear();
    this.#own.clear();
    this.#consents = [];
    for (const [file, text] of texts)
      for (const token of tokensOf(text)) if (token.startsWith("me")) this.#mine.add(`${file} ${token}`);
  }

  edited(label: string, before: Texts, after: Texts): void {
    const effects = new Map<string, Effect>();
    for (const [file, change] of changes(before, after)) {
      effects.set(file, change);
      this.#did(file, change);
    }
    this.#effects.set(label, effects);
  }

  /** Undo (`back`) or redo of an entry. */
  moved(label: string, back: boolean, before: Texts, after: Texts): void {
    const all = changes(before, after);
    if (label === takeLabel) {
      for (const [file, change] of all)
        if (this.#savedSince.has(file)) this.#did(file, change);
        else {
          this.#turned(file, change);
          for (const token of change.vanished) {
            const key = `${file} ${token}`;
            this.#undone.add(key);
            if (this.#once.has(key)) this.#taken.add(key);
          }
        }
      return;
    }
    const effects = this.#effects.get(label);
    expect(effects, `what is undone was done here: ${label}`).toBeDefined();
    for (const [file, { vanished, appeared }] of effects ?? []) {
      const change = all.get(file) ?? { vanished: [], appeared: [] };
      all.delete(file);
      const expected = back ? { vanished: appeared, appeared: vanished } : { vanished, appeared };
      expect(sorted(change), `${back ? "undo" : "redo"} of ${label} in ${file}`).toEqual(sorted(expected));
      this.#did(file, change);
    }
    expect([...all], `${back ? "undo" : "redo"} of ${label} changes nothing else`).toEqual([]);
  }

  /** The person took their text, or both. */
  settled(file: string, theirs: string, before: Texts, after: Texts, both: boolean): void {
    const change = changeOf(before.get(file), after.get(file));
    if (both) {
      this.received(file, change);
      for (const token of change.appeared) expect(tokensOf(theirs)).toContain(token);
    } else {
      expect(after.get(file)).toBe(theirs);
      this.#turned(file, change);
    }
    for (const token of change.vanished) this.#taken.add(`${file} ${token}`);
    this.#savedSince.delete(file);
  }

  letGo(file: string, text: string | undefined): void {
    for (const token of tokensOf(text)) {
      this.#mine.delete(`${file} ${token}`);
      this.#released.add(`${file} ${token}`);
    }
  }

  /** What nobody at the page did: it can only be what the other did on disk. */
  receivedAll(before: Texts, after: Texts): void {
    for (const [file, change] of changes(before, after)) this.received(file, change);
    for (const file of before.keys())
      if (!after.has(file)) for (const effects of this.#effects.values()) effects.delete(file);
  }

  received(file: string, { vanished, appeared }: Effect): void {
    for (const token of vanished) {
      if (this.#released.has(`${file} ${token}`)) continue;
      expect(this.#disk.gone, `${token} vanishes from the page's ${file}: the other took it away`).toContain(
        `${file} ${token}`,
      );
      this.#mine.delete(`${file} ${token}`);
    }
    for (const token of appeared)
      expect(this.#disk.seen, `${token} comes into the page's ${file}: it stood on disk`).toContain(
        `${file} ${token}`,
      );
  }

  /** Everything that the person wrote stands in the page. */
  check(texts: Texts): void {
    for (const key of this.#mine) {
      const [file = "", token = ""] = key.split(" ");
      expect(tokensOf(texts.get(file)), `the page's ${file} has what the person wrote`).toContain(token);
    }
    for (const [file, text] of texts) {
      const tokens = tokensOf(text);
      expect(tokens, `${file} has nothing twice`).toEqual([...new Set(tokens)]);
    }
  }

  /** The person said that theirs shall make room for mine; gives what takes the word back, once it is known what came of it. */
  consent(file: string, mine: string | undefined, theirs: string | null): () => void {
    const { vanished, appeared } = changeOf(theirs ?? "", mine);
    const consent = { file, mayVanish: vanished, mayComeBack: appeared };
    this.#consents = [...this.#consents, consent];
    return () => {
      this.#consents = this.#consents.filter((one) => one !== consent);
    };
  }

  /** What the person has done and chosen by now: what is sent now goes by it, whenever it arrives. */
  get will(): Will {
    return { consents: this.#consents, taken: new Set(this.#taken), brought: new Set(this.#brought) };
  }

  /** The server has taken the page's text of a file, be it the one that stood there or not. */
  saved(file: string, text: string | undefined): void {
    // A save that was under way as it was undone: what was saved is taken back, as with any other edit.
    for (const token of tokensOf(text))
      if (this.#undone.has(`${file} ${token}`)) this.#taken.add(`${file} ${token}`);
    this.#savedSince.add(file);
  }

  /** What a request of the page did to a file. */
  written(file: string, before: string | undefined, after: string | undefined, will: Will): void {
    const { vanished, appeared } = changeOf(before, after);
    const own = will.consents.filter((one) => one.file === file);
    for (const token of vanished)
      if (!own.some(({ mayVanish }) => mayVanish.includes(token)))
        expect(will.taken, `${token} vanishes from ${file} on disk: the person took it away`).toContain(
          `${file} ${token}`,
        );
    for (const token of appeared) {
      const key = `${file} ${token}`;
      const isTheirs = token.startsWith("they") && !this.#disk.seen.has(key);
      expect(isTheirs, `${token} of the other stood in ${file} before`).toBe(false);
      if (this.#disk.gone.has(key) && !own.some(({ mayComeBack }) => mayComeBack.includes(token)))
        expect(will.brought, `${token} comes back to ${file} on disk: the person put it there`).toContain(
          key,
        );
    }
    this.#disk.noted(file, before, after);
    if (after !== undefined) this.#own.set(file, after);
  }

  /** A conflict is with somebody else, not with what the page itself has written. */
  notOwn(file: string, theirs: string | null): void {
    if (theirs === null || this.#disk.text(file) !== theirs) return;
    expect(this.#own.get(file), `what is told as another's text of ${file}`).not.toBe(theirs);
  }

  /** The other has written to it. */
  overwritten(file: string): void {
    this.#own.delete(file);
  }

  #did(file: string, { vanished, appeared }: Effect): void {
    this.#turned(file, { vanished, appeared });
    for (const token of vanished) {
      this.#taken.add(`${file} ${token}`);
      this.#once.add(`${file} ${token}`);
    }
    for (const token of appeared) this.#brought.add(`${file} ${token}`);
  }

  #turned(file: string, { vanished, appeared }: Effect): void {
    for (const token of vanished) this.#mine.delete(`${file} ${token}`);
    for (const token of appeared) {
      this.#taken.delete(`${file} ${token}`);
      this.#undone.delete(`${file} ${token}`);
      // What was given up with its file is the disk's, however often it is undone and redone.
      const isMine = token.startsWith("me") && !this.#released.has(`${file} ${token}`);
      if (isMine) this.#mine.add(`${file} ${token}`);
    }
  }
}

const sorted = ({ vanished, appeared }: Effect) => [vanished.toSorted(), appeared.toSorted()];

function changes(before: Texts, after: Texts): Map<string, Effect> {
  const found = new Map<string, Effect>();
  for (const file of new Set([...before.keys(), ...after.keys()])) {
    const change = changeOf(before.get(file), after.get(file));
    if (change.vanished.length + change.appeared.length > 0) found.set(file, change);
  }
  return found;
}
