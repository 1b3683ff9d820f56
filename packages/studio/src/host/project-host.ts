/** Where the studio's project comes from and where its files go: a folder of this machine, or the browser alone. */

export interface HostFile {
  /** The name in the project: relative to the configuration's folder, `/` between. */
  readonly name: string;
  readonly text: string;
  /** What the host calls this text. A file is saved upon the version that it was opened from. */
  readonly version: string;
  /** Why this file cannot be saved: a sentence for people. */
  readonly readOnly?: string;
}

export interface HostedProject {
  /** The text of `wardline.config.json`; null where the files say by their headers what they are. */
  readonly config: string | null;
  readonly files: readonly HostFile[];
  /** False where nothing can be saved. */
  readonly writable: boolean;
  /** What a person calls it: the folder's name. */
  readonly title: string;
  /** Tenants without a policy, each with the file that it would stand in. */
  readonly lacking?: readonly { readonly tenant: string; readonly name: string }[];
  /** The folder of new tenants' policies, empty or with `/` at its end; null where the configuration says who the tenants are. */
  readonly newPolicies?: string | null;
}

export type SaveAnswer =
  | { readonly kind: "saved"; readonly version: string }
  /** Somebody else saved another text since. Nothing was written. */
  | { readonly kind: "conflict"; readonly text: string; readonly version: string }
  /** Somebody else removed the file since. Nothing was written. */
  | { readonly kind: "removed" }
  /** A sentence for people. Nothing was written. */
  | { readonly kind: "refused"; readonly reason: string }
  /** A sentence for people. Whether it was written is not known, and it may still be. */
  | { readonly kind: "unanswered"; readonly reason: string };

export interface ProjectHost {
  /** How saving is called here: "Save" or "Download". */
  readonly saveWord: string;
  /** Rejects with a sentence for people where there is nothing to open. */
  open(): Promise<HostedProject>;
  /** `base` is the version that the text is made from. */
  save(name: string, text: string, base: string): Promise<SaveAnswer>;
  /** Makes a file that is not there. Never writes over another. */
  create?(name: string, text: string): Promise<SaveAnswer>;
  /** Tells again and again how the project is, the same value while nothing of it has changed, until the function that it gives is called. */
  watch?(told: (news: HostNews) => void): () => void;
}

export type HostNews =
  | { readonly kind: "project"; readonly project: HostedProject }
  /** Why the project cannot be read at the moment: a sentence for people; null when it can be again. */
  | { readonly kind: "trouble"; readonly reason: string | null };
