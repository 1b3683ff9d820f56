/** Which kinds of principals can hold each role, as the model and a tenant's policy declare it. Of broken text what can be read. */
import type { RoleStatement, Statement } from "@wardline/compiler";
import type { Snapshot } from "../workspace/snapshot.ts";

/** Role → the principal types that can hold it, in the order of the texts. */
export function roleTypes(snapshot: Snapshot, tenant: string): ReadonlyMap<string, ReadonlySet<string>> {
  const { model, tenants } = snapshot.project;
  const statements = [model, tenants.get(tenant)].flatMap((file): readonly Statement[] =>
    file === null || file === undefined ? [] : (snapshot.parsed(file.name)?.ast.statements ?? []),
  );
  const principals = statements.flatMap((statement) =>
    statement.kind === "principal" ? [statement.name.text] : [],
  );
  const declared = new Map(
    statements.flatMap((statement) =>
      statement.kind === "role" ? statement.names.map((name) => [name.text, statement] as const) : [],
    ),
  );
  const types = new Map<string, ReadonlySet<string>>();
  const typesOf = (role: string, below: readonly string[]): ReadonlySet<string> => {
    const known = types.get(role);
    const statement = declared.get(role);
    if (known !== undefined || statement === undefined || below.includes(role))
      return known ?? new Set(principals);
    const above = parentsOf(statement).map((parent) => typesOf(parent, [...below, role]));
    const own = heldBy(statement) ?? principals;
    const held = new Set(own.filter((type) => above.every((of) => of.has(type))));
    types.set(role, held);
    return held;
  };
  for (const role of declared.keys()) typesOf(role, []);
  return new Map([...declared.keys()].map((role) => [role, types.get(role) ?? new Set<string>()]));
}

function parentsOf({ modifier }: RoleStatement): readonly string[] {
  return modifier?.kind === "extends" ? modifier.names.map((name) => name.text) : [];
}

function heldBy({ modifier }: RoleStatement): readonly string[] | null {
  return modifier?.kind === "for" ? modifier.types.map((name) => name.text) : null;
}
