/**
 * A workload: questions, each with a yes or a no, and ways to answer them. The first way is written by hand and is the
 * floor. All ways must answer alike before anything is timed.
 */
import { measure, type Alternative, type Measured } from "./measure.ts";

export interface Way {
  readonly name: string;
  readonly ask: (question: number) => boolean;
}

/** A way that is not taken, or not for all, and why. */
export interface LeftOut {
  readonly name: string;
  readonly why: string;
}

export interface Work {
  readonly title: string;
  /** How many different questions there are. */
  readonly questions: number;
  readonly ways: readonly Way[];
  readonly leftOut: readonly LeftOut[];
}

/** What differs, in words, at most one for each way; and whether the answers are mixed at all. */
export function differences(work: Work): readonly string[] {
  const [floor, ...others] = work.ways;
  if (floor === undefined) return ["there is no way"];
  const answers = Array.from({ length: work.questions }, (_, n) => floor.ask(n));
  const share = answers.filter(Boolean).length / answers.length;
  const wrong = others.flatMap(({ name, ask }) => {
    const first = answers.findIndex((answer, n) => ask(n) !== answer);
    return first === -1 ? [] : [`${name} answers question ${first} with ${String(!answers[first])}`];
  });
  return share < 0.05 || share > 0.95
    ? [`${(share * 100).toFixed(0)} % of the answers are yes`, ...wrong]
    : wrong;
}

/** Times all ways of a work. Throws if they do not answer alike. */
export function timeWork(work: Work): readonly Measured[] {
  const wrong = differences(work);
  if (wrong.length > 0) throw new Error(`${work.title}: ${wrong.join("; ")}`);
  return measure(
    work.ways.map(({ name, ask }): Alternative => ({ name, run: loopOver(ask, work.questions) })),
  );
}

type Loop = (start: number, count: number) => number;

/** A loop of its own for each way, as it would be in an application: a shared one would call every way indirectly. */
function loopOver(ask: Way["ask"], questions: number): Loop {
  // oxlint-disable-next-line no-new-func, typescript/no-implied-eval -- each call must make a function that is compiled by itself
  const make = new Function(
    "ask",
    "questions",
    `return (start, count) => {
      let yes = 0;
      for (let n = start; n < start + count; n += 1) if (ask(n % questions)) yes += 1;
      return yes;
    };`,
  ) as (ask: Way["ask"], questions: number) => Loop;
  return make(ask, questions);
}
