/**
 * A clock for how long keys are held: it never goes back, and the time for which the machine stood still counts too. The monotonic clock of a
 * process does not count it, and the wall clock may be set back.
 */

/** Milliseconds. Less is taken for the ordinary unevenness of two clocks. */
const leap = 1_000;

/** Milliseconds from some moment. A wall clock that is set ahead is taken for a machine that stood still: keys are asked for again earlier. */
export function standingClock(
  monotonic: () => number = () => performance.now(),
  wall: () => number = () => Date.now(),
): () => number {
  let stood = 0;
  let apart = wall() - monotonic();
  return () => {
    const now = monotonic();
    const found = wall() - now;
    if (found - apart > leap) stood += found - apart;
    if (Math.abs(found - apart) > leap) apart = found;
    return now + stood;
  };
}
