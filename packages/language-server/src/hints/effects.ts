/** What requires show of the fields that a permit lets be read, by what is written: nothing is compiled for a hint. */
import type { Reach, Term } from "@wardline/compiler";
import { parentsOf, type EntityWord } from "../complete/model-words.ts";
import { termText, type Names, type RequireWord } from "../complete/names.ts";
import type { AnyRule } from "../actions/add-test.ts";

/** `Loan.card` → `as partial(last: 2)`, of each field that the permit does not mask or hide itself. */
export function effectsOver(names: Names, permit: AnyRule): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const { reach } = permit;
  if (reach === null) return found;
  const own = new Set(
    permit.clauses.flatMap((clause) => (clause.kind === "with" ? clause.terms.flatMap(targetsOf) : [])),
  );
  for (const require of names.requires) {
    const { statement } = require;
    if (statement.reach === null || !sharesAction(names, reach, statement.reach)) continue;
    const who = overlap(names, reach, statement.reach);
    if (who === "none") continue;
    const isAlways =
      who === "all" && statement.clauses.every(({ kind }) => kind !== "when" && kind !== "unless");
    for (const entity of sharedEntities(names, reach, require))
      for (const term of statement.terms)
        for (const [field, how] of effectOf(entity, term, require))
          if (!own.has(field) && !entityClasses(entity, field).some((one) => own.has(one)))
            found.set(`${entity.name}.${field}`, isAlways ? how : `${how} for some`);
  }
  return found;
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
  { statement, given }: RequireWord,
): readonly EntityWord[] {
  const has = ({ types, touching }: Reach, entity: EntityWord) => {
    const isNamed = types.kind === "anything" || types.names.some(({ text }) => text === entity.name);
    if (touching === null) return isNamed;
    const meant = (given.get(touching.name.text) ?? `#${touching.name.text}`).slice(1);
    return isNamed && [...entity.fields.values()].some(({ classes }) => classes.includes(meant));
  };
  const { reach } = statement;
  return [...model.entities.values()].filter(
    (entity) => has(permit, entity) && reach !== null && has(reach, entity),
  );
}

/** Whether all, some or none of those that the permit is for are those that the require is for. */
function overlap(
  { roles, model }: Names,
  { who: permit }: Reach,
  { who: require }: Reach,
): "all" | "some" | "none" {
  const counts = (name: string, wanted: readonly string[]) =>
    wanted.includes(name) || parentsOf(roles, name).some((parent) => wanted.includes(parent));
  if (require.kind === "anyone") {
    const out = require.except.map(({ text }) => text);
    if (out.length === 0) return "all";
    return permit.kind === "names" && permit.names.every(({ text }) => counts(text, out)) ? "none" : "some";
  }
  const wanted = require.names.map(({ text }) => text);
  if (permit.kind === "names" && permit.names.every(({ text }) => counts(text, wanted))) return "all";
  const isOnly = model.principals.length === 1 && wanted.includes(model.principals[0] ?? "");
  return isOnly ? "all" : "some";
}
