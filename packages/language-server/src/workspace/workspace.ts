/** The projects of a workspace: opened documents before what the source says, each text one source file, each project one snapshot until something changes. */
import { editedFile } from "@wardline/compiler";
import { configName } from "@wardline/compiler/project";
import type { SourceFile } from "@wardline/core";
import { TextDocument } from "vscode-languageserver-textdocument";
import { isSameProject, loadProject, type ConfigProblem, type LoadedProject } from "./load-project.ts";
import type { ProjectSource, ReadText } from "./project-source.ts";
import { folderAbove, folderOfUri, normalUri, uriOfName } from "./uri.ts";

/** A document of a workspace, in its project. */
export interface Placed {
  readonly project: LoadedProject;
  /** Its name in the project. */
  readonly file: string;
  readonly document: TextDocument;
}

export class Workspace {
  private readonly source: ProjectSource;
  private readonly opened = new Map<string, TextDocument>();
  private readonly read = new Map<string, ReadText>();
  private readonly texts = new Map<string, SourceFile>();
  private readonly documents = new Map<string, TextDocument>();
  private projects = new Map<string, LoadedProject>();
  /** Those before the last change. */
  private previous = new Map<string, LoadedProject>();
  private configs = new Map<string, string | undefined>();
  /** What the source lists beneath folders, kept until files change. */
  private listed = new Map<string, readonly string[]>();
  private folders: readonly string[] = [];
  private readonly closers: ((uri: string) => void)[] = [];
  private readonly fileListeners: (() => void)[] = [];
  private readonly listeners: (() => void)[] = [];
  /** Counts changes: what was made at a revision holds as long as it is the same. */
  revision = 0;

  constructor(source: ProjectSource) {
    this.source = source;
  }

  /** Calls back after every change. */
  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** Calls back when files may have come, gone or changed outside of the opened documents. */
  onFiles(listener: () => void): void {
    this.fileListeners.push(listener);
  }

  /** Calls back when a document is closed, with its URI as the client spells it. */
  onClose(listener: (uri: string) => void): void {
    this.closers.push(listener);
  }

  setFolders(uris: readonly string[]): void {
    this.folders = [...uris, ...(this.source.folders ?? [])].map((uri) =>
      normalUri(uri.endsWith("/") ? uri : `${uri}/`),
    );
    this.changed();
  }

  open(document: TextDocument): void {
    const uri = normalUri(document.uri);
    const known = this.opened.has(uri);
    this.opened.set(uri, document);
    this.changed(!known);
  }

  document(uri: string): TextDocument | undefined {
    return this.opened.get(normalUri(uri));
  }

  get openDocuments(): readonly TextDocument[] {
    return [...this.opened.values()];
  }

  close(uri: string): void {
    this.opened.delete(normalUri(uri));
    for (const closed of this.closers) closed(uri);
    this.forget([uri]);
  }

  /** Files were changed, created or deleted outside of the editor, or folders with all that was in them. What is none of a project is nothing. */
  forget(uris: readonly string[]): void {
    let counts = false;
    for (const uri of uris) {
      const normal = normalUri(uri).replace(/\/$/, "");
      counts ||= normal.endsWith(".ward") || normal.endsWith(`/${configName}`);
      for (const known of [...this.read.keys(), ...[...this.listed.values()].flat()])
        if (known === normal || known.startsWith(`${normal}/`)) {
          counts = true;
          this.read.delete(known);
        }
    }
    if (counts) this.changed(true);
  }

  /** Reads everything anew, for a client that does not tell which files change. */
  forgetAll(): void {
    this.read.clear();
    this.changed(true);
  }

  /** The document in its project; undefined for what is neither opened nor in the source. */
  at(uri: string): Placed | undefined {
    const normal = normalUri(uri);
    const project = this.projectOf(normal);
    const file = project?.nameOf(normal);
    const document = this.documentAt(normal);
    if (project === undefined || file === undefined || document === undefined) return undefined;
    return { project, file, document };
  }

  /** Every project with an opened document or beneath a folder of the workspace. */
  all(): readonly LoadedProject[] {
    const uris = [
      ...this.opened.keys(),
      ...this.allConfigs(),
      ...(this.source.folders ?? []).flatMap((folder) => this.wardFiles(folder)),
    ];
    const found = uris.map((uri) => this.projectOf(normalUri(uri)));
    return [...new Set(found.filter((project) => project !== undefined))];
  }

