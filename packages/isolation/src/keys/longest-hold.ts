/** Milliseconds. No process uses a key for longer after it asked the registry, whatever its own bounds are. */
export const longestHold = 300_000;
