/** Who may do what to which: roles and principal types, actions and groups, entities and classes. */
import type { Expectation } from "@wardline/compiler";
import type { Offer } from "../item.ts";
import { before, frameOf, isWithin, type Place } from "../place.ts";
import { actionsOf, reachAt, type ReachWords } from "../reach.ts";

/** Roles and principal types that are not named yet. */
export function whoOffers(place: Place, { type }: Expectation): readonly Offer[] {
  const { model, roles } = place.names;
  const reach = reachAt(place);
  const isShare = reach.keyword === "share";
  const isNew = (name: string) => !reach.who.includes(name);
  if (type.name === "word_anyone")
    return isShare ? [] : [{ label: "anyone", kind: "keyword", rank: 1, detail: "every principal" }];
  if (type.name === "Type")
    return model.principals
      .filter(isNew)
      .map((label): Offer => ({ label, kind: "principal", rank: 2, detail: "principal type" }));
  return [...roles.values()]
    .filter(({ name, platform }) => isNew(name) && (!isShare || platform))
    .map(({ name, extends: parents, platform }): Offer => ({
      label: name,
      kind: "role",
      rank: 0,
      detail:
        parents.length > 0
          ? `role, extends ${parents.join(", ")}`
          : platform
            ? "role of the platform"
            : "role",
    }));
}

/** Actions and groups that some of the types has. */
export function actionOffers(place: Place): readonly Offer[] {
  const { model } = place.names;
  const reach = reachAt(place);
  const types = reach.allTypes ? [...model.entities.keys()] : reach.types;
  const has = (name: string) =>
    model.actions.get(name)?.entities.some((entity) => types.includes(entity)) === true;
  const isNew = (name: string) => !reach.actions.includes(name);
  const actions = [...model.actions.values()]
    .filter(({ name }) => has(name) && isNew(name))
    .map(({ name, kind }): Offer => ({
      label: name,
      kind: "action",
      rank: 0,
      detail: `action that ${kind}`,
    }));
  const groups = [...model.groups.values()]
    .filter(({ name, members }) => members.some(has) && isNew(name))
    .map(({ name, members }): Offer => ({
      label: name,
      kind: "group",
      rank: 1,
      detail: `group: ${members.join(", ")}`,
    }));
  return [...actions, ...groups];
}

export function actOnOffers(place: Place): readonly Offer[] {
  return before(place)?.image !== "to"
    ? []
    : [{ label: "act on", kind: "keyword", rank: 2, insert: "act on ", detail: "every action" }];
}

/** Entities that have one of the actions, those that have all of them first. */
export function entityOffers(place: Place): readonly Offer[] {
  const reach = reachAt(place);
  const { model } = place.names;
  const actions = actionsOf(place, reach);
  return [...model.entities.values()].flatMap(({ name, kind }): readonly Offer[] => {
    if (reach.types.includes(name)) return [];
    const having = actions.filter((action) => model.actions.get(action)?.entities.includes(name));
    if (having.length === 0) return [];
    return [
      {
        label: name,
        kind: kind === "principal" ? "principal" : "entity",
        rank: isReached(place, reach, name) ? 0 : 2,
        detail: having.length < actions.length ? `${kind}; only ${having.join(", ")}` : kind,
      },
    ];
  });
}

/** Whether each action that is named, or some of each group, is one of the entity. */
function isReached({ names: { model } }: Place, { actions }: ReachWords, entity: string): boolean {
  return actions.every((name) =>
    (model.groups.get(name)?.members ?? [name]).some((action) =>
      model.actions.get(action)?.entities.includes(entity),
    ),
  );
}

/** Classes that a field of the reached types has; in a pack its parameters. */
export function touchingOffers(place: Place, { type }: Expectation): readonly Offer[] {
  const { model, kind, parameters } = place.names;
  if (kind === "pack")
    return type.name === "Name"
      ? parameters
          .filter(({ isClass }) => isClass)
          .map(({ name }): Offer => ({ label: name, kind: "parameter", rank: 0, detail: "class" }))
      : [];
  if (type.name !== "Class") return [];
  const reach = reachAt(place);
  const types = reach.allTypes ? [...model.entities.keys()] : reach.types;
  const classes = types.flatMap((name) =>
    [...(model.entities.get(name)?.fields.values() ?? [])].flatMap((field) => field.classes),
  );
  return [...new Set(classes)].map((name): Offer => ({
    label: `#${name}`,
    kind: "class",
    rank: 0,
    detail: "class",
    name,
  }));
}

/** What a guardrail can say that it trusts: what tenants set. */
export function trustedOffers(place: Place, { type }: Expectation): readonly Offer[] {
  const { model } = place.names;
  if (type.name === "word_clock")
    return [{ label: "clock", kind: "value", rank: 1, detail: "the tenant sets its time zone" }];
  const written = new Set(
    place.tokens.flatMap(({ image }, index) =>
      isWithin(place.taken[index] ?? null, "trusted") ? image : [],
    ),
  );
  const roles = [...model.roles.values()]
    .filter(({ delegated, name }) => delegated && !written.has(name))
    .map(({ name }): Offer => ({ label: name, kind: "role", rank: 0, detail: "role that tenants assign" }));
  const fields = model.principals.flatMap((type) =>
    [...(model.entities.get(type)?.fields.values() ?? [])]
      .filter(({ delegated }) => delegated)
      .map(({ name }): Offer => ({
        label: name,
        kind: "field",
        rank: 0,
        detail: "attribute that tenants set",
        owner: type,
      })),
  );
  return [...roles, ...fields].toSorted(
    (a, b) => Number(isRead(place, b.label)) - Number(isRead(place, a.label)),
  );
}

const isRead = (place: Place, name: string) => place.tokens.some(({ image }) => image === name);

/** Rules that an assert leaves out, or a test expects to decide. */
export function ruleOffers(place: Place, { frame }: Expectation): readonly Offer[] {
  const list = frameOf(frame, "names");
  const written = new Set(
    list === null ? [] : place.tokens.slice(list.start, place.at).map(({ image }) => image),
  );
  return place.names.rules.flatMap(({ name, kind, layer }): readonly Offer[] =>
    written.has(name)
      ? []
      : [
          {
            label: name,
            kind: "rule",
            rank: layer === "tenant" ? 0 : 1,
            detail: `${kind}${layer === "tenant" ? "" : ` of the ${layer}`}`,
          },
        ],
  );
}