  /** The project of a file: by the nearest configuration, or by headers. */
  projectOf(uri: string): LoadedProject | undefined {
    const normal = normalUri(uri);
    const config = normal.endsWith(`/${configName}`) ? normal : this.configAbove(folderOfUri(normal));
    if (config !== undefined) {
      const project = this.byConfig(config);
      if (normal === config || project.nameOf(normal) !== undefined) return project;
      const other = this.elsewhere(normal);
      if (other !== undefined) return other;
      return this.load(`${config} ${normal}`, () => loadProject.beside(project, normal, this));
    }
    const other = this.elsewhere(normal);
    if (other !== undefined) return other;
    const [only, ...more] = this.isUnsaved(normal) ? this.allConfigs() : [];
    if (only !== undefined && more.length === 0)
      return this.load(`${only} ${normal}`, () => loadProject.beside(this.byConfig(only), normal, this));
    const folder = folderOfUri(normal);
    const roots = [...this.folders.filter((root) => normal.startsWith(root)), folder];
    let problem: ConfigProblem | null = null;
    for (const root of roots) {
      const files = this.wardFiles(root);
      const project = this.load(root, () => loadProject.byHeader(root, files, this));
      if (project.problem === null && project.nameOf(normal) !== undefined) return project;
      if (files.includes(normal)) problem ??= project.problem;
    }
    return this.load(` ${normal}`, () => loadProject.alone(normal, this, problem));
  }

  /** True for a text that was never saved: it stands where no folder can. */
  private isUnsaved(uri: string): boolean {
    const scheme = uri.slice(0, uri.indexOf(":") + 1);
    return !this.folders.some((folder) => folder.startsWith(scheme)) && !this.source.exists(uri);
  }

  /** The file of a URI under a name, the same object as long as its text is the same. */
  fileOf(uri: string, name: string): SourceFile | { readonly problem: string } {
    const found = this.textOf(uri);
    if ("problem" in found) return found;
    const key = `${uri} ${name}`;
    const before = this.texts.get(key);
    if (before?.text === found.text) return before;
    const file = before === undefined ? { name, text: found.text } : editedFile(before, found.text);
    this.texts.set(key, file);
    return file;
  }

  textOf(uri: string): ReadText {
    const document = this.opened.get(uri);
    if (document !== undefined) return { text: document.getText() };
    let found = this.read.get(uri);
    if (found === undefined) this.read.set(uri, (found = this.source.read(uri)));
    return found;
  }

  /** The URI as the client spells it. */
  clientUri(uri: string): string {
    return this.opened.get(uri)?.uri ?? uri;
  }

  /** An opened document or a file of the source; `uri` in its one spelling. */
  documentAt(uri: string): TextDocument | undefined {
    const opened = this.opened.get(uri);
    if (opened !== undefined) return opened;
    const found = this.textOf(uri);
    if ("problem" in found) return undefined;
    const before = this.documents.get(uri);
    if (before?.getText() === found.text) return before;
    const document = TextDocument.create(uri, "wardline", 0, found.text);
    this.documents.set(uri, document);
    return document;
  }

  private wardFiles(folder: string): readonly string[] {
    const opened = [...this.opened.keys()].filter((uri) => uri.startsWith(folder) && uri.endsWith(".ward"));
    const stored = this.list(`ward ${folder}`, () => this.source.wardFiles(folder).map(normalUri));
    return [...new Set([...stored, ...opened])].toSorted();
  }

  private allConfigs(): readonly string[] {
    const found = this.folders.flatMap((folder) =>
      this.list(`config ${folder}`, () => this.source.configs(folder).map(normalUri)),
    );
    // One folder of a workspace may be within another.
    return [...new Set(found)];
  }

  private list(key: string, make: () => readonly string[]): readonly string[] {
    let found = this.listed.get(key);
    if (found === undefined) this.listed.set(key, (found = make()));
    return found;
  }

  /** A project of the workspace that names a file which does not stand beneath its configuration. */
  private elsewhere(uri: string): LoadedProject | undefined {
    return this.allConfigs()
      .map((config) => this.byConfig(config))
      .find((project) => project.nameOf(uri) !== undefined);
  }

  private byConfig(config: string): LoadedProject {
    return this.load(config, () => loadProject.byConfig(config, this));
  }

  private configAbove(from: string): string | undefined {
    if (this.configs.has(from)) return this.configs.get(from);
    const here = uriOfName(from, configName);
    const above = folderAbove(from);
    let found: string | undefined;
    if (this.opened.has(here) || this.source.exists(here)) found = here;
    else if (above !== undefined) found = this.configAbove(above);
    this.configs.set(from, found);
    return found;
  }

  /** What no change has touched stays the same object, and with it all that was found. */
  private load(key: string, make: () => LoadedProject): LoadedProject {
    let project = this.projects.get(key);
    if (project !== undefined) return project;
    const before = this.previous.get(key);
    const made = make();
    project = before !== undefined && isSameProject(before, made) ? before : made;
    this.projects.set(key, project);
    return project;
  }

  private changed(files = false): void {
    this.revision += 1;
    // Between two changes nobody may have asked for a project.
    this.previous = new Map([...this.previous, ...this.projects]);
    this.projects = new Map();
    if (files) {
      this.configs = new Map();
      this.listed = new Map();
    }
    for (const listener of this.listeners) listener();
    if (files) for (const listener of this.fileListeners) listener();
  }
}
