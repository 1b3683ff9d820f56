/** How something that is done again and again went lately. It keeps a code and times, and no error. */
import { codeOf } from "./outcome-of.ts";

export interface RecentFailure {
  readonly code: string;
  readonly at: Date;
}

export class Recent {
  readonly #clock: () => Date;
  readonly #counts: (code: string) => boolean;
  #failure: RecentFailure | null = null;

  /** `counts`: failures that are more than the matter of who asked. */
  constructor(clock: () => Date, counts: (code: string) => boolean = () => true) {
    this.#clock = clock;
    this.#counts = counts;
  }

  /** The last that failed; null since one went well. */
  get failure(): RecentFailure | null {
    return this.#failure;
  }

  of<T>(work: Promise<T>): Promise<T> {
    return work.then(
      (value) => {
        this.#failure = null;
        return value;
      },
      (error: unknown) => {
        const code = codeOf(error) ?? "other";
        if (this.#counts(code)) this.#failure = { code, at: this.#clock() };
        throw error;
      },
    );
  }
}
