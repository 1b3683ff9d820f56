/**
 * Where the scope of the present call is kept: one place for the whole process. A second copy of this package finds the place of
 * the first, or, if it is of another version, throws: two copies with a place each would each lose the other's scopes.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { IsolationViolation } from "@wardline/isolation";

/** The version of what is kept, not of the package: raised when a store means something else. */
const version = 1;
const key = Symbol.for("wardline.scope");

/** Who opened the scope, by which it is known again, and what was opened. */
export interface Scope {
  readonly owner: object;
  readonly session: object;
  readonly tenant: string;
}

interface Registry {
  readonly version: number;
  readonly storage: AsyncLocalStorage<Scope>;
}

/** Throws `handle/other-copy`. */
export function scopes(): AsyncLocalStorage<Scope> {
  const holder = globalThis as unknown as Record<symbol, unknown>;
  if (!Object.hasOwn(holder, key))
    Object.defineProperty(holder, key, {
      value: Object.freeze({ version, storage: new AsyncLocalStorage<Scope>() } satisfies Registry),
      writable: false,
      enumerable: false,
      configurable: false,
    });
  const found = holder[key] as Partial<Registry> | null;
  if (found?.version !== version || !(found.storage instanceof AsyncLocalStorage))
    throw new IsolationViolation(
      "handle/other-copy",
      "another version of this package is in the process: install one version alone",
    );
  return found.storage;
}
