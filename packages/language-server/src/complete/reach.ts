/** Whom and what the rule at a place is about, as far as it is written. */
import { conditionClauses, pathsIn } from "./conditions-of.ts";
import type { EntityWord } from "./model-words.ts";
import { frameOf, isWithin, type Place } from "./place.ts";
import type { Token } from "./statement-at.ts";

export interface ReachWords {
  readonly keyword: string | undefined;
  readonly who: readonly string[];
  /** `except` names of `anyone except`. */
  readonly isAnyone: boolean;
  readonly actions: readonly string[];
  /** True for `act on`, and where no action is written yet. */
  readonly allActions: boolean;
  readonly types: readonly string[];
  /** True for `anything`, and where no type is written yet. */
  readonly allTypes: boolean;
  readonly touching: string | null;
}

const isName = (token: Token) => /^[a-z][a-z0-9_]*$/.test(token.image);
const isType = (token: Token) => /^[A-Z]/.test(token.image);

const kept = new WeakMap<Place, ReachWords>();

export function reachAt(place: Place): ReachWords {
  const before = kept.get(place);
  if (before !== undefined) return before;
  const written = writtenReach(place);
  const reach = written.keyword === "let" ? (reachOfUses(place) ?? written) : written;
  kept.set(place, reach);
  return reach;
}

/** A let is typed where it is used: by the rules that name it, or null where none does. */
function reachOfUses(place: Place): ReachWords | null {
  const name = place.tokens[place.tokens.findIndex(({ image }) => image === "let") + 1]?.image;
  const uses = place.names.statements.flatMap((statement) => {
    if (!("clauses" in statement) || statement.kind === "assert" || statement.reach === null) return [];
    const paths = conditionClauses(statement).flatMap(({ condition }) => pathsIn(condition));
    const isUsed = paths.some(({ root }) => root.kind === "name" && root.name.text === name);
    return isUsed ? [statement.reach] : [];
  });
  if (uses.length === 0) return null;
  const actions = uses.flatMap((one) =>
    one.actions.kind === "names" ? one.actions.names.map(({ text }) => text) : [],
  );
  const types = uses.flatMap((one) =>
    one.types.kind === "names" ? one.types.names.map(({ text }) => text) : [],
  );
  return {
    keyword: "let",
    who: uses.flatMap(({ who }) => (who.kind === "names" ? who.names.map(({ text }) => text) : [])),
    isAnyone: uses.some(({ who }) => who.kind === "anyone"),
    actions,
    allActions: uses.some((one) => one.actions.kind === "act_on"),
    types,
    allTypes: uses.some((one) => one.types.kind === "anything"),
    touching: null,
  };
}

function writtenReach(place: Place): ReachWords {
  const of = (...rules: Parameters<typeof isWithin>[1][]) =>
    place.tokens.filter((_, index) => rules.every((rule) => isWithin(place.taken[index] ?? null, rule)));
  const who = of("who");
  const actions = of("actions");
  const types = of("types");
  const keyword = place.tokens.find(
    (token, index) => token.image !== "@" && !isWithin(place.taken[index] ?? null, "annotation"),
  );
  const names = actions.filter(isName).map(({ image }) => image);
  const typeNames = types.filter(isType).map(({ image }) => image);
  return {
    keyword: keyword?.image,
    who: who
      .filter(
        (token) => (isName(token) || isType(token)) && token.image !== "except" && token.image !== "anyone",
      )
      .map(({ image }) => image),
    isAnyone: who.some(({ image }) => image === "anyone"),
    actions: names[0] === "act" ? [] : names,
    allActions: names.length === 0 || names[0] === "act",
    types: typeNames,
    allTypes: typeNames.length === 0,
    touching: of("classOrName").at(0)?.image ?? null,
  };
}

/** The principal types that can ask. */
export function principalsOf({ names }: Place, reach: ReachWords): readonly string[] {
  const { model, roles } = names;
  if (reach.isAnyone || reach.who.length === 0) return model.principals;
  const types = reach.who.flatMap(
    (name) => roles.get(name)?.types ?? (model.principals.includes(name) ? [name] : []),
  );
  return types.length === 0 ? model.principals : [...new Set(types)];
}

/** The actions that a rule names, groups opened. */
export function actionsOf({ names: { model } }: Place, reach: ReachWords): readonly string[] {
  if (reach.allActions) return [...model.actions.keys()];
  return [...new Set(reach.actions.flatMap((name) => model.groups.get(name)?.members ?? name))].filter(
    (name) => model.actions.has(name),
  );
}

/** The entities that the rule is about. */
export function entitiesOf(place: Place, reach: ReachWords): readonly EntityWord[] {
  const { model } = place.names;
  const named = reach.allTypes ? [...model.entities.keys()] : reach.types;
  const touching = reach.touching?.startsWith("#") === true ? reach.touching.slice(1) : null;
  const actions = actionsOf(place, reach).map((name) => model.actions.get(name));
  return named.flatMap((name) => {
    const entity = model.entities.get(name);
    if (entity === undefined) return [];
    if (touching !== null && ![...entity.fields.values()].some(({ classes }) => classes.includes(touching)))
      return [];
    return actions.some((action) => action?.entities.includes(name)) ? [entity] : [];
  });
}

/** True for a let that no rule uses yet: what it is about is not known. */
export function isOpenLet({ keyword, allActions, allTypes, who }: ReachWords): boolean {
  return keyword === "let" && allActions && allTypes && who.length === 0;
}

/** The words for rows that each action of the rule has, and that do not mix with those that are written. */
export function rowsOf(place: Place, reach: ReachWords): readonly ("resource" | "prior" | "next")[] {
  const written = new Set(
    place.tokens.flatMap(({ image }, index) =>
      frameOf(place.taken[index] ?? null, "path") === null ? [] : image,
    ),
  );
  const kinds = new Set(actionsOf(place, reach).map((name) => place.names.model.actions.get(name)?.kind));
  const isKnown = !reach.allActions || reach.keyword === undefined;
  const every = (...wanted: readonly string[]) =>
    !isKnown ? false : [...kinds].every((kind) => kind !== undefined && wanted.includes(kind));
  const isLet = isOpenLet(reach);
  const rows: ("resource" | "prior" | "next")[] = [];
  if (!written.has("prior") && !written.has("next")) rows.push("resource");
  if (!written.has("resource")) {
    if (isLet || every("updates", "deletes")) rows.push("prior");
    if (isLet || every("updates", "creates")) rows.push("next");
  }
  return rows;
}
