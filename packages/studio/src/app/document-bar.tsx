/** The chosen file, its state, undo, redo and save: the same on every screen. */
import { lazy, Suspense, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { Button, FileTrigger } from "react-aria-components";
import { Choice } from "../controls/choice.tsx";
import { RedoIcon, UndoIcon } from "../controls/icons.tsx";
import { pickedHost } from "../host/browser-host.ts";
import type { FileKind } from "../session/project.ts";
import type { Conflict, SaveOutcome } from "../session/save-files.ts";
import { openSession, reopenSession, type Session } from "../session/session.ts";
import { useObserved, useSession } from "../session/use-studio.ts";
import type { DocumentStore } from "../store/document-store.ts";
import { startWorker } from "../worker/start-worker.ts";
import type { Settlement } from "./conflict-dialog.tsx";
import { NewPolicy } from "./new-policy.tsx";
import { News } from "./news.tsx";
import { useFocusStays } from "./use-focus-stays.ts";
import { saveEvent } from "./use-history-keys.ts";

const ConflictDialog = lazy(async () => ({
  default: (await import("./conflict-dialog.tsx")).ConflictDialog,
}));

const sections: { readonly [Kind in FileKind["kind"]]: string } = {
  policy: "Policies",
  model: "The model",
  platform: "The platform",
  pack: "Packs",
  unknown: "Other files",
};

export function DocumentBar({ openAnother }: { readonly openAnother: (session: Session) => void }) {
  const session = useSession();
  const { project, store } = session;
  const file = useObserved(session.file);
  const dirty = useStored(store, () => store.dirtyFiles.length);
  const { save, conflict, decide, settle, refused } = useSaving(session, openAnother, dirty === 0);
  const buttons = useFocusStays();
  const undo = useStored(store, () => store.undoLabel);
  const redo = useStored(store, () => store.redoLabel);
  const files = useMemo(
    () =>
      project.files.map(({ name, is }) => ({
        id: name,
        label: is.kind === "policy" ? is.tenant : name,
        ...(is.kind === "policy" ? { hint: name } : {}),
        section: sections[is.kind],
      })),
    [project],
  );
  const readOnly = project.files.find(({ name }) => name === file)?.readOnly ?? null;
  return (
    <div className="document-bar" role="region" aria-label="File">
      <Choice label="File" chosen={file} options={files} choose={session.file.set} />
      <NewPolicy session={session} openAnother={openAnother} />
      {session.host.saveWord === "Download" && (
        <OpenFiles
          openAnother={openAnother}
          refuse={(text) => session.said.set({ title: "These files were not opened", text })}
          dirty={dirty}
        />
      )}
      <p className="file-state">
        {refused ??
          (readOnly === null ? "" : `Read-only. ${readOnly} `) +
            (dirty === 0 ? "No changes" : dirty === 1 ? "1 file changed" : `${dirty} files changed`)}
      </p>
      <div className="bar-buttons" ref={buttons}>
        <Button
          className="button icon-button"
          aria-label={`Undo${undo === null ? "" : `: ${undo}`}`}
          isDisabled={undo === null}
          onPress={() => store.undo()}
        >
          <UndoIcon />
        </Button>
        <Button
          className="button icon-button"
          aria-label={`Redo${redo === null ? "" : `: ${redo}`}`}
          isDisabled={redo === null}
          onPress={() => store.redo()}
        >
          <RedoIcon />
        </Button>
        <Button className="button main" isDisabled={dirty === 0 || !project.writable} onPress={save}>
          {session.host.saveWord}
        </Button>
      </div>
      <News session={session} openAnother={openAnother} decide={decide} />
      {conflict !== null && (
        <Suspense fallback={null}>
          <ConflictDialog
            conflict={conflict}
            mine={store.text(conflict.file) ?? ""}
            canKeepBoth={session.saver.canKeepBoth(conflict)}
            settle={settle}
          />
        </Suspense>
      )}
    </div>
  );
}

/** A plain value of the store: who shows it is shown anew when it is another one, and not with every key. */
function useStored<Value extends string | number | null>(store: DocumentStore, read: () => Value): Value {
  return useSyncExternalStore((listener) => store.subscribe(listener), read);
}

/** Saving, and what came of it. */
function useSaving(session: Session, openAnother: (session: Session) => void, isSaved: boolean) {
  const { saver } = session;
  const announce = session.announced.set;
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const tell = (outcome: SaveOutcome) => {
    setConflict(outcome.kind === "conflict" ? outcome.conflict : null);
    setRefused(outcome.kind === "refused" ? outcome.reason : null);
    if (outcome.kind === "saved" && outcome.files.length > 0) announce(`Saved ${outcome.files.join(", ")}`);
    if (outcome.kind === "refused")
      announce(outcome.unanswered === true ? outcome.reason : `Not saved. ${outcome.reason}`);
  };
  // What was refused, or was not answered, is in the past once it stands on disk.
  useEffect(() => {
    if (isSaved) setRefused(null);
  }, [isSaved]);
  const save = () => void saver.save().then(tell);
  useEffect(() => {
    addEventListener(saveEvent, save);
    return () => removeEventListener(saveEvent, save);
  });
  const settle = (by: Settlement) => {
    if (conflict === null) return;
    setConflict(null);
    if (by === "mine") void saver.keepMine(conflict).then(tell);
    if (by === "both" && saver.keepBoth(conflict))
      announce(`${conflict.file} has both changes; save it when it is right`);
    if (by !== "theirs") return;
    if (conflict.theirs !== null) return saver.takeTheirs(conflict);
    saver.letGo(conflict);
    reopenSession(session, startWorker).then(openAnother, (error: unknown) =>
      setRefused(error instanceof Error ? error.message : String(error)),
    );
  };
  return { save, conflict, decide: setConflict, settle, refused };
}

interface OpenFilesProps {
  readonly openAnother: (session: Session) => void;
  readonly refuse: (reason: string) => void;
  /** How many files have edits that are not saved. */
  readonly dirty: number;
}

function OpenFiles({ openAnother, refuse, dirty }: OpenFilesProps) {
  const open = async (files: FileList) => {
    const picked = await Promise.all(
      [...files].map(async (file) => ({ name: file.name, text: await file.text() })),
    );
    const next = await openSession(pickedHost(picked), startWorker);
    if (dirty > 0 && !confirm("There are changes that were not saved. Open other files and lose them?"))
      next.close();
    else openAnother(next);
  };
  return (
    <FileTrigger
      allowsMultiple
      acceptedFileTypes={[".ward", ".json"]}
      onSelect={(files) => {
        if (files !== null)
          open(files).catch((error: unknown) =>
            refuse(error instanceof Error ? error.message : String(error)),
          );
      }}
    >
      <Button className="button">Open files …</Button>
    </FileTrigger>
  );
}
