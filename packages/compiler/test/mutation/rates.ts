/** Runs mutations over texts and counts what they did. */
import { randomFrom } from "@wardline/core/testing";
import { judge } from "./judge.ts";
import type { Examined, Verdict } from "./judge.ts";
import { apply, mutate, mutationKinds, piecesOf } from "./mutate.ts";
import type { Mutation, Piece } from "./mutate.ts";

/** A text with the way to examine it. */
export interface Subject {
  readonly name: string;
  readonly text: string;
  readonly examine: (text: string) => Examined;
}

export interface Judged extends Verdict {
  readonly subject: Subject;
  readonly mutation: Mutation;
}

interface Ready extends Subject {
  readonly pieces: readonly Piece[];
  readonly before: Examined;
}

/** `count` mutations of each kind, spread over the texts by a seed. */
export function mutations(subjects: readonly Subject[], seed: number, count: number): readonly Judged[] {
  const ready = subjects.map((subject): Ready => ({
    ...subject,
    pieces: piecesOf(subject.text),
    before: subject.examine(subject.text),
  }));
  const pool = ready.flatMap(({ pieces }) => pieces);
  const random = randomFrom(seed, "mutations");
  const judged: Judged[] = [];
  for (const kind of mutationKinds) {
    const wanted = judged.length + count;
    for (let tries = 0; judged.length < wanted && tries < count * 50; tries += 1) {
      const subject = random.pick(ready);
      const { text, pieces, before, examine } = subject;
      const mutation = mutate(text, pieces, random.below(pieces.length), kind, pool, random);
      const verdict = mutation === null ? null : judge(text, before, mutation, examine);
      if (mutation !== null && verdict !== null) judged.push({ ...verdict, subject, mutation });
    }
  }
  return judged;
}

export interface Rates {
  readonly mutations: number;
  /** How many made a finding. */
  readonly found: number;
  /** Of those: the share with a caret inside the mutated statement. */
  readonly inside: number;
  /** The share that left all findings outside it as they were. */
  readonly unchanged: number;
  /** The share that left all statements outside it as they were. */
  readonly kept: number;
}

export function ratesOf(judged: readonly Judged[]): Rates {
  const share = (all: readonly Judged[], good: (one: Judged) => boolean) =>
    all.length === 0 ? 1 : all.filter(good).length / all.length;
  const found = judged.filter((one) => one.found);
  return {
    mutations: judged.length,
    found: found.length,
    inside: share(found, ({ inside }) => inside),
    unchanged: share(judged, ({ elsewhere }) => elsewhere.length === 0),
    kept: share(judged, ({ lost }) => lost.length === 0),
  };
}

const percent = (share: number) => `${(share * 100).toFixed(2)} %`;

/** The rates as a few lines, by kind and together, with what the first exceptions were. */
export function report(judged: readonly Judged[]): string {
  const line = (name: string, { mutations, found, inside, unchanged, kept }: Rates) =>
    `${name.padEnd(11)} ${mutations} mutations, ${found} found: caret inside ${percent(inside)}, ` +
    `findings elsewhere unchanged ${percent(unchanged)}, statements elsewhere kept ${percent(kept)}`;
  const kinds = mutationKinds.map((kind) =>
    line(kind, ratesOf(judged.filter(({ mutation }) => mutation.kind === kind))),
  );
  const exceptions = judged
    .filter((one) => (one.found && !one.inside) || one.elsewhere.length > 0 || one.lost.length > 0)
    .slice(0, 8)
    .map(describe);
  return [...kinds, line("all", ratesOf(judged)), ...exceptions].join("\n");
}

function describe({ subject: { name, text }, mutation, elsewhere, lost, inside }: Judged): string {
  const after = apply(text, mutation);
  const start = after.lastIndexOf("\n", mutation.start - 1) + 1;
  const line = after.slice(start).split("\n")[0] ?? "";
  const what = [
    ...(inside ? [] : ["no caret inside"]),
    ...elsewhere.map((one) => `elsewhere ${one}`),
    ...lost.map((one) => `lost ${one}`),
  ];
  return `  ${name}, ${mutation.kind}: ${line.trim()} (${what.join("; ")})`;
}
