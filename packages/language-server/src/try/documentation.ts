/** What the model says of its names: the `///` texts, by `Type`, `Type.field`, `context.fact`, `tenant.fact`, action. */
import type { Statement } from "@wardline/compiler";
import type { Snapshot } from "../workspace/snapshot.ts";

const known = new WeakMap<readonly Statement[], ReadonlyMap<string, string>>();

export function documentationIn({ project, parsed }: Snapshot): (name: string) => string | null {
  const statements = project.model === null ? [] : (parsed(project.model.name)?.ast.statements ?? []);
  const texts = known.get(statements) ?? textsOf(statements);
  known.set(statements, texts);
  return (name) => texts.get(name) ?? null;
}

function textsOf(statements: readonly Statement[]): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  const add = (name: string, doc: string | null) => {
    if (doc !== null) texts.set(name, doc);
  };
  for (const statement of statements) {
    if (statement.kind === "entity" || statement.kind === "principal" || statement.kind === "facts") {
      const of = statement.kind === "facts" ? statement.of : statement.name.text;
      add(of, statement.doc);
      for (const field of statement.fields) add(`${of}.${field.name.text}`, field.doc);
    }
    if (statement.kind === "action") for (const name of statement.names) add(name.text, statement.doc);
  }
  return texts;
}
