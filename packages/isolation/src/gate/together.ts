/**
 * Questions to the database that do not wait for each other's answers, so that a session may send them at once. In which
 * order they are answered nobody promises: only what reads, and reads what stands still, may be asked so.
 */

/**
 * The answers in order. All have settled when this does, so that none is still under way when the caller undoes what was
 * done; of several errors the first in order is thrown, since the others may be only its consequences.
 */
export async function together<T extends readonly Promise<unknown>[]>(
  ...asked: T
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  const settled = await Promise.allSettled(asked);
  const failed = settled.find((answer) => answer.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  return settled.map((answer) => (answer as PromiseFulfilledResult<unknown>).value) as {
    -readonly [K in keyof T]: Awaited<T[K]>;
  };
}
