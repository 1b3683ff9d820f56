/** The two versions that are compared, and what the language server is told of them. */
import type { Texts, Versions } from "@wardline/language-server";
import { useMemo, useState, useSyncExternalStore } from "react";
import { useStudio } from "../../session/use-studio.ts";
import type { DocumentStore } from "../../store/document-store.ts";

export type VersionName = "saved" | "edited" | "picked";

export interface Picked {
  readonly name: string;
  /** The file of the project that it stands for. */
  readonly file: string;
  readonly text: string;
}

export interface ChosenVersions {
  readonly before: VersionName;
  readonly after: VersionName;
  readonly picked: Picked | null;
  readonly choose: (side: "before" | "after", version: VersionName) => void;
  /** Takes a file from disk for the chosen file, and compares with it. */
  readonly pick: (name: string, text: string) => void;
  readonly versions: Versions;
}

export function useVersions(): ChosenVersions {
  const { store, file, revision } = useStudio();
  // Saving changes no text, but what is saved.
  const dirty = useSyncExternalStore(
    (listener) => store.subscribe(listener),
    () => store.dirtyFiles.join("\n"),
  );
  const [chosen, setChosen] = useState<{ before: VersionName; after: VersionName }>({
    before: "saved",
    after: "edited",
  });
  const [picked, setPicked] = useState<Picked | null>(null);
  const versions = useMemo(
    () => ({
      before: textsOf(store, chosen.before, chosen.after, picked),
      after: textsOf(store, chosen.after, chosen.before, picked),
    }),
    // Texts of the store change with its revision.
    [store, chosen, picked, revision, dirty],
  );
  return {
    ...chosen,
    picked,
    versions,
    choose: (side, version) => setChosen((before) => ({ ...before, [side]: version })),
    pick: (name, text) => {
      setPicked({ name, file, text });
      setChosen({ before: "picked", after: "edited" });
    },
  };
}

/** A file that was picked differs from the other version in itself alone. */
function textsOf(
  store: DocumentStore,
  version: VersionName,
  other: VersionName,
  picked: Picked | null,
): Texts {
  switch (version) {
    case "edited":
      return {};
    case "saved":
      return Object.fromEntries(store.dirtyFiles.map((file) => [file, store.savedText(file) ?? ""]));
    case "picked": {
      const rest = other === "picked" ? {} : textsOf(store, other, version, picked);
      return picked === null ? rest : { ...rest, [picked.file]: picked.text };
    }
  }
}
