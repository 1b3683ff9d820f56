/** Generates whom and what a rule reaches: WHO to ACTIONS TYPES. */
import type { ActionKind, ActionModel } from "../ir/model.ts";
import type { Row } from "../ir/slot.ts";
import { principalsOf, storedOf, type GeneratedModel } from "./generated-model.ts";
import type { Random } from "../search/random.ts";

export interface ReachText {
  readonly text: string;
  readonly principals: readonly string[];
  readonly entities: readonly string[];
  readonly kinds: ReadonlySet<ActionKind>;
  /** Delegated roles that it names. */
  readonly trusts: readonly string[];
}

/** A role that can be named in WHO, with the principal types that can hold it. */
export interface KnownRole {
  readonly name: string;
  readonly types: readonly string[];
  /** The delegated roles that count as it: itself, or some that extend it. */
  readonly delegated: readonly string[];
}

export interface ReachOptions {
  /** How likely a rule is to reach everyone. */
  readonly anyone: number;
  /** How likely a rule is to reach every action, or every type. */
  readonly everything: number;
}

export function reachOf(
  random: Random,
  model: GeneratedModel,
  roles: readonly KnownRole[],
  options: ReachOptions,
): ReachText {
  const who = whoOf(random, model, roles, options.anyone);
  const what = whatOf(random, model, options.everything);
  return { ...who, ...what, text: `${who.who} to ${what.what}` };
}

function whoOf(random: Random, model: GeneratedModel, roles: readonly KnownRole[], anyone: number) {
  const all = principalsOf(model.ir).map((p) => p.name);
  if (roles.length === 0 || random.chance(anyone)) {
    if (roles.length === 0 || random.chance(0.6)) return { who: "anyone", principals: all, trusts: [] };
    const except = random.some(roles, random.between(1, 2));
    return {
      who: `anyone except ${except.map((r) => r.name).join(", ")}`,
      principals: all,
      trusts: delegatedOf(except),
    };
  }
  if (random.chance(0.2)) {
    const types = random.some(all, random.between(1, all.length));
    return { who: types.join(", "), principals: types, trusts: [] };
  }
  const named = random.some(roles, random.between(1, 3));
  const types = random.chance(0.15) ? random.some(all, 1) : [];
  return {
    who: [...named.map((r) => r.name), ...types].join(", "),
    principals: all.filter((type) => types.includes(type) || named.some((r) => r.types.includes(type))),
    trusts: delegatedOf(named),
  };
}

function delegatedOf(roles: readonly KnownRole[]): readonly string[] {
  return [...new Set(roles.flatMap((role) => role.delegated))];
}

function whatOf(random: Random, model: GeneratedModel, everything: number) {
  const stored = storedOf(model.ir).map((e) => e.name);
  const entities = random.chance(everything) ? stored : random.some(stored, random.pick([1, 1, 1, 2, 3]));
  const anything = entities.length === stored.length && random.chance(0.6);
  // Every named action is one on every named type; `act on` and `anything` take what there is.
  const onAll = model.ir.actions.filter((action) =>
    entities.every((entity) => action.entities.includes(entity)),
  );
  if (onAll.length === 0 || random.chance(everything)) {
    const kinds = model.ir.actions.filter((a) => a.entities.some((entity) => entities.includes(entity)));
    return { what: `act on ${anything ? "anything" : entities.join(", ")}`, entities, kinds: kindsOf(kinds) };
  }
  const groups = model.groups.filter(
    (group) =>
      group.members.length > 0 && group.members.every((name) => onAll.some((action) => action.name === name)),
  );
  if (groups.length > 0 && random.chance(0.25)) {
    const group = random.pick(groups);
    const others = random.some(
      onAll.filter((a) => !group.members.includes(a.name)),
      random.pick([0, 0, 1, 2]),
    );
    const members = [...onAll.filter((a) => group.members.includes(a.name)), ...others];
    const names = [group.name, ...others.map((a) => a.name)];
    return { what: `${names.join(", ")} ${entities.join(", ")}`, entities, kinds: kindsOf(members) };
  }
  // Often of one kind, so that rules can speak of `prior` and `next`.
  const one = random.pick(onAll).kind;
  const pool = random.chance(0.5) ? onAll.filter((a) => a.kind === one) : onAll;
  const named = random.some(pool, random.between(1, 4));
  return {
    what: `${named.map((a) => a.name).join(", ")} ${entities.join(", ")}`,
    entities,
    kinds: kindsOf(named),
  };
}

function kindsOf(actions: readonly ActionModel[]): ReadonlySet<ActionKind> {
  return new Set(actions.map((action) => action.kind));
}

/** The words for rows that a rule over some kinds of action may use; one of the sets that are allowed. */
export function rowWords(random: Random, kinds: ReadonlySet<ActionKind>): readonly Row[] {
  const named: Row[] = [];
  if (!kinds.has("reads") && !kinds.has("creates")) named.push("prior");
  if (!kinds.has("reads") && !kinds.has("deletes")) named.push("next");
  return named.length > 0 && random.chance(0.55) ? named : ["resource"];
}
