/**
 * The working memory of one decision: facts by slot and truths by node. It is used again by the next decision, so it
 * must never let one read what another left: every fact that a table may read is written before its rules are asked, and
 * truths carry the number of the decision they belong to.
 */
import { Matches } from "./matches.ts";
import type { ListMembers } from "./members.ts";

export interface State {
  /** Facts by slot id; undefined where absent. Lists are `Members`, relations `Pairs`. */
  readonly facts: unknown[];
  /** Lists by slot id that are filled anew by each decision. */
  readonly lists: (ListMembers | undefined)[];
  /** The numbers of the principal's roles that some rule names, `roleCount` of them. */
  roles: readonly number[];
  /** Where the roles of a request are written. */
  readonly ownRoles: number[];
  roleCount: number;
  /** By node: `decision` if it is false, `decision + 1` if it is true; anything else is from another decision. */
  readonly truths: Uint32Array;
  /** An even number above zero, unlike that of any truth left behind. */
  decision: number;
  readonly forbids: Matches;
  readonly grants: Matches;
  readonly requires: Matches;
}

const lastDecision = 0xffff_fffe;

export function createState(slots: number, nodes: number): State {
  return {
    facts: Array.from({ length: slots }, () => undefined),
    lists: Array.from({ length: slots }, () => undefined),
    roles: [],
    ownRoles: [],
    roleCount: 0,
    truths: new Uint32Array(nodes),
    decision: 0,
    forbids: new Matches(),
    grants: new Matches(),
    requires: new Matches(),
  };
}

/** Begins a decision: no node has a truth yet. */
export function beginDecision(state: State): void {
  if (state.decision === lastDecision) {
    state.truths.fill(0);
    state.decision = 0;
  }
  state.decision += 2;
}

/** A yes-or-no question about the facts of the decision under way. */
export type Test = (state: State) => boolean;

/** The same question, asked at most once a decision; `node` is its own place in `truths`. */
export function once(test: Test, node: number): Test {
  return (state) => {
    const { truths, decision } = state;
    const known = truths[node];
    if (known === decision) return false;
    if (known === decision + 1) return true;
    const holds = test(state);
    truths[node] = holds ? decision + 1 : decision;
    return holds;
  };
}
