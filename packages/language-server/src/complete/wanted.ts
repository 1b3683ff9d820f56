/** What is wanted where a part of a condition stands: a condition, or a value of some types. */
import { setMethods } from "@wardline/compiler";
import type { Expression, Frame } from "@wardline/compiler";
import type { ValueType } from "@wardline/core";
import { pathsIn } from "./conditions-of.ts";
import { ownersOf, typesOf } from "./path-words.ts";
import type { Place } from "./place.ts";
import type { Token } from "./statement-at.ts";

export type Wanted =
  | { readonly kind: "condition" }
  | { readonly kind: "presence" }
  | { readonly kind: "role" }
  /** `types`: empty where they are not known. */
  | {
      readonly kind: "value";
      readonly types: readonly ValueType[];
      readonly by: "comparison" | "argument" | "fallback";
      readonly operator: string | null;
      readonly inList: boolean;
      /** True where a list must stand. */
      readonly isList: boolean;
    };

/** The tokens before the place, from an index on. */
const from = (place: Place, start: number, end = place.at): readonly Token[] =>
  place.tokens.slice(start, end);

export function wantedAt(place: Place, frame: Frame): Wanted {
  let inList = false;
  for (let at: Frame | null = frame; at !== null; at = at.parent) {
    const hasBegun = at.start < place.at;
    if (!hasBegun) {
      if (at.rule === "clause" || at.rule === "let") return { kind: "condition" };
      continue;
    }
    const rule: string = at.rule;
    switch (rule) {
      case "list":
        inList = true;
        break;
      case "presence":
        return { kind: "presence" };
      case "fallback":
        if (place.tokens[place.at - 1]?.image === "??")
          return value(typesOf(place, from(place, at.start, place.at - 1)), "fallback", null, inList);
        break;
      case "args":
        return argumentAt(place, at, inList);
      case "operand":
        if (place.tokens[at.start]?.image === "(") return { kind: "condition" };
        break;
      case "comparison": {
        const index = operatorIn(place, at.start);
        if (index === null) break;
        const operator = place.tokens[index]?.image ?? "";
        return value(
          typesOf(place, from(place, at.start, index)),
          "comparison",
          operator === "not" ? "in" : operator,
          inList,
        );
      }
      case "clause":
      case "let":
        return { kind: "condition" };
      default:
        break;
    }
  }
  return { kind: "condition" };
}

function value(
  types: readonly ValueType[],
  by: "comparison" | "argument" | "fallback",
  operator: string | null,
  inList: boolean,
): Wanted {
  return { kind: "value", types, by, operator, inList, isList: false };
}

const operators: ReadonlySet<string> = new Set(["==", "!=", "<", "<=", ">", ">=", "in", "not"]);

/** The index of the operator of a comparison that has one before the place. */
export function operatorIn(place: Place, start: number): number | null {
  let depth = 0;
  for (let index = start; index < place.at; index += 1) {
    const image = place.tokens[index]?.image ?? "";
    if ("([{".includes(image)) depth += 1;
    else if (")]}".includes(image)) depth -= 1;
    else if (depth === 0 && index > start && operators.has(image) && place.tokens[index - 1]?.image !== ".")
      return index;
  }
  return null;
}

/** How many arguments stand before the place in the parentheses that open at an index. */
export function argumentIndex(place: Place, open: number): number {
  let depth = 0;
  let count = 0;
  for (let index = open; index < place.at; index += 1) {
    const image = place.tokens[index]?.image ?? "";
    if ("([{".includes(image)) depth += 1;
    else if (")]}".includes(image)) depth -= 1;
    else if (image === "," && depth === 1) count += 1;
  }
  return count;
}

function argumentAt(place: Place, args: Frame, inList: boolean): Wanted {
  const path = args.parent;
  if (path === null) return { kind: "condition" };
  const callee = from(place, path.start, args.start);
  const name = callee.at(-1)?.image ?? "";
  if (callee.length === 1) {
    const relation = place.names.model.relations.get(name);
    const entity =
      relation === undefined ? undefined : [relation.from, relation.to][argumentIndex(place, args.start)];
    const wanted = entity ?? parameterEntity(place, name, argumentIndex(place, args.start));
    return value(wanted === undefined ? [] : [{ kind: "entity", entity: wanted }], "argument", null, inList);
  }
  const owners = ownersOf(place, callee.slice(0, -2));
  const isMany = name !== "contains" && (setMethods as readonly string[]).includes(name);
  const [owner] = owners;
  if (owner?.kind === "roles" && (inList || !isMany)) return { kind: "role" };
  const types = owners.flatMap((one): readonly ValueType[] => {
    if (one.kind !== "value") return [];
    return one.type.kind === "set" ? [one.type.of] : [one.type];
  });
  return { kind: "value", types, by: "argument", operator: null, inList, isList: isMany && !inList };
}

/** The entity that a let's parameter stands for, if the let gives it to a relation. */
function parameterEntity({ names }: Place, name: string, index: number): string | undefined {
  const found = names.lets.get(name);
  const parameter = found?.parameters?.[index];
  if (found === undefined || parameter === undefined) return undefined;
  for (const path of pathsIn(found.value)) {
    const relation = path.root.kind === "name" ? names.model.relations.get(path.root.name.text) : undefined;
    const isIt = (one: Expression) =>
      one.kind === "path" && one.root.kind === "name" && one.root.name.text === parameter;
    const at = path.args?.findIndex(isIt) ?? -1;
    if (relation !== undefined && at >= 0) return [relation.from, relation.to][at];
  }
  return undefined;
}
