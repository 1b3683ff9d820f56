/**
 * The studio as a process of its own, over another application: folder of the project, folder of the application, and the user
 * to become once everything is loaded, since a superuser may write everything.
 */
import { studio } from "../../src/command/studio.ts";

const [, , folder = "", app = "", user] = process.argv;
if (user !== undefined) process.setuid?.(Number(user));
process.exitCode = await studio(
  {
    cwd: folder,
    out: (text) => process.stdout.write(text),
    err: () => {},
    stdin: () => Promise.resolve(""),
    color: false,
    interactive: false,
    onInterrupt: (callback) => {
      for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, callback);
      return () => {};
    },
  },
  ".",
  { port: 0, open: false, allFiles: false },
  app,
);
