/**
 * Asks the database whether it answers and lets a context in. Invariant: whoever asks, and however often, has one question under way at a time, and
 * waits for no longer than this is patient.
 */
import type { ContextClaims, ContextGate, Database } from "@wardline/isolation";
import type { DatabaseHealth } from "./health.ts";

/** Milliseconds. */
const patience = 2_000;
/** Milliseconds for which an answer stands. */
const remembered = 1_000;

export interface ProbeParts {
  readonly database: Database;
  /** Whose context is entered; null where there is none to enter. */
  readonly claims: () => { readonly gate: ContextGate; readonly claims: ContextClaims } | null;
  /** Gets what the database refused with. */
  readonly onOperatorError: (error: unknown) => void;
  /** Milliseconds. */
  readonly patience?: number;
}

export class DatabaseProbe {
  readonly #parts: ProbeParts;
  #underWay: Promise<DatabaseHealth> | null = null;
  #last: { readonly health: DatabaseHealth; readonly at: number } | null = null;

  constructor(parts: ProbeParts) {
    this.#parts = parts;
  }

  /** Never rejects. */
  async ask(): Promise<DatabaseHealth> {
    if (this.#last !== null && performance.now() - this.#last.at < remembered) return this.#last.health;
    this.#underWay ??= this.#probe().then((health) => {
      this.#underWay = null;
      this.#last = { health, at: performance.now() };
      return health;
    });
    const late = Promise.withResolvers<DatabaseHealth>();
    const timer = setTimeout(() => late.resolve(silent), this.#parts.patience ?? patience);
    try {
      return await Promise.race([this.#underWay, late.promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #probe(): Promise<DatabaseHealth> {
    const { database, claims, onOperatorError } = this.#parts;
    const since = performance.now();
    let entered: ReturnType<ProbeParts["claims"]> = null;
    try {
      entered = claims();
      const asked = entered;
      await database.batch((backend) => [
        ...(asked === null ? [] : asked.gate.statements(asked.claims, backend)),
        { sql: "SELECT 1", parameters: [] },
      ]);
      const milliseconds = Math.round(performance.now() - since);
      return { status: "ok", milliseconds, contextAccepted: asked === null ? null : true };
    } catch (error) {
      const milliseconds = Math.round(performance.now() - since);
      // Another process has a later policy of this tenant: its next statement brings that to hand.
      if (entered !== null && stateOf(error) === "WL003")
        return { status: "ok", milliseconds, contextAccepted: true };
      try {
        onOperatorError(error);
      } catch {
        // Health is told whatever becomes of whoever is told more.
      }
      const isRefusal = entered !== null && refusals.has(stateOf(error) ?? "") && !isFatal(error);
      return isRefusal ? { status: "down", milliseconds, contextAccepted: false } : silent;
    }
  }
}

/** The context was refused, or what it is checked with is not as it must be. */
const refusals: ReadonlySet<string> = new Set(["28000", "WL001", "WL004"]);

const silent: DatabaseHealth = { status: "down", milliseconds: null, contextAccepted: null };

function stateOf(error: unknown): string | undefined {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return typeof code === "string" ? code : undefined;
}

/** A refusal of the login has the same state. */
function isFatal(error: unknown): boolean {
  return (error as { readonly severity?: unknown } | null)?.severity === "FATAL";
}
