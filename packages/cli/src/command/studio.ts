/** `wardline studio [folder]`: serves the studio on this machine, over the files of a project. */
import { fileURLToPath } from "node:url";
import { InvalidArgumentError } from "commander";
import { appFolder } from "@wardline/studio";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { reportFailure } from "../failure.ts";
import type { Io } from "../io.ts";
import { projectFolderOf } from "../project/project.ts";
import { openBrowser } from "../studio/open-browser.ts";
import { startStudio } from "../studio/studio-server.ts";
import { readStudioProject } from "../studio/studio-project.ts";
import type { AddCommand } from "./shell.ts";

export interface StudioCommandOptions {
  readonly port: number;
  readonly open: boolean;
  readonly allFiles: boolean;
}

export const addStudio: AddCommand = (program, { io, end }) => {
  program
    .command("studio")
    .description("serve the studio on this machine, to write policies in a browser")
    .argument("[folder]", "the project's folder", ".")
    .option("--port <number>", "the port of 127.0.0.1 (default: a free one)", portNumber, 0)
    .option("--open", "open the address in the browser", false)
    .option("--no-open", "only print it")
    .option("--all-files", "write what tenants share too: model, platform, packs", false)
    .action(async (folder: string, options: StudioCommandOptions) => {
      end(await studio(io, folder, options));
    });
};

/** Serves until the user asks to stop. `app` is the folder of the built application. */
export async function studio(
  io: Io,
  path: string,
  { port, open, allFiles }: StudioCommandOptions,
  app: string = fileURLToPath(appFolder),
): Promise<ExitCode> {
  const folder = projectFolderOf(io.cwd, path);
  const { files } = readStudioProject(folder, allFiles);
  const stop = Promise.withResolvers<void>();
  const forget = io.onInterrupt(stop.resolve);
  try {
    const running = await startStudio({
      folder,
      allFiles,
      appFolder: app,
      port,
      onError: (error) => reportFailure(io, error),
      onWatched: () =>
        io.err(
          "another program left a service worker at this address, which may have seen the token: nothing of the project is answered any more\n" +
            "  help: end this command and start it again, on another port or without --port\n",
        ),
    });
    io.out(`${running.address}\n`);
    const written = files.filter(({ readOnly }) => readOnly === null).length;
    io.err(`${written} of ${files.length} files can be written; Ctrl-C ends\n`);
    const noBrowser = () => io.err("no browser opened; open the address yourself\n");
    const forgetPage = open ? openBrowser(running.address, noBrowser) : undefined;
    await stop.promise;
    forgetPage?.();
    await running.close();
    return exitCode.fine;
  } finally {
    forget();
  }
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new InvalidArgumentError("a port is 0 to 65535.");
  return port;
}
