/** The Rego of a policy, with the places that its comments name. */
import { compileRego } from "@wardline/backends";
import type { Program } from "@wardline/core";
import { isRefused, programOf } from "../access/program-of.ts";
import type { Refused } from "../protocol/requests.ts";
import type { Snapshot } from "../workspace/snapshot.ts";

export interface TextArtefact {
  readonly text: string;
  /** Lines that name a rule, and where that stands. */
  readonly places: readonly RulePlace[];
}

export interface RulePlace {
  /** Of the artefact, from 1. */
  readonly line: number;
  readonly rule: string;
  readonly file: string;
  /** Of the file, from 1. */
  readonly fileLine: number;
}

export function regoArtefact(snapshot: Snapshot, tenant: string): TextArtefact | Refused {
  const compiled = programOf(snapshot, tenant);
  if (isRefused(compiled)) return compiled;
  const text = compileRego(compiled.program);
  return { text, places: placesIn(compiled.program, text) };
}

/** The comments `# permit north/desk (north.ward:4)`, or `-- …`, each of a rule that the program has at that place. */
export function placesIn({ rules }: Program, text: string): readonly RulePlace[] {
  const known = new Map(
    rules.map(({ kind, id, file, line }) => [
      `${kind} ${id} (${file}:${line})`,
      { rule: id, file, fileLine: line },
    ]),
  );
  return text.split("\n").flatMap((words, index) => {
    const [, comment] = /^\s*(?:#|--) (.*)$/.exec(words) ?? [];
    const place = comment === undefined ? undefined : known.get(comment);
    return place === undefined ? [] : [{ line: index + 1, ...place }];
  });
}
