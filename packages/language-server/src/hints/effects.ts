/** What requires show of the fields that a permit lets be read, by what is written: nothing is compiled for a hint. */
import type { Reach, Term } from "@wardline/compiler";
import { parentsOf, type EntityWord } from "../complete/model-words.ts";
import { termText, type Names, type RequireWord } from "../complete/names.ts";
import type { AnyRule } from "../actions/add-test.ts";

/** `Loan.card` → `as partial(last: 2)`, of each field that the permit does not mask or hide itself. */
export function effectsOver(names: Names, permit: AnyRule): ReadonlyMap<string, string> {
  const found = new Map<string, Set<string>>();
  const { reach } = permit;
  if (reach === null) return new Map();
  const own = new Set(
    permit.clauses.flatMap((clause) => (clause.kind === "with" ? clause.terms.flatMap(targetsOf) : [])),
  );
  for (const require of names.requires) {
    const { statement, layer } = require;
    if (statement.reach === null || !sharesAction(names, reach, statement.reach)) continue;
    const who = overlap(names, reach, statement.reach, layer);
    if (who === "none") continue;
    const isAlways =
      who === "all" && statement.clauses.every(({ kind }) => kind !== "when" && kind !== "unless");
    for (const entity of sharedEntities(names, reach, statement.reach, require.given))
      for (const term of statement.terms)
        for (const [field, how] of effectOf(entity, term, require))
          if (!own.has(field) && !entityClasses(entity, field).some((one) => own.has(one)))
            put(
              found,
              `${entity.name}.${field}`,
              isAlways && !(layer === "tenant" && isFloored(names, reach, entity)) ? how : `${how} for some`,
            );
  }
  return new Map([...found].map(([field, all]) => [field, [...all].join(", ")]));
}

function put(found: Map<string, Set<string>>, field: string, how: string): void {
  found.set(field, (found.get(field) ?? new Set()).add(how));
}

/** Whom a floor grants the same, to them nothing is masked that a tenant asks for. */
function isFloored(names: Names, permit: Reach, entity: EntityWord): boolean {
  return names.floors.some(
    ({ reach }) =>
      sharesAction(names, permit, reach) && sharedEntities(names, permit, reach).includes(entity),
  );
}

const entityClasses = ({ fields }: EntityWord, field: string) =>
  fields.get(field)?.classes.map((one) => `#${one}`) ?? [];

/** What `hide` and `mask` name. */
function targetsOf(term: Term): readonly string[] {
  if (term.kind !== "call" || (term.name.text !== "hide" && term.name.text !== "mask")) return [];
  const args = term.name.text === "mask" ? term.args.slice(0, 1) : term.args;
  return args.map(({ term: of }) => termText(of));
}

function effectOf(
  { fields }: EntityWord,
  term: Term,
  { given }: RequireWord,
): readonly (readonly [string, string])[] {
  if (term.kind !== "call") return [];
  const how =
    term.name.text === "hide"
      ? "hidden"
      : `as ${term.args[1] === undefined ? "masked" : termText(term.args[1].term)}`;
  return targetsOf(term).flatMap((target) => {
    const meant = given.get(target) ?? target;
    return [...fields.values()].flatMap(({ name, classes }) =>
      name === meant || classes.some((one) => `#${one}` === meant) ? [[name, how] as const] : [],
    );
  });
}

function actionsOf({ model }: Names, { actions }: Reach): ReadonlySet<string> {
  if (actions.kind === "act_on") return new Set(model.actions.keys());
  return new Set(actions.names.flatMap(({ text }) => model.groups.get(text)?.members ?? [text]));
}

/** What is asked of `read` binds every action that reads. */
function sharesAction(names: Names, permit: Reach, require: Reach): boolean {
  const asked = actionsOf(names, require);
  return [...actionsOf(names, permit)].some(
    (action) => asked.has(action) || (asked.has("read") && names.model.actions.get(action)?.kind === "reads"),
  );
}

function sharedEntities(
  { model }: Names,
  permit: Reach,
  other: Reach,
  given: RequireWord["given"] = new Map(),
): readonly EntityWord[] {
  const has = ({ types, touching }: Reach, entity: EntityWord) => {
    const isNamed = types.kind === "anything" || types.names.some(({ text }) => text === entity.name);
    if (touching === null) return isNamed;
    const meant = (given.get(touching.name.text) ?? `#${touching.name.text}`).slice(1);
    return isNamed && [...entity.fields.values()].some(({ classes }) => classes.includes(meant));
  };
  return [...model.entities.values()].filter((entity) => has(permit, entity) && has(other, entity));
}

/** Whether all, some or none of those that the permit is for are those that the require is for. */
function overlap(
  { roles, model }: Names,
  { who: permit }: Reach,
  { who: require }: Reach,
  layer: RequireWord["layer"],
): "all" | "some" | "none" {
  // A rule of the platform does not count a tenant's role as the one that it extends.
  const known = layer === "platform" ? model.roles : roles;
  const counts = (name: string, wanted: readonly string[]) =>
    wanted.includes(name) || parentsOf(known, name).some((parent) => wanted.includes(parent));
  // Who is named, and whoever the permit counts as such.
  const allCount = (name: string, wanted: readonly string[]) =>
    [name, ...[...roles.keys()].filter((role) => parentsOf(roles, role).includes(name))].every((role) =>
      counts(role, wanted),
    );
  if (require.kind === "anyone") {
    const out = require.except.map(({ text }) => text);
    if (out.length === 0) return "all";
    return permit.kind === "names" && permit.names.every(({ text }) => allCount(text, out)) ? "none" : "some";
  }
  const wanted = require.names.map(({ text }) => text);
  if (permit.kind === "names" && permit.names.every(({ text }) => allCount(text, wanted))) return "all";
  const isOnly = model.principals.length === 1 && wanted.includes(model.principals[0] ?? "");
  return isOnly ? "all" : "some";
}
