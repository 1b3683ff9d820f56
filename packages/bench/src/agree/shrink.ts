/** Makes a counterexample smaller by leaving out statements and clauses while the answers still differ. */
import { withStatements, type Case, type PolicyText } from "@wardline/core/testing";
import type { Harness, Mismatch } from "./harness.ts";

export async function shrink(harness: Harness, found: Mismatch): Promise<Mismatch> {
  let least = found;
  let smaller = true;
  while (smaller) {
    smaller = false;
    for (const statements of withoutOne(least.case.statements)) {
      const again = await harness.ask(retold(least.case, statements), least.question).catch(() => undefined);
      if (again === undefined || !sameFailure(again, found)) continue;
      least = again;
      smaller = true;
      break;
    }
  }
  return least;
}

function retold(made: Case, statements: PolicyText): Case {
  return withStatements(made, statements);
}

/** A text that is refused must not become one that is refused for another reason. */
function sameFailure(a: Mismatch, b: Mismatch): boolean {
  if (a.question.kind !== "text" || b.question.kind !== "text") return a.question.kind === b.question.kind;
  const code = (mismatch: Mismatch) => Object.values(mismatch.answers).join().split(":")[0];
  return code(a) === code(b);
}

/** All ways to leave out one statement, then all ways to leave out one clause. */
export function* withoutOne(all: PolicyText): Generator<PolicyText> {
  for (const file of ["platform", "policy"] as const) {
    const statements = all[file];
    for (const at of statements.keys()) yield { ...all, [file]: statements.toSpliced(at, 1) };
  }
  for (const file of ["platform", "policy"] as const) {
    const statements = all[file];
    for (const [at, statement] of statements.entries()) {
      const lines = statement.split("\n");
      for (const line of lines.keys())
        if (line > 0) yield { ...all, [file]: statements.with(at, lines.toSpliced(line, 1).join("\n")) };
    }
  }
}
