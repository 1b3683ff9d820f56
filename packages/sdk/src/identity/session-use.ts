/** When a session was last used: what no token says, so somebody has to remember it. */

export interface SessionUse {
  /**
   * Notes a use `at` a moment, and resolves to the use that counts as the last one before it; `first` where nothing is known of the session.
   * Invariant: the time between the two never gets shorter than the longest that there ever was between two uses. Else whoever came
   * too late, and was refused by the policy, would only have to come again.
   *
   * `session` is a hash, and no name that a token or an issuer uses.
   */
  readonly use: (session: string, at: Date, first: Date) => Promise<Date>;
}

export interface MemorySessionUseOptions {
  /** Sessions to remember; the one that was used longest ago is forgotten first. Default: 100,000. */
  readonly most?: number;
}

/** In this process alone: for one process, and until it ends. What is forgotten begins anew with its token. */
export function memorySessionUse({ most = 100_000 }: MemorySessionUseOptions = {}): SessionUse {
  const known = new Map<string, { readonly last: number; readonly gap: number }>();
  return {
    use: (session, at, first) => {
      const now = at.getTime();
      const before = known.get(session);
      const last = before?.last ?? first.getTime();
      const gap = Math.max(before?.gap ?? 0, now - last);
      known.delete(session);
      known.set(session, { last: Math.max(now, last), gap });
      const [oldest] = known.keys();
      if (known.size > most && oldest !== undefined) known.delete(oldest);
      return Promise.resolve(new Date(now - gap));
    },
  };
}
