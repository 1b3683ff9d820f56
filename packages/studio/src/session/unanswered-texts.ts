/** Texts that were sent to be saved and of which nobody said what became of them: they may arrive after all, and are no one else's then. */

/** How long one may still arrive, in milliseconds. The server gives a request half a minute. */
const longest = 60_000;

interface Sent {
  readonly text: string;
  readonly until: number;
}

export interface UnansweredTexts {
  readonly add: (file: string, text: string) => void;
  /** Whether this text of the file is one of them. It has arrived then, and is none any more. */
  readonly took: (file: string, text: string) => boolean;
}

export function unansweredTexts(): UnansweredTexts {
  const all = new Map<string, readonly Sent[]>();
  const of = (file: string) => (all.get(file) ?? []).filter(({ until }) => until > performance.now());
  return {
    add: (file, text) => void all.set(file, [...of(file), { text, until: performance.now() + longest }]),
    took: (file, text) => {
      const sent = of(file);
      const at = sent.findIndex((one) => one.text === text);
      if (at < 0) return false;
      all.set(file, sent.toSpliced(at, 1));
      return true;
    },
  };
}
