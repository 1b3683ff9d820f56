/** Saves what was edited, upon the versions that it was made from. A conflict is told and nothing is lost. */
import type { HostFile, ProjectHost } from "../host/project-host.ts";
import type { DocumentStore } from "../store/document-store.ts";

export interface Conflict {
  readonly file: string;
  /** What stands on disk now, by somebody else. */
  readonly theirs: string;
  readonly version: string;
}

export type SaveOutcome =
  | { readonly kind: "saved"; readonly files: readonly string[] }
  | { readonly kind: "conflict"; readonly conflict: Conflict }
  | { readonly kind: "refused"; readonly reason: string };

export interface Saver {
  /** Saves every file with edits; stops at the first that cannot be saved. One that is asked for while another is under way waits for it. */
  save(): Promise<SaveOutcome>;
  /** Puts mine in the place of what stands on disk. */
  keepMine(conflict: Conflict): Promise<SaveOutcome>;
  /** Takes what stands on disk; undo brings mine back. */
  takeTheirs(conflict: Conflict): void;
  /** Takes what somebody else saved where there are no edits of ours. Where there are, saving will tell of it. */
  notice(files: readonly HostFile[]): void;
}

export function saverOf(
  host: ProjectHost,
  store: DocumentStore,
  opened: Iterable<readonly [string, string]>,
): Saver {
  const versions = new Map(opened);
  let last: Promise<unknown> = Promise.resolve();

  /** Two saves upon the same version would be a conflict of ours with ourselves. */
  function save(): Promise<SaveOutcome> {
    const mine = last.then(saveAll);
    last = mine;
    return mine;
  }

  /** Never rejects. */
  async function saveAll(): Promise<SaveOutcome> {
    const files: string[] = [];
    for (const file of store.dirtyFiles) {
      const text = store.text(file) ?? "";
      const answer = await host
        .save(file, text, versions.get(file) ?? "")
        .catch((error: unknown) => ({ kind: "refused" as const, reason: `${file}: ${String(error)}` }));
      switch (answer.kind) {
        case "saved":
          versions.set(file, answer.version);
          store.markSaved(file, text);
          files.push(file);
          break;
        case "conflict":
          return { kind: "conflict", conflict: { file, theirs: answer.text, version: answer.version } };
        case "refused":
          return answer;
      }
    }
    return { kind: "saved", files };
  }

  function takeTheirs({ file, theirs, version }: Conflict): void {
    versions.set(file, version);
    const end = store.text(file)?.length ?? 0;
    store.edit({
      label: "Take what was saved elsewhere",
      edits: [{ span: { file, start: 0, end }, text: theirs }],
      exact: true,
    });
    store.markSaved(file, theirs);
  }

  return {
    save,
    takeTheirs,
    notice: (files) => {
      for (const { name, text, version } of files)
        if (versions.has(name) && versions.get(name) !== version && !store.isDirty(name))
          takeTheirs({ file: name, theirs: text, version });
    },
    keepMine: ({ file, version }) => {
      versions.set(file, version);
      return save();
    },
  };
}
