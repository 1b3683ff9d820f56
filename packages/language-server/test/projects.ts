/** The example of projects, as a project at one moment. */
import { readFileSync } from "node:fs";
import { projectByConfig, readConfig, withTexts, type Project } from "@wardline/compiler/project";
import { snapshotOf, type Snapshot } from "@wardline/language-server";

const folder = new URL("../../../examples/projects/", import.meta.url);
const textOf = (name: string) => readFileSync(new URL(name, folder), "utf8");

export function projectsExample(): Project {
  const config = readConfig("wardline.config.json", textOf("wardline.config.json"));
  if ("problem" in config) throw new Error(config.problem);
  return projectByConfig(config, (name) => ({ name, text: textOf(name) }));
}

/** The project with another text in one file. */
export function withText(project: Project, file: string, text: string): Snapshot {
  return snapshotOf(withTexts(project, new Map([[file, text]])));
}

const [first, second] = [...projectsExample().tenants];
if (first === undefined || second === undefined) throw new Error("the example has two tenants");

/** The tenant that is an agency, and the file of its policy. */
export const agency: string = first[0];
export const agencyFile: string = first[1].name;
/** The tenant that is a software house. */
export const house: string = second[0];
