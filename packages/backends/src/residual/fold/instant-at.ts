/** Instants by number, as texts. */
const millisOf = (text: string) => BigInt(Date.parse(text));

/** The first and the last instant that has a text: years 0001 to 9999, in microseconds since 1970. */
export const instantBounds: readonly [bigint, bigint] = [
  millisOf("0001-01-01T00:00:00.000Z") * 1000n,
  millisOf("9999-12-31T23:59:59.999Z") * 1000n + 999n,
];

/** The canonical text of an instant within {@link instantBounds}. */
export function instantAt(micros: bigint): string {
  const rest = ((micros % 1000n) + 1000n) % 1000n;
  const millis = Number((micros - rest) / 1000n);
  return `${new Date(millis).toISOString().slice(0, -1)}${String(rest).padStart(3, "0")}Z`;
}
