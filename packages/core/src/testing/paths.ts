/** The paths and entities that a condition can name where it stands. */
import { pathsBeyond } from "./whole-paths.ts";
import { commonFields, type PathInfo, type Scope } from "./scope.ts";

/** All paths to facts that exist, with one type, on everything that the rule reaches. */
export function pathsOf(scope: Scope): readonly PathInfo[] {
  const { ir, tenantSet } = scope.model;
  const found: PathInfo[] = [];
  for (const { name, type, optional } of ir.tenant)
    found.push({ ...direct, text: `tenant.${name}`, type, optional });
  for (const { name, type, optional } of ir.context)
    found.push({ ...direct, text: `context.${name}`, type, optional });
  for (const field of commonFields(scope.model, scope.principals)) {
    const trust = scope.principals.some((type) => tenantSet.has(`${type}.${field.name}`)) ? field.name : null;
    found.push({
      ...direct,
      text: `principal.${field.name}`,
      type: field.type,
      optional: field.optional,
      trust,
    });
  }
  for (const field of commonFields(scope.model, scope.entities))
    for (const row of scope.rows)
      found.push({ ...direct, text: `${row}.${field.name}`, type: field.type, optional: field.optional });
  if (scope.model.constructs === "whole") return [...found, ...pathsBeyond(scope)];
  return found.filter((path) => !["ip", "date", "time"].includes(path.type.kind));
}

const direct = { trust: null, through: [], hops: 0 } as const;

/** Something that stands for an entity: `principal`, a row, a reference, or a literal, and the types that it can be. */
export interface EntityOperand {
  readonly text: string;
  readonly types: readonly string[];
  readonly path: PathInfo | null;
  /** Set where the operand is the principal, whose parents come with the session. */
  readonly isPrincipal: boolean;
}

export function entityOperands(scope: Scope): readonly EntityOperand[] {
  return [
    { text: "principal", types: scope.principals, path: null, isPrincipal: true },
    ...scope.rows.map((row) => ({ text: row, types: scope.entities, path: null, isPrincipal: false })),
    ...pathsOf(scope).flatMap((path) =>
      path.type.kind === "entity"
        ? [{ text: path.text, types: [path.type.entity], path, isPrincipal: false }]
        : [],
    ),
  ];
}
