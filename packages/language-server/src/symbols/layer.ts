/** What the names of one file's layer mean: the platform's, a tenant's or a pack's. */
import type { LetStatement, ParameterStatement, RoleStatement, Statement } from "@wardline/compiler";
import { joined, nothing, type Meant } from "./symbol.ts";

/** How a let is used: by whom, on what, with which arguments. */
export interface LetUse {
  principals: Set<string>;
  entities: Set<string>;
  readonly args: Meant[];
}

export interface Layer {
  /** What its rules are called by: `platform`, the tenant, the pack. */
  readonly name: string;
  readonly roles: ReadonlyMap<string, RoleStatement>;
  readonly lets: ReadonlyMap<string, LetStatement>;
  /** The parameters of a pack. */
  readonly parameters: ReadonlyMap<string, ParameterStatement>;
  /** Name of a rule → the keys that it may mean, those of the own layer first. */
  readonly rules: (name: string) => readonly string[];
  readonly uses: Map<string, LetUse>;
  /** Let → what its parameters are compared with. */
  readonly wanted: Map<string, Meant[]>;
}

export function layerOf(
  name: string,
  statements: readonly Statement[],
  rules: (name: string) => readonly string[],
): Layer {
  const roles = new Map<string, RoleStatement>();
  const lets = new Map<string, LetStatement>();
  const parameters = new Map<string, ParameterStatement>();
  for (const one of statements)
    if (one.kind === "role") for (const { text } of one.names) roles.set(text, one);
    else if (one.kind === "let") lets.set(one.name.text, one);
    else if (one.kind === "parameter") parameters.set(one.name.text, one);
  return { name, roles, lets, parameters, rules, uses: new Map(), wanted: new Map() };
}

/** Notes a use of a let. */
export function noteUse(
  layer: Layer,
  name: string,
  principals: ReadonlySet<string>,
  entities: ReadonlySet<string>,
  args: readonly Meant[],
): void {
  const use = layer.uses.get(name) ?? {
    principals: new Set<string>(),
    entities: new Set<string>(),
    args: [],
  };
  layer.uses.set(name, use);
  for (const principal of principals) use.principals.add(principal);
  for (const entity of entities) use.entities.add(entity);
  for (const [index, arg] of args.entries()) use.args[index] = joined([use.args[index] ?? nothing, arg]);
}

/** The lets of a layer, each before those that it uses. */
export function letsInOrder(
  { lets }: Layer,
  namesIn: (statement: LetStatement) => readonly string[],
): readonly LetStatement[] {
  const done = new Set<string>();
  const order: LetStatement[] = [];
  const visit = (name: string) => {
    const statement = lets.get(name);
    if (statement === undefined || done.has(name)) return;
    done.add(name);
    for (const other of namesIn(statement)) visit(other);
    order.push(statement);
  };
  for (const name of lets.keys()) visit(name);
  return order.toReversed();
}
