/** One opened project: its store, its language server, what is chosen and how it is saved. */
import type { ProjectHost } from "../host/project-host.ts";
import { DocumentStore } from "../store/document-store.ts";
import { startLanguageClient, type LanguageClient } from "../worker/language-client.ts";
import { editsOf } from "../worker/workspace-edit.ts";
import { observable, type Observable } from "./observable.ts";
import { projectOf, type StudioProject } from "./project.ts";
import { saverOf, type Saver } from "./save-files.ts";

/** A place that a screen asks the policy screen to show. */
export interface ShownPlace {
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

export interface Session {
  readonly host: ProjectHost;
  readonly project: StudioProject;
  readonly store: DocumentStore;
  readonly language: LanguageClient;
  readonly saver: Saver;
  /** The file that the screens are about. */
  readonly file: Observable<string>;
  readonly shown: Observable<ShownPlace | null>;
  /** What a command of the text said, to be read; null while there is nothing. */
  readonly said: Observable<{ readonly title: string; readonly text: string } | null>;
  /** What is read out to who does not see the screen. */
  readonly announced: Observable<string>;
  /** Ends its language server and no longer watches its files. */
  readonly close: () => void;
}

/** Rejects with a sentence for people where there is nothing to open. */
export async function openSession(host: ProjectHost, startWorker: () => Worker): Promise<Session> {
  const hosted = await host.open();
  const project = projectOf(hosted);
  const first = project.files[0];
  if (first === undefined) throw new Error("There is no policy here: no file that ends in .ward");
  const store = new DocumentStore(hosted.files.map(({ name, text }) => [name, text]));
  const worker = startWorker();
  const language = startLanguageClient({
    end: worker,
    store,
    config: project.config,
    applyEdit: (edit, label) => {
      const edits = editsOf(store, edit);
      return edits !== null && store.edit({ label, edits });
    },
  });
  const versions = hosted.files.map(({ name, version }) => [name, version] as const);
  const saver = saverOf(host, store, versions);
  const unwatch = host.watch?.((files) => saver.notice(files));
  return {
    host,
    project,
    store,
    language,
    saver,
    file: observable(first.name),
    shown: observable<ShownPlace | null>(null),
    said: observable<{ readonly title: string; readonly text: string } | null>(null),
    announced: observable(""),
    close: () => {
      unwatch?.();
      worker.terminate();
    },
  };
}
