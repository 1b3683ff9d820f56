/** One opened project: its store, its language server, what is chosen and how it is saved. */
import type { HostedProject, ProjectHost } from "../host/project-host.ts";
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
  /** The project as others have left it, where files came or went or the configuration was changed; null while it is as it was opened. */
  readonly remade: Observable<HostedProject | null>;
  /** Why the project cannot be read at the moment: a sentence for people. */
  readonly trouble: Observable<string | null>;
  /** Ends its language server and no longer watches its files. */
  readonly close: () => void;
}

/** Rejects with a sentence for people where there is nothing to open. */
export async function openSession(host: ProjectHost, startWorker: () => Worker): Promise<Session> {
  const hosted = await host.open();
  if (hosted.files.length === 0) throw new Error("There is no policy here: no file that ends in .ward");
  const store = new DocumentStore(hosted.files.map(({ name, text }) => [name, text]));
  const versions = hosted.files.map(({ name, version }) => [name, version] as const);
  return sessionOf(
    { host, hosted, onDisk: hosted, store, saver: saverOf(host, store, versions) },
    startWorker,
  );
}

/** The same texts, edits and history over the files that there are now. A file that was removed stays while it has edits. The earlier session is to be closed. */
export async function reopenSession(session: Session, startWorker: () => Worker): Promise<Session> {
  const { host, store, saver, project, file } = session;
  const hosted = await host.open();
  saver.notice(hosted.files);
  saver.adopt(hosted.files);
  const names = new Set(hosted.files.map(({ name }) => name));
  const kept = store.files
    .filter((name) => !names.has(name))
    .map((name) => ({ name, text: store.text(name) ?? "", version: "" }));
  const all = { ...hosted, files: [...hosted.files, ...kept] };
  if (all.files.length === 0) throw new Error(`No file of ${project.title} is left`);
  return sessionOf({ host, hosted: all, onDisk: hosted, store, saver, file: file.get() }, startWorker);
}

interface SessionParts {
  readonly host: ProjectHost;
  readonly hosted: HostedProject;
  readonly store: DocumentStore;
  readonly saver: Saver;
  /** As the host told it. */
  readonly onDisk: HostedProject;
  /** The file to show. */
  readonly file?: string;
}

function sessionOf(
  { host, hosted, onDisk, store, saver, file }: SessionParts,
  startWorker: () => Worker,
): Session {
  const project = projectOf(hosted);
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
  const remade = observable<HostedProject | null>(null);
  const trouble = observable<string | null>(null);
  const unwatch = host.watch?.((news) => {
    trouble.set(news.kind === "trouble" ? news.reason : null);
    if (news.kind === "trouble") return;
    saver.notice(news.project.files);
    const names = new Set(news.project.files.map(({ name }) => name));
    // A file that was kept for its edits alone, and has none any more, is shown and not there.
    const isLeft = store.files.some((name) => !names.has(name) && !store.isDirty(name));
    remade.set(!isLeft && shapeOf(news.project) === shapeOf(onDisk) ? null : news.project);
  });
  const first = project.files.find(({ name }) => name === file) ?? project.files[0];
  return {
    host,
    project,
    store,
    language,
    saver,
    file: observable(first?.name ?? ""),
    shown: observable<ShownPlace | null>(null),
    said: observable<{ readonly title: string; readonly text: string } | null>(null),
    announced: observable(""),
    remade,
    trouble,
    close: () => {
      unwatch?.();
      language.close();
      worker.terminate();
    },
  };
}

/** All of a project but its texts. */
function shapeOf({ config, lacking = [], newPolicies = null, files }: HostedProject): string {
  const names = files.map(({ name, readOnly = null }) => [name, readOnly]);
  return JSON.stringify([config, lacking, newPolicies, names]);
}
