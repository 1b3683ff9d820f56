/** The texts of the workspace's files as they were last read, by the names that the server in a worker has for them. */

export interface GivenFile {
  readonly name: string;
  /** Null for what is not there, or is no text. */
  readonly text: string | null;
}

export class GivenTexts {
  readonly #texts = new Map<string, string>();

  /** All that are there. */
  get files(): readonly GivenFile[] {
    return [...this.#texts].map(([name, text]) => ({ name, text }));
  }

  take(files: readonly GivenFile[]): void {
    for (const { name, text } of files)
      if (text === null) this.#texts.delete(name);
      else this.#texts.set(name, text);
  }

  /** Takes away a file, or all that lies in a folder, and says what that was. */
  drop(name: string): readonly GivenFile[] {
    const gone = [...this.#texts.keys()].filter((one) => one === name || one.startsWith(`${name}/`));
    for (const one of gone) this.#texts.delete(one);
    return gone.map((one) => ({ name: one, text: null }));
  }
}
