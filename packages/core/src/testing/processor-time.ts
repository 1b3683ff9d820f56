/** The part of Node's `process` that is used here: this room knows no types of Node. */
interface ProcessorUse {
  /** Microseconds that this thread has computed, of the program and of the system for it. */
  threadCpuUsage(): { readonly user: number; readonly system: number };
}

/**
 * Milliseconds that this thread has computed. What else the machine does meanwhile, and its pauses, are not in it. For tests
 * that run in Node.
 */
export function processorTime(): number {
  const { process } = globalThis as unknown as { readonly process: ProcessorUse };
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
