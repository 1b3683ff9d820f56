/** The browser alone: the project that stands beside the application, or files that were picked. Saving downloads a file. */
import { download } from "./download.ts";
import type { HostedProject, HostFile, ProjectHost } from "./project-host.ts";

/** What `project.json` beside the application holds. Whoever serves the studio may put a project of its own there. */
export interface BesideProject {
  readonly title: string;
  readonly config: string | null;
  readonly files: readonly { readonly name: string; readonly text: string }[];
}

/** Opens `project.json`, which a build fills with an example. */
export function besideHost(url = "project.json"): ProjectHost {
  return browserHost(async () => {
    const answer = await fetch(url);
    if (answer.status === 401)
      throw new Error("This page needs the whole address that `wardline studio` printed: open that one");
    if (!answer.ok) throw new Error(`There is no project at ${url}: ${answer.status}`);
    const { title, config, files } = (await answer.json()) as BesideProject;
    return { title, config, writable: true, files: files.map(asOpened) };
  });
}

/** A project of files that a person picked; a `wardline.config.json` among them is its configuration. */
export function pickedHost(picked: readonly { readonly name: string; readonly text: string }[]): ProjectHost {
  const isConfig = (name: string) => name === "wardline.config.json";
  return browserHost(() =>
    Promise.resolve({
      title: "Files you picked",
      config: picked.find(({ name }) => isConfig(name))?.text ?? null,
      writable: true,
      files: picked.filter(({ name }) => name.endsWith(".ward")).map(asOpened),
    }),
  );
}

function browserHost(open: () => Promise<HostedProject>): ProjectHost {
  let saved = 0;
  return {
    saveWord: "Download",
    open,
    save: (name, text) => {
      download(name, text);
      saved += 1;
      return Promise.resolve({ kind: "saved", version: `downloaded ${saved}` });
    },
  };
}

const asOpened = ({ name, text }: { name: string; text: string }): HostFile => ({
  name,
  text,
  version: "opened",
});
