/** `npm start -- studio`: the clinic's policies in the studio, until it is told to stop. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** Runs `wardline studio` over this example, on what was built of its application. Gives the exit code. */
export async function studio(options: readonly string[]): Promise<number> {
  const root = fileURLToPath(new URL("../../../", import.meta.url));
  const script = ["--conditions=@wardline/source", "scripts/studio.ts", "examples/clinic", ...options];
  const child = spawn(process.execPath, script, { cwd: root, stdio: "inherit" });
  // A terminal tells both; whoever else stops this process means that one.
  const stop = (signal: NodeJS.Signals): void => void child.kill(signal);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, stop);
  const [code] = (await once(child, "exit")) as [number | null];
  return code ?? 1;
}
