/** What the decisions of one engine work with. */
import { createMemory, type Memory } from "./memory.ts";
import { beginDecision, createState, type State } from "./state.ts";

export class Running {
  readonly memory: Memory = createMemory();
  /** What is asked about may come back in while it is read (an accessor); it then works in a state of its own. */
  idle: State | null = null;
  readonly #slots: number;
  readonly #nodes: number;

  constructor(slots: number, nodes: number) {
    this.#slots = slots;
    this.#nodes = nodes;
  }

  /** A state for one decision; it is put back as `idle` after it. */
  take(): State {
    const state = this.idle ?? createState(this.#slots, this.#nodes);
    this.idle = null;
    beginDecision(state);
    return state;
  }
}
