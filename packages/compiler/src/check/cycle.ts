/** The shortest way from a name back to itself over what each name refers to, if there is one. */
export function cycleFrom(
  start: string,
  refers: ReadonlyMap<string, readonly string[]>,
): readonly string[] | undefined {
  const from = new Map<string, string>();
  const pending = [start];
  for (let at = pending.shift(); at !== undefined; at = pending.shift())
    for (const next of refers.get(at) ?? []) {
      if (next === start) {
        const path = [start];
        for (let step: string | undefined = at; step !== undefined && step !== start; step = from.get(step))
          path.unshift(step);
        return [start, ...path];
      }
      if (!from.has(next)) {
        from.set(next, at);
        pending.push(next);
      }
    }
  return undefined;
}
