/**
 * Reads a statement that is still being written, by the grammar that the parser has: what each token was taken as, and
 * what could stand next. Goes on where something is missing or too much. Serves completion alone; what it takes is not
 * thereby right.
 */
import {
  Alternation,
  Alternative,
  NonTerminal,
  Option,
  Repetition,
  RepetitionMandatory,
  RepetitionMandatoryWithSeparator,
  RepetitionWithSeparator,
  Terminal,
  tokenMatcher,
} from "chevrotain";
import type { IProduction, IToken, TokenType } from "chevrotain";
import { theParser } from "../grammar/parser.ts";
import type { RuleName } from "../grammar/rule-names.ts";

/** A rule of the grammar that has begun. */
export interface Frame {
  readonly rule: RuleName;
  /** The index of its first token, among those that are read. */
  readonly start: number;
  readonly parent: Frame | null;
}

/** A kind of token that could stand next. */
export interface Expectation {
  readonly type: TokenType;
  readonly frame: Frame;
}

export interface PartlyRead {
  /** For each token the rule that took it; null for one that fits nowhere. */
  readonly taken: readonly (Frame | null)[];
  /** Each kind of token once for each way of rules that leads to it, what continues the innermost rule first. */
  readonly expected: readonly Expectation[];
  /** True if the tokens could be all of it. */
  readonly whole: boolean;
}

/** What is still to come, the next first. */
interface Rest {
  readonly step: IProduction | Leave;
  readonly rest: Rest | null;
}

/** The end of a rule. */
interface Leave {
  readonly leave: true;
}

const leave: Leave = { leave: true };

interface Open extends Frame {
  readonly parent: Open | null;
  /** What follows the rule. */
  readonly after: Rest | null;
}

interface Taken {
  readonly frame: Frame | null;
  readonly before: Taken | null;
}

/** What can stand next. */
interface Ways {
  readonly states: State[];
  /** True if nothing need. */
  whole: boolean;
}

interface State {
  readonly type: TokenType;
  readonly frame: Open;
  readonly rest: Rest | null;
  readonly taken: Taken | null;
}

/** Reads tokens as a rule of the grammar. `hole`: the index of a token before which another one is most likely missing. */
export function readPartly(tokens: readonly IToken[], rule: "header" | "statement", hole = -1): PartlyRead {
  let ways = begin(rule);
  for (const [index, token] of tokens.entries()) {
    const matching = waysOn(ways.states, index, (state) => tokenMatcher(token, state.type), index === hole);
    if (matching === null) {
      const states = ways.states.map((state) => ({ ...state, taken: { frame: null, before: state.taken } }));
      ways = { states, whole: ways.whole };
      continue;
    }
    const last = matching[0]?.taken ?? null;
    const next: Ways = { states: [], whole: false };
    for (const { frame, rest, taken } of matching)
      follow(rest, frame, index + 1, { frame, before: taken }, next);
    if (next.states.length === 0)
      return {
        taken: listed({ frame: matching[0]?.frame ?? null, before: last }, tokens.length),
        expected: [],
        whole: index === tokens.length - 1,
      };
    ways = next;
  }
  return {
    taken: listed(ways.states[0]?.taken ?? null, tokens.length),
    expected: ways.states,
    whole: ways.whole,
  };
}

/** The states that a token goes on with: as it is, after one that is missing, or after a rule that is given up. */
function waysOn(
  states: readonly State[],
  index: number,
  fits: (state: State) => boolean,
  isHole: boolean,
): readonly State[] | null {
  const direct = states.filter(fits);
  if (direct.length > 0 && (!isHole || direct.some(isWord))) return direct;
  const skipped: Ways = { states: [], whole: false };
  for (const { frame, rest, taken } of states) follow(rest, frame, index, taken, skipped);
  const missing = skipped.states.filter(fits);
  // Invariant: of guesses one is followed. All of them together would grow with each further one.
  const guess = missing.find(isWord) ?? missing[0];
  if (guess !== undefined) return [guess];
  if (direct.length > 0) return direct;
  const after = abandoned(states, index, fits);
  return after === null ? null : [after];
}

/** A word of the language is meant as such rather than as a name. */
const isWord = ({ type }: State): boolean => type.name.startsWith("word_");

function begin(rule: "header" | "statement"): Ways {
  const production = theParser().getGAstProductions()[rule];
  if (production === undefined) throw new Error(`Invariant: the grammar has the rule ${rule}`);
  const frame: Open = { rule, start: 0, parent: null, after: null };
  const ways: Ways = { states: [], whole: false };
  follow(chain(production.definition, null), frame, 0, null, ways);
  return ways;
}

/** What is left by giving up rules that are not complete, the innermost first. */
function abandoned(states: readonly State[], next: number, fits: (state: State) => boolean): State | null {
  const tried = new Set<Open>();
  for (const state of states)
    for (let frame: Open | null = state.frame; frame !== null; frame = frame.parent) {
      if (tried.has(frame) || frame.parent === null) break;
      tried.add(frame);
      const after: Ways = { states: [], whole: false };
      follow(frame.after, frame.parent, next, state.taken, after);
      const found = after.states.find(fits);
      if (found !== undefined) return found;
    }
  return null;
}

function chain(steps: readonly IProduction[], rest: Rest | null): Rest | null {
  return steps.reduceRight<Rest | null>((after, step) => ({ step, rest: after }), rest);
}

/** Adds what can stand next to `ways`. */
function follow(rest: Rest | null, frame: Open, next: number, taken: Taken | null, ways: Ways): void {
  if (rest === null) {
    if (frame.parent === null) ways.whole = true;
    return;
  }
  const { step, rest: after } = rest;
  if ("leave" in step) {
    if (frame.parent !== null) follow(after, frame.parent, next, taken, ways);
    return;
  }
  const into = (steps: readonly IProduction[], then: Rest | null) => {
    follow(chain(steps, then), frame, next, taken, ways);
  };
  const on = () => {
    follow(after, frame, next, taken, ways);
  };
  if (step instanceof Terminal) ways.states.push({ type: step.terminalType, frame, rest: after, taken });
  else if (step instanceof NonTerminal) {
    const rule = step.nonTerminalName as RuleName;
    const inner: Open = { rule, start: next, parent: frame, after };
    const steps = step.referencedRule.definition;
    follow(chain(steps, { step: leave, rest: after }), inner, next, taken, ways);
  } else if (step instanceof Alternation)
    for (const one of step.definition as unknown as readonly Alternative[]) into(one.definition, after);
  else if (step instanceof Alternative) into(step.definition, after);
  else if (step instanceof Option) {
    into(step.definition, after);
    on();
  } else if (step instanceof Repetition) {
    into(step.definition, rest);
    on();
  } else if (step instanceof RepetitionMandatory)
    into(step.definition, { step: new Repetition({ definition: step.definition }), rest: after });
  else if (step instanceof RepetitionWithSeparator) {
    into(step.definition, separated(step.separator, step.definition, after));
    on();
  } else if (step instanceof RepetitionMandatoryWithSeparator)
    into(step.definition, separated(step.separator, step.definition, after));
}

function separated(separator: TokenType, definition: IProduction[], rest: Rest | null): Rest {
  const comma = new Terminal({ terminalType: separator });
  return { step: new Repetition({ definition: [comma, ...definition] }), rest };
}

function listed(taken: Taken | null, length: number): readonly (Frame | null)[] {
  const frames: (Frame | null)[] = [];
  for (let at = taken; at !== null; at = at.before) frames.push(at.frame);
  frames.reverse();
  while (frames.length < length) frames.push(null);
  return frames;
}
