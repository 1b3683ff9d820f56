/** Two versions of a project that differ in some texts. What is edited now is the snapshot; a version says which files read otherwise in it. */
import { withTexts } from "@wardline/compiler/project";
import { snapshotOf, type Snapshot } from "../workspace/snapshot.ts";

/** File → text. A file that is left out reads as it does now. */
export type Texts = Readonly<Record<string, string>>;

export interface Versions {
  readonly before: Texts;
  readonly after: Texts;
}

/** Each version of a project is made once, so that it is compiled once. */
const made = new WeakMap<Snapshot, Map<string, Snapshot>>();

export function versionOf(snapshot: Snapshot, texts: Texts): Snapshot {
  const changed = Object.entries(texts).filter(
    ([file, text]) => snapshot.text(file) !== undefined && snapshot.text(file) !== text,
  );
  if (changed.length === 0) return snapshot;
  const versions = made.get(snapshot) ?? new Map<string, Snapshot>();
  made.set(snapshot, versions);
  const key = JSON.stringify(changed.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  const known = versions.get(key) ?? snapshotOf(withTexts(snapshot.project, new Map(changed)));
  versions.set(key, known);
  return known;
}

/** The files that the two versions have otherwise, in the order of the project. */
export function changedFiles(before: Snapshot, after: Snapshot): readonly string[] {
  return after.files.filter((file) => before.text(file) !== after.text(file));
}

/** The tenants whose policy may mean something else. */
export function concernedTenants(before: Snapshot, after: Snapshot): readonly string[] {
  const changed = new Set(changedFiles(before, after));
  const { tenants } = after.project;
  const isShared = [...changed].some((file) => after.roleOf(file)?.kind !== "policy");
  return [...tenants].filter(([, file]) => isShared || changed.has(file.name)).map(([tenant]) => tenant);
}
