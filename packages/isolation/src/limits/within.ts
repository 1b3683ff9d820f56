/** What has come to nothing in time has failed, whatever it does afterwards. */

/** Rejects after so many milliseconds. */
export async function within<T>(patience: number, act: () => Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${patience} ms`)), patience);
  try {
    return await Promise.race([act(), promise]);
  } finally {
    clearTimeout(timer);
  }
}
