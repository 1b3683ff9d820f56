/** References and renames of what several projects of a workspace share: all of them count, and all are changed or none. */
import type { Span, TextEdit as ProjectEdit } from "@wardline/core";
import type { Location } from "vscode-languageserver";
import { referencesAt } from "../navigate/definition.ts";
import { rename } from "../navigate/rename.ts";
import type { LoadedProject } from "../workspace/load-project.ts";
import type { Placed, Workspace } from "../workspace/workspace.ts";
import { locateIn, type ProjectEdits } from "./places.ts";

/** Each place once, those of the document's own project first. */
export function referencesAcross(
  workspace: Workspace,
  { project, file }: Placed,
  offset: number,
  declarations: boolean,
): Location[] {
  const locate = locateIn(workspace);
  const found = new Map<string, Location>();
  const take = (of: LoadedProject, name: string, at: number) => {
    const all = referencesAt(of.snapshot, name, at, { declarations: true });
    for (const { span, declares } of all)
      if (declarations || !declares) found.set(`${of.uriOf(span.file)} ${span.start}`, locate(of, span));
    return all.map(({ span }) => span);
  };
  for (const place of sharedPlaces(workspace, project, take(project, file, offset)))
    take(place.project, place.file, place.start);
  return [...found.values()];
}

/** The edits of every project that has one of the files that are changed; refused where one of them refuses. */
export function renameAcross(
  workspace: Workspace,
  { project, file }: Placed,
  offset: number,
  name: string,
): readonly ProjectEdits[] | { readonly refused: string } {
  const own = rename(project.snapshot, file, offset, name);
  if ("refused" in own) return own;
  const all: ProjectEdits[] = [{ project, edits: own.edits }];
  const known = new Set(own.edits.map((edit) => keyOf(project, edit)));
  const spans = own.edits.map(({ span }) => span);
  for (const place of sharedPlaces(workspace, project, spans)) {
    const other = rename(place.project.snapshot, place.file, place.start, name);
    if ("refused" in other) return other;
    const edits = other.edits.filter((edit) => !known.has(keyOf(place.project, edit)));
    for (const edit of edits) known.add(keyOf(place.project, edit));
    all.push({ project: place.project, edits });
  }
  return all;
}

const keyOf = (project: LoadedProject, { span, text }: ProjectEdit) =>
  `${project.uriOf(span.file)} ${span.start} ${span.end} ${text}`;

/** One of the places in every other project that has the file of one. */
function sharedPlaces(
  workspace: Workspace,
  project: LoadedProject,
  spans: readonly Span[],
): readonly { readonly project: LoadedProject; readonly file: string; readonly start: number }[] {
  const places = new Map<LoadedProject, { readonly file: string; readonly start: number }>();
  for (const other of workspace.all())
    for (const { file, start } of spans) {
      const name = other === project ? undefined : other.nameOf(project.uriOf(file));
      if (name !== undefined && !places.has(other)) places.set(other, { file: name, start });
    }
  return [...places].map(([of, place]) => ({ project: of, ...place }));
}
