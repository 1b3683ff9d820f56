/** Saves what was edited, upon the versions that it was made from. A conflict is told and nothing is lost. */
import type { HostFile, ProjectHost } from "../host/project-host.ts";
import type { DocumentStore } from "../store/document-store.ts";
import { editsTo, editsToJoin } from "../store/other-text.ts";
import { observable, type Observable } from "./observable.ts";

export interface Conflict {
  readonly file: string;
  /** What stands on disk now, by somebody else; null where they removed it. */
  readonly theirs: string | null;
  readonly version: string;
}

export type SaveOutcome =
  | { readonly kind: "saved"; readonly files: readonly string[] }
  | { readonly kind: "conflict"; readonly conflict: Conflict }
  | { readonly kind: "refused"; readonly reason: string };

export interface Saver {
  /** Saves every file with edits; stops at the first that cannot be saved. One that is asked for while another is under way waits for it. */
  save(): Promise<SaveOutcome>;
  /** Puts mine in the place of what stands on disk, and then saves the other files as {@link save} does. */
  keepMine(conflict: Conflict): Promise<SaveOutcome>;
  /** Takes what stands on disk; undo brings mine back. */
  takeTheirs(conflict: Conflict): void;
  /** Whether what both changed are other lines, so that the text can have both. */
  canKeepBoth(conflict: Conflict): boolean;
  /** Brings what they changed into my text, which is then saved as any other. False where both changed the same lines. */
  keepBoth(conflict: Conflict): boolean;
  /** Gives up a file that they removed, with what I changed in it. */
  letGo(conflict: Conflict): void;
  /** Takes what somebody else saved where there are no edits of ours, which undo leaves, and tells of it where there are. */
  notice(files: readonly HostFile[]): void;
  /** File → what somebody else made of it since, while it has edits of ours. */
  readonly conflicts: Observable<ReadonlyMap<string, Conflict>>;
  /** Which files there are from now on; one with edits of ours stays. */
  adopt(files: readonly HostFile[]): void;
}

export function saverOf(
  host: ProjectHost,
  store: DocumentStore,
  opened: Iterable<readonly [string, string]>,
): Saver {
  const versions = new Map(opened);
  const conflicts = observable<ReadonlyMap<string, Conflict>>(new Map());
  let last: Promise<unknown> = Promise.resolve();

  /** One after the other: two saves upon the same version would be a conflict of ours with ourselves. */
  function inTurn(work: () => Promise<SaveOutcome>): Promise<SaveOutcome> {
    const mine = last.then(work);
    last = mine;
    return mine;
  }

  /** Never rejects. */
  async function saveAll(): Promise<SaveOutcome> {
    const files: string[] = [];
    for (const file of store.dirtyFiles) {
      const outcome = await saveOne(file, versions.get(file) ?? "");
      if (outcome.kind !== "saved") return outcome;
      files.push(file);
    }
    return { kind: "saved", files };
  }

  /** Upon this version. Never rejects; where nothing is saved, nothing that is known of the file is changed. */
  async function saveOne(file: string, base: string): Promise<SaveOutcome> {
    const text = store.text(file) ?? "";
    const answer = await host.save(file, text, base).catch((error: unknown) => failed(file, error));
    switch (answer.kind) {
      case "saved":
        settled({ file, theirs: text, version: answer.version });
        return { kind: "saved", files: [file] };
      case "conflict":
        return { kind: "conflict", conflict: { file, theirs: answer.text, version: answer.version } };
      case "removed":
        return { kind: "conflict", conflict: { file, theirs: null, version: "" } };
      case "refused":
        return answer;
    }
  }

  /** Puts mine over theirs, then saves the rest. */
  async function saveOver({ file, theirs, version }: Conflict): Promise<SaveOutcome> {
    const first = theirs === null ? await makeAgain(file) : await saveOne(file, version);
    if (first.kind !== "saved") return first;
    const rest = await saveAll();
    return rest.kind === "saved" ? { kind: "saved", files: [...first.files, ...rest.files] } : rest;
  }

  /** From here on `version` is what my text is made from. */
  function settled({ file, theirs, version }: Conflict): void {
    versions.set(file, version);
    store.markSaved(file, theirs ?? "");
    conflicts.set(new Map([...conflicts.get()].filter(([name]) => name !== file)));
  }

  const label = "Take what was saved elsewhere";

  /** The step to what they saved; null where they removed the file. */
  const toTheirs = ({ file, theirs }: Conflict) =>
    theirs === null ? null : { label, edits: editsTo(file, store.text(file) ?? "", theirs), exact: true };

  function takeTheirs(conflict: Conflict): void {
    const step = toTheirs(conflict);
    if (step === null) return;
    store.take(step);
    settled(conflict);
  }

  /** Where there are no edits of ours. */
  function receive(conflict: Conflict): void {
    const step = toTheirs(conflict);
    if (step === null) return;
    store.receive(step);
    settled(conflict);
  }

  const joined = ({ file, theirs }: Conflict) =>
    theirs === null ? null : editsToJoin(file, store.savedText(file) ?? "", store.text(file) ?? "", theirs);

  async function makeAgain(file: string): Promise<SaveOutcome> {
    const text = store.text(file) ?? "";
    const made = host.create?.(file, text).catch((error: unknown) => failed(file, error));
    const answer = (await made) ?? refusedToMake(file);
    if (answer.kind !== "saved") return answer.kind === "refused" ? answer : refusedToMake(file);
    settled({ file, theirs: text, version: answer.version });
    return { kind: "saved", files: [file] };
  }

  return {
    save: () => inTurn(saveAll),
    takeTheirs,
    conflicts,
    canKeepBoth: (conflict) => joined(conflict) !== null,
    keepBoth: (conflict) => {
      const edits = joined(conflict);
      if (edits === null) return false;
      store.take({ label, edits, exact: true });
      settled(conflict);
      return true;
    },
    // Its version stays: a save of it, should it be edited again, is told that it was removed.
    letGo: ({ file }) => settled({ file, theirs: store.text(file) ?? "", version: versions.get(file) ?? "" }),
    notice: (files) => {
      const told = new Map(files.map((file) => [file.name, file]));
      const found = new Map<string, Conflict>();
      for (const [file, known] of versions) {
        const now = told.get(file);
        if (now?.version === known) continue;
        const conflict = { file, theirs: now?.text ?? null, version: now?.version ?? "" };
        if (!store.isDirty(file) || store.text(file) === conflict.theirs) receive(conflict);
        else found.set(file, conflict);
      }
      if (found.size > 0 || conflicts.get().size > 0) conflicts.set(found);
    },
    adopt: (files) => {
      const names = new Set(files.map(({ name }) => name));
      for (const { name, text, version } of files)
        if (!versions.has(name)) {
          store.addFile(name, text);
          versions.set(name, version);
        }
      for (const file of store.files)
        if (!names.has(file) && !store.isDirty(file)) {
          store.removeFile(file);
          versions.delete(file);
        }
    },
    keepMine: (conflict) => inTurn(() => saveOver(conflict)),
  };
}

function failed(file: string, error: unknown): { readonly kind: "refused"; readonly reason: string } {
  return { kind: "refused", reason: `${file}: ${String(error)}` };
}

function refusedToMake(file: string): { readonly kind: "refused"; readonly reason: string } {
  return {
    kind: "refused",
    reason: `${file} cannot be made here. Copy its text before you leave this page.`,
  };
}
