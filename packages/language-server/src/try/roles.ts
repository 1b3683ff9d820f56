/** The roles that principals of a type can hold, and what the texts say of them. */
import type { FileAst, RoleStatement } from "@wardline/compiler";
import type { Program } from "@wardline/core";
import type { Snapshot } from "../workspace/snapshot.ts";
import type { Choice } from "./scenario.ts";
import { capital, plain } from "../plain-words.ts";

/** In the order of the texts: the model's, then the tenant's own. */
export function rolesFor(snapshot: Snapshot, program: Program, principal: string): readonly Choice[] {
  const statements = textsOf(snapshot, program.tenant).flatMap(({ statements }) =>
    statements.filter((statement) => statement.kind === "role"),
  );
  const types = new Map<string, readonly string[] | null>();
  const open = new Set<string>();
  const typesOf = (name: string): readonly string[] | null => {
    if (types.has(name)) return types.get(name) ?? null;
    const statement = statements.find((one) => one.names.some(({ text }) => text === name));
    if (statement === undefined || open.has(name)) return null;
    open.add(name);
    const found = heldBy(statement, typesOf);
    types.set(name, found);
    return found;
  };
  return statements.flatMap((statement) =>
    statement.names.flatMap(({ text }) => {
      const held = typesOf(text);
      return held === null || held.includes(principal)
        ? [{ value: text, label: capital(plain(text)), documentation: statement.doc }]
        : [];
    }),
  );
}

/** Null: principals of every type. */
function heldBy(
  { modifier }: RoleStatement,
  typesOf: (role: string) => readonly string[] | null,
): readonly string[] | null {
  switch (modifier?.kind) {
    case "for":
      return modifier.types.map(({ text }) => text);
    case "extends": {
      const of = modifier.names.flatMap(({ text }) => {
        const types = typesOf(text);
        return types === null ? [] : [types];
      });
      return of.length === 0 ? null : of.reduce((all, some) => all.filter((type) => some.includes(type)));
    }
    case "platform":
    case undefined:
      return null;
  }
}

function textsOf({ project, parsed }: Snapshot, tenant: string): readonly FileAst[] {
  const names = [project.model?.name, project.tenants.get(tenant)?.name];
  return names.flatMap((name) => (name === undefined ? [] : (parsed(name)?.ast ?? [])));
}
