/** What stands over tests and rules to be run and asked. Titles that take work are made when a lens is looked at. */
import type { Snapshot } from "../workspace/snapshot.ts";
import { isRule } from "../actions/add-test.ts";
import { runFileTests } from "./run-file-tests.ts";
import { whoCanRule } from "./who-rule.ts";

export const lensCommands = ["wardline.runTests", "wardline.explainRule", "wardline.whoCan"] as const;
export type LensCommand = (typeof lensCommands)[number];

export interface Lens {
  readonly start: number;
  readonly end: number;
  /** Undefined until it is resolved. */
  readonly title?: string;
  readonly command: LensCommand;
  readonly file: string;
  /** The title of a test, the name of a rule; null for all tests of the file. */
  readonly name: string | null;
}

export function lensesOf(snapshot: Snapshot, file: string): readonly Lens[] {
  const kind = snapshot.roleOf(file)?.kind;
  const ast = snapshot.parsed(file)?.ast;
  if (ast === undefined || kind === undefined || kind === "model") return [];
  const tests = ast.statements.filter((one) => one.kind === "test");
  const first = ast.header ?? ast.statements[0];
  const all: readonly Lens[] =
    tests.length === 0 || first === undefined || kind === "pack"
      ? []
      : [
          {
            ...placeOf(first.span),
            title: `Run ${tests.length} test${tests.length === 1 ? "" : "s"}`,
            command: "wardline.runTests",
            file,
            name: null,
          },
        ];
  return [
    ...all,
    ...ast.statements.flatMap((one): readonly Lens[] => {
      if (one.kind === "test" && kind !== "pack")
        return [{ ...placeOf(one.titleSpan), command: "wardline.runTests", file, name: one.title }];
      if (!isRule(one)) return [];
      const explain: Lens = {
        ...placeOf(one.name.span),
        title: "Explain",
        command: "wardline.explainRule",
        file,
        name: one.name.text,
      };
      // What is sealed is so at all times: nobody does anything by it.
      return kind === "pack" || one.reach === null
        ? [explain]
        : [explain, { ...placeOf(one.name.span), command: "wardline.whoCan", file, name: one.name.text }];
    }),
  ];
}

const placeOf = ({ start, end }: { readonly start: number; readonly end: number }) => ({ start, end });

/** The title of a lens. Never throws; one that cannot be answered says what it would do. */
export function titleOf(
  snapshot: Snapshot,
  { command, file, name, title }: Pick<Lens, "command" | "file" | "name" | "title">,
): string {
  if (title !== undefined) return title;
  switch (command) {
    case "wardline.runTests": {
      const ran = runFileTests(snapshot, { file, ...(name === null ? {} : { title: name }) });
      if ("refused" in ran) return "Run test";
      const problem = ran.tests[0]?.problems[0];
      return problem === undefined ? "✓ Run test" : `✗ Run test: ${problem.text}`;
    }
    case "wardline.explainRule":
      return "Explain";
    case "wardline.whoCan": {
      const found = whoCanRule(snapshot, { file, rule: name ?? "" });
      if ("refused" in found) return "Who can";
      return `Who can ${found.action} ${found.resource}: ${found.summary}`;
    }
  }
}
