/** Saves what was edited, upon the versions that it was made from. A conflict is told and nothing is lost. */
import type { HostFile, ProjectHost, SaveAnswer } from "../host/project-host.ts";
import type { DocumentStore } from "../store/document-store.ts";
import { editsTo, editsToJoin } from "../store/other-text.ts";
import { observable, type Observable } from "./observable.ts";
import { watchTaken, type Base } from "./taken-texts.ts";
import { unansweredTexts } from "./unanswered-texts.ts";

export interface Conflict {
  readonly file: string;
  /** What stands on disk now, by somebody else; null where they removed it. */
  readonly theirs: string | null;
  readonly version: string;
  /** The version that mine was made from as this was told. Once mine is made from another one, this says nothing any more. */
  readonly base: string;
}

export type SaveOutcome =
  | { readonly kind: "saved"; readonly files: readonly string[] }
  | { readonly kind: "conflict"; readonly conflict: Conflict }
  /** `unanswered`: whether it was written is not known. */
  | { readonly kind: "refused"; readonly reason: string; readonly unanswered?: true };

export interface Saver {
  /**
   * Saves every file with edits that can be saved, and tells of the first that cannot. One that is asked for while another is under way
   * waits for it.
   */
  save(): Promise<SaveOutcome>;
  /** Puts mine in the place of what stands on disk, and then saves the other files as {@link save} does. */
  keepMine(conflict: Conflict): Promise<SaveOutcome>;
  /** Takes what stands on disk; undo brings mine back, and the conflict with it. */
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
  const unanswered = unansweredTexts();
  const saves = new Map<string, number>();
  let last: Promise<unknown> = Promise.resolve();

  const baseOf = (file: string) => versions.get(file) ?? "";
  const isStale = ({ file, base }: Conflict) => base !== baseOf(file);
  const savesOf = (file: string) => saves.get(file) ?? 0;
  const asTaken = watchTaken(store, {
    savesOf,
    baseOf: (file) => ({
      text: store.savedText(file) ?? "",
      version: baseOf(file),
      isUnsure: store.isUnsure(file),
    }),
    rest,
    reopen: (file, base, { text: theirs, version }) => {
      rest(file, base);
      conflicts.set(new Map([...conflicts.get(), [file, { file, theirs, version, base: base.version }]]));
    },
  });

  /** One after the other: two saves upon the same version would be a conflict of ours with ourselves. */
  function inTurn(work: () => Promise<SaveOutcome>): Promise<SaveOutcome> {
    const mine = last.then(work);
    last = mine;
    return mine;
  }

  /** Never rejects. */
  async function saveAll(): Promise<SaveOutcome> {
    const files: string[] = [];
    let problem: SaveOutcome | undefined;
    for (const file of store.dirtyFiles) {
      const outcome = await saveOne(file, baseOf(file));
      if (outcome.kind === "saved") files.push(file);
      else problem ??= outcome;
      // Who does not answer is not asked for the others too.
      if (outcome.kind === "refused" && outcome.unanswered === true) break;
    }
    return problem ?? { kind: "saved", files };
  }

  /** Upon this version. Never rejects; where nothing is saved, nothing that is known of the file is changed. */
  async function saveOne(file: string, base: string): Promise<SaveOutcome> {
    const text = store.text(file);
    if (text === undefined) return noLongerHere(file);
    const answer = await host.save(file, text, base).catch((error: unknown) => failed(file, error));
    if (answer.kind === "removed")
      return { kind: "conflict", conflict: { file, theirs: null, version: "", base: baseOf(file) } };
    if (answer.kind !== "conflict") return settledBy(file, text, answer);
    const { text: theirs, version } = answer;
    // An earlier save of ours did arrive, though nobody said so.
    if (theirs === text) return settledBy(file, text, { kind: "saved", version });
    if (!unanswered.took(file, theirs))
      return { kind: "conflict", conflict: { file, theirs, version, base: baseOf(file) } };
    settled(file, theirs, version);
    return await saveOne(file, version);
  }

  /** Puts mine over theirs, then saves the rest. */
  async function saveOver(conflict: Conflict): Promise<SaveOutcome> {
    if (isStale(conflict)) return await saveAll();
    const { file, theirs, version } = conflict;
    const first = theirs === null ? await makeAgain(file) : await saveOne(file, version);
    if (first.kind !== "saved") return first;
    const rest = await saveAll();
    return rest.kind === "saved" ? { kind: "saved", files: [...first.files, ...rest.files] } : rest;
  }

