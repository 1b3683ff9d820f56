/** `source.fixAll.wardline`: all that can be mended unasked in a file, as `wardline check --fix` does. */
import { fixAll } from "@wardline/compiler";
import { checkProject, sourcesOf, withTexts } from "@wardline/compiler/project";
import { oneEdit } from "../try/one-edit.ts";
import type { Action, ActionPlace } from "./action.ts";

export function fixAllAction({ snapshot, file, text }: ActionPlace): Action {
  return {
    title: "Mend all that can be mended by itself",
    kind: "source.fixAll.wardline",
    edits: () => {
      const { project } = snapshot;
      const { texts } = fixAll(
        sourcesOf(project),
        (now) => checkProject(withTexts(project, now), { lint: true }).findings,
        ({ fixes, labels: [{ span }] }) =>
          span.file === file && fixes.every(({ edits }) => edits.every((edit) => edit.span.file === file)),
      );
      const after = texts.get(file) ?? text;
      return after === text ? [] : [oneEdit({ name: file, text }, after)];
    },
  };
}
