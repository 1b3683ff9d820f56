/** Where the texts of a workspace come from, apart from the documents that an editor has open. All places are URIs. */
export type ReadText = { readonly text: string } | { readonly problem: string };

export interface ProjectSource {
  /** Folders that are part of the workspace whatever the client names; none without. */
  readonly folders?: readonly string[];
  /** The text of a file, or why there is none. */
  readonly read: (uri: string) => ReadText;
  readonly exists: (uri: string) => boolean;
  /** All policy files beneath a folder, whose URI ends in `/`, in order. */
  readonly wardFiles: (folder: string) => readonly string[];
  /** All configurations beneath a folder, in order. */
  readonly configs: (folder: string) => readonly string[];
}