  /** Where nothing stands on disk. */
  async function makeAgain(file: string): Promise<SaveOutcome> {
    const text = store.text(file);
    if (text === undefined) return noLongerHere(file);
    const made = host.create?.(file, text).catch((error: unknown) => failed(file, error));
    const answer = (await made) ?? refusedToMake(file);
    return answer.kind === "conflict" || answer.kind === "removed"
      ? refusedToMake(file)
      : settledBy(file, text, answer);
  }

  /** What came of having sent this text. */
  function settledBy(
    file: string,
    text: string,
    answer: Exclude<SaveAnswer, { readonly kind: "conflict" | "removed" }>,
  ): SaveOutcome {
    if (answer.kind === "refused") return answer;
    if (answer.kind === "unanswered") {
      unanswered.add(file, text);
      store.markUnsure(file);
      return { kind: "refused", reason: answer.reason, unanswered: true };
    }
    saves.set(file, savesOf(file) + 1);
    settled(file, text, answer.version);
    return { kind: "saved", files: [file] };
  }

  /** From here on `version`, which is this text, is what mine is made from. */
  function settled(file: string, text: string, version: string): void {
    versions.set(file, version);
    store.markSaved(file, text);
    conflicts.set(new Map([...conflicts.get()].filter(([name]) => name !== file)));
  }

  /** As {@link settled}, for what was known before: whether it is certain is as it was. */
  function rest(file: string, { text, version, isUnsure }: Base): void {
    settled(file, text, version);
    if (isUnsure) store.markUnsure(file);
  }

  const label = "Take what was saved elsewhere";

  const stepTo = (file: string, theirs: string) => ({
    label,
    edits: editsTo(file, store.text(file) ?? "", theirs),
    exact: true,
  });

  function takeTheirs(conflict: Conflict): void {
    const { file, theirs, version } = conflict;
    if (theirs === null || isStale(conflict)) return;
    store.take({ ...stepTo(file, theirs), mark: asTaken(file) });
    settled(file, theirs, version);
  }

  /** Where there are no edits of ours. */
  function receive(file: string, { text, version }: HostFile): void {
    store.receive(stepTo(file, text));
    settled(file, text, version);
  }

  const joined = (conflict: Conflict) => {
    const { file, theirs } = conflict;
    // What both were made from is not known where a text of ours may have come between.
    return theirs === null || isStale(conflict) || store.isUnsure(file)
      ? null
      : editsToJoin(file, store.savedText(file) ?? "", store.text(file) ?? "", theirs);
  };

  function keepBoth(conflict: Conflict): boolean {
    const { file, theirs, version } = conflict;
    const edits = joined(conflict);
    if (edits === null || theirs === null) return false;
    store.take({ label, edits, exact: true, mark: asTaken(file) });
    settled(file, theirs, version);
    return true;
  }

  /** What somebody else made of a file since; null where there is nothing to decide. */
  function noticed(file: string, now: HostFile | undefined): Conflict | null {
    const base = baseOf(file);
    // A file that was let go may come back as it was.
    if (now?.version === base && now.text === store.savedText(file)) return null;
    if (now === undefined) return store.isDirty(file) ? { file, theirs: null, version: "", base } : null;
    if (unanswered.took(file, now.text)) {
      settledBy(file, now.text, { kind: "saved", version: now.version });
      return null;
    }
    if (store.isDirty(file) && store.text(file) !== now.text)
      return { file, theirs: now.text, version: now.version, base };
    receive(file, now);
    return null;
  }

  return {
    save: () => inTurn(saveAll),
    takeTheirs,
    conflicts,
    canKeepBoth: (conflict) => joined(conflict) !== null,
    keepBoth,
    letGo: (conflict) => {
      const { file } = conflict;
      // Its version stays: a save of it, should it be edited again, is told that it was removed.
      if (!isStale(conflict)) settled(file, store.text(file) ?? "", baseOf(file));
    },
    notice: (files) => {
      const told = new Map(files.map((file) => [file.name, file]));
      const found = [...versions.keys()].flatMap((file) => noticed(file, told.get(file)) ?? []);
      const next = new Map(found.map((conflict) => [conflict.file, conflict]));
      if (!isSame(conflicts.get(), next)) conflicts.set(next);
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

function isSame(one: ReadonlyMap<string, Conflict>, other: ReadonlyMap<string, Conflict>): boolean {
  return (
    one.size === other.size &&
    [...one].every(([file, { theirs, version, base }]) => {
      const now = other.get(file);
      return now?.theirs === theirs && now.version === version && now.base === base;
    })
  );
}

function noLongerHere(file: string): SaveOutcome {
  return { kind: "refused", reason: `${file} is no longer here, so nothing of it was written.` };
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
