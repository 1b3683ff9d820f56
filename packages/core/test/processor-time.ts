/** Milliseconds that this thread has computed. What else the machine does meanwhile, and its pauses, are not in it. */
export function processorTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
