/** What a path leads to, of the types that a rule reaches. */
import { emptiness, setMethods, textMethods } from "@wardline/compiler";
import { formatType, type ValueType } from "@wardline/core";
import { plain, type AttributeWord, type EntityWord } from "./model-words.ts";
import { takenBy, type Place } from "./place.ts";
import { entitiesOf, principalsOf, reachAt, isOpenLet } from "./reach.ts";
import type { Token } from "./statement-at.ts";

/** What stands before a `.`, in one combination. */
export type Owner =
  | { readonly kind: "entity"; readonly entity: EntityWord; readonly root: "principal" | "row" | null }
  | { readonly kind: "facts"; readonly of: "context" | "tenant" | "clock" }
  | { readonly kind: "roles" }
  | { readonly kind: "value"; readonly type: ValueType; readonly optional: boolean };

const rowWords: ReadonlySet<string> = new Set(["resource", "prior", "next"]);

/** What the tokens of a path lead to in each combination; empty where it is not known. */
export function ownersOf(place: Place, path: readonly Token[]): readonly Owner[] {
  const [root, ...rest] = path.filter(({ image }) => image !== ".");
  if (root === undefined) return [];
  let owners = rootOwners(place, root.image);
  for (const step of rest) owners = owners.flatMap((owner) => after(place, owner, step.image) ?? []);
  return owners;
}

function rootOwners(place: Place, root: string): readonly Owner[] {
  const { model } = place.names;
  const reach = reachAt(place);
  if (root === "principal")
    return principalsOf(place, reach).flatMap((name) => {
      const entity = model.entities.get(name);
      return entity === undefined ? [] : [{ kind: "entity" as const, entity, root: "principal" as const }];
    });
  if (rowWords.has(root))
    return entitiesOf(place, reach).map((entity) => ({
      kind: "entity" as const,
      entity,
      root: "row" as const,
    }));
  if (root === "context" || root === "tenant" || root === "clock") return [{ kind: "facts", of: root }];
  if (root === "now") return [{ kind: "value", type: { kind: "instant" }, optional: false }];
  return [];
}

function after(place: Place, owner: Owner, step: string): Owner | null {
  if (owner.kind === "entity" && owner.root === "principal" && step === "roles") return { kind: "roles" };
  const found = attributesOf(place, owner).get(step);
  if (found === undefined || found.type === null) return null;
  if (found.type.kind === "entity") {
    const entity = place.names.model.entities.get(found.type.entity);
    if (entity !== undefined) return { kind: "entity", entity, root: null };
  }
  return { kind: "value", type: found.type, optional: found.optional };
}

/** The attributes of an owner, by name; those that are sealed are left out. */
export function attributesOf(place: Place, owner: Owner): ReadonlyMap<string, AttributeWord> {
  const { model, sealed } = place.names;
  switch (owner.kind) {
    case "roles":
    case "value":
      return new Map();
    case "facts": {
      if (owner.of !== "tenant") return model[owner.of];
      return new Map([...model.tenant, ["id", plain("id", { kind: "string" })]]);
    }
    case "entity": {
      const { entity, root } = owner;
      const hidden = root === "principal" ? undefined : sealed.get(entity.name);
      const fields = [...entity.fields].filter(([name]) => hidden?.has(name) !== true);
      const hasTenant = root !== null && !entity.shared && !entity.fields.has("tenant");
      return new Map([
        ...fields,
        ...(hasTenant ? [["tenant", plain("tenant", { kind: "string" })] as const] : []),
      ]);
    }
  }
}

/** The attributes that all owners have; in a let, which is typed where it is used, those of any. */
export function sharedAttributes(
  place: Place,
  owners: readonly Owner[],
): readonly (AttributeWord & { readonly owner: string | undefined })[] {
  const all = owners.map((owner) => ({ owner, attributes: attributesOf(place, owner) }));
  const isLoose = isOpenLet(reachAt(place));
  const names = new Set(all.flatMap(({ attributes }) => [...attributes.keys()]));
  return [...names].flatMap((name) => {
    const having = all.filter(({ attributes }) => attributes.has(name));
    const [first] = having;
    const attribute = first?.attributes.get(name);
    if (first === undefined || attribute === undefined || (!isLoose && having.length < all.length)) return [];
    return [{ ...attribute, owner: ownerName(first.owner) }];
  });
}

function ownerName(owner: Owner): string | undefined {
  return owner.kind === "entity" ? owner.entity.name : owner.kind === "facts" ? owner.of : undefined;
}

/** The methods of what stands before a `.`. */
export function methodsOf(owners: readonly Owner[]): readonly string[] {
  const of = (owner: Owner): readonly string[] => {
    if (owner.kind === "roles") return setMethods;
    if (owner.kind !== "value") return [];
    if (owner.type.kind === "set") return [...setMethods, emptiness];
    return owner.type.kind === "string" ? textMethods : [];
  };
  return [...new Set(owners.flatMap(of))].filter((name) => owners.every((owner) => of(owner).includes(name)));
}

/** The type of a path in each combination, without repeats; empty where it is not known. */
export function typesOf(place: Place, path: readonly Token[]): readonly ValueType[] {
  const types = ownersOf(place, path).flatMap((owner): readonly ValueType[] => {
    if (owner.kind === "value") return [owner.type];
    return owner.kind === "entity" ? [{ kind: "entity", entity: owner.entity.name }] : [];
  });
  return [...new Map(types.map((type) => [formatType(type), type] as const)).values()];
}

/** The parameters of the let at the place. */
export function ownParameters(place: Place): readonly string[] {
  if (reachAt(place).keyword !== "let") return [];
  return takenBy(place, "nameList", "names").flatMap(({ image }) => (/^[a-z]/.test(image) ? image : []));
}
