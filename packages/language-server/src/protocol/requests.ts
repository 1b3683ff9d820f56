/**
 * The requests beside LSP: one line for each. Params and results are plain JSON; file names are those of the project,
 * places are UTF-16 offsets.
 */
import type { FileRole } from "../workspace/snapshot.ts";

/** What every request may say: which project is meant, by the URI of any of its files. Needed only where a workspace has several. */
export interface InProject {
  readonly uri?: string;
}

/** Why a request is not answered: a sentence for people. */
export interface Refused {
  readonly refused: string;
}

export interface ProjectFile {
  readonly name: string;
  readonly uri: string;
  readonly role: FileRole;
}

export interface WardlineRequests {
  /** The files of a project and what each is loaded as. */
  "wardline/files": { readonly params: InProject; readonly result: readonly ProjectFile[] };
}

export type WardlineMethod = keyof WardlineRequests;
export type ParamsOf<Method extends WardlineMethod> = WardlineRequests[Method]["params"];
export type ResultOf<Method extends WardlineMethod> = WardlineRequests[Method]["result"] | Refused;
