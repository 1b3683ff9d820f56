/** Valid projects that completion is tried on: the one of the examples, and the library of the diagnostics' pages. */
import { readFileSync } from "node:fs";
import { projectByConfig, readConfig, type ConfigFile, type Project } from "@wardline/compiler/project";
import { snapshotOf, type Snapshot } from "../../src/index.ts";

const root = new URL("../../../../examples/projects/", import.meta.url);

export const exampleProject = (): Project => {
  const path = new URL("wardline.config.json", root);
  const config = readConfig("wardline.config.json", readFileSync(path, "utf8")) as ConfigFile;
  return projectByConfig(config, (name) => ({ name, text: readFileSync(new URL(name, root), "utf8") }));
};

/** The snapshot with another text in a file. */
export function withText(project: Project, file: string, text: string): Snapshot {
  const put = <File extends { readonly name: string; readonly text: string }>(one: File): File =>
    one.name === file ? { ...one, text } : one;
  return snapshotOf({
    ...project,
    model: project.model === null ? null : put(project.model),
    platform: project.platform.map(put),
    packs: project.packs.map(put),
    tenants: new Map([...project.tenants].map(([tenant, one]) => [tenant, put(one)])),
  });
}
