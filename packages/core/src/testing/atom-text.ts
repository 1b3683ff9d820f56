/** Generates single questions: comparisons, memberships, presence, hierarchy, relations. All are well typed. */
import { sameType, type ScalarType, type ValueType } from "../value/type.ts";
import {
  alike,
  entityNeeds,
  free,
  isFar,
  isScalar,
  literals,
  needsOf,
  operandOf,
  pathWhere,
  someLiteral,
  type AtomText,
  type Maker,
} from "./atom-parts.ts";
import { ancestorTypes } from "./generated-model.ts";
import { quoted } from "./literal.ts";
import { entityOperands, type EntityOperand } from "./paths.ts";
import { entityNamed } from "./generated-model.ts";
import type { Random } from "../search/random.ts";
import type { Scope } from "./scope.ts";
import { wholeMakers } from "./whole-atoms.ts";

const ordered: readonly ValueType["kind"][] = ["int", "decimal", "instant", "duration", "date", "time"];

const makers: readonly (readonly [Maker, number])[] = [
  [bareBool, 9],
  [boolEquality, 3],
  [literalEquality, 13],
  [pathEquality, 7],
  [order, 16],
  [oneOf, 11],
  [contains, 9],
  [containsMany, 8],
  [presence, 7],
  [sameEntity, 9],
  [entityLiteral, 6],
  [hierarchy, 13],
  [hierarchyLiteral, 5],
  [relation, 12],
  [moment, 6],
  [tenancy, 3],
  [roleHeld, 4],
];

function makersFor(scope: Scope): readonly (readonly [Maker, number])[] {
  return scope.model.constructs === "whole" ? [...makers, ...wholeMakers] : makers;
}

export function atomOf(random: Random, scope: Scope, present: ReadonlySet<string>): AtomText {
  const among = makersFor(scope);
  const total = among.reduce((sum, [, weight]) => sum + weight, 0);
  for (let tries = 0; tries < 60; tries += 1) {
    let roll = random.below(total);
    const [make] = among.find(([, weight]) => (roll -= weight) < 0) as readonly [Maker, number];
    const atom = make(random, scope, present);
    if (atom !== undefined) return atom;
  }
  throw new RangeError("no question can be asked here");
}

function bareBool(random: Random, scope: Scope): AtomText | undefined {
  const path = pathWhere(random, scope, (p) => p.type.kind === "bool");
  if (path === undefined) return undefined;
  if (needsOf(path).length > 0 && random.chance(0.5))
    return free(`${path.text} ?? ${random.pick(["true", "false"])}`);
  return { text: path.text, needs: needsOf(path) };
}

function boolEquality(random: Random, scope: Scope): AtomText | undefined {
  const path = pathWhere(random, scope, (p) => p.type.kind === "bool");
  return (
    path && {
      text: `${path.text} ${random.pick(["==", "!="])} ${random.pick(["true", "false"])}`,
      needs: needsOf(path),
    }
  );
}

function literalEquality(random: Random, scope: Scope, present: ReadonlySet<string>): AtomText | undefined {
  const path = pathWhere(
    random,
    scope,
    (p) => isScalar(p.type) && p.type.kind !== "bool" && p.type.kind !== "entity",
  );
  if (path === undefined) return undefined;
  const literal = someLiteral(random, scope, path.type as ScalarType);
  const operand = operandOf(random, scope, path, present);
  return literal === undefined
    ? undefined
    : { text: `${operand.text} ${random.pick(["==", "==", "!="])} ${literal}`, needs: operand.needs };
}

function pathEquality(random: Random, scope: Scope, present: ReadonlySet<string>): AtomText | undefined {
  const pair = alike(random, scope, (p) => isScalar(p.type) && p.type.kind !== "entity");
  if (pair === undefined) return undefined;
  const [a, b] = pair.map((path) => operandOf(random, scope, path, present)) as [AtomText, AtomText];
  return { text: `${a.text} ${random.pick(["==", "==", "!="])} ${b.text}`, needs: [...a.needs, ...b.needs] };
}

function order(random: Random, scope: Scope, present: ReadonlySet<string>): AtomText | undefined {
  const op = random.pick(["<", "<=", ">", ">="]);
  if (random.chance(0.3)) {
    const pair = alike(random, scope, (p) => ordered.includes(p.type.kind));
    if (pair === undefined) return undefined;
    const [a, b] = pair.map((path) => operandOf(random, scope, path, present)) as [AtomText, AtomText];
    return { text: `${a.text} ${op} ${b.text}`, needs: [...a.needs, ...b.needs] };
  }
  const path = pathWhere(random, scope, (p) => ordered.includes(p.type.kind));
  const literal = path && someLiteral(random, scope, path.type as ScalarType);
  if (path === undefined || literal === undefined) return undefined;
  const operand = operandOf(random, scope, path, present);
  return { text: `${operand.text} ${op} ${literal}`, needs: operand.needs };
}

function oneOf(random: Random, scope: Scope, present: ReadonlySet<string>): AtomText | undefined {
  const path = pathWhere(random, scope, (p) => isScalar(p.type) && p.type.kind !== "bool" && !isFar(p));
  const list = path && literals(random, scope, path.type as ScalarType, random.between(1, 4));
  if (path === undefined || list === undefined) return undefined;
  const operand =
    path.type.kind === "entity"
      ? { text: path.text, needs: needsOf(path) }
      : operandOf(random, scope, path, present);
  return { text: `${operand.text} ${random.chance(0.3) ? "not in" : "in"} ${list}`, needs: operand.needs };
}

function contains(random: Random, scope: Scope, present: ReadonlySet<string>): AtomText | undefined {
  const path = pathWhere(random, scope, (p) => p.type.kind === "set");
  if (path === undefined || path.type.kind !== "set") return undefined;
  const { of } = path.type;
  const guard = needsOf(path);
  const other = random.chance(0.4) ? pathWhere(random, scope, (p) => sameType(p.type, of)) : undefined;
  if (other !== undefined) {
    const operand = operandOf(random, scope, other, present);
    // A fallback is an operand of a comparison; an argument is a path.
    return operand.text === other.text
      ? { text: `${path.text}.contains(${other.text})`, needs: [...guard, ...operand.needs] }
      : undefined;
  }
  const literal = someLiteral(random, scope, of);
  return literal === undefined ? undefined : { text: `${path.text}.contains(${literal})`, needs: guard };
}

function containsMany(random: Random, scope: Scope): AtomText | undefined {
  const path = pathWhere(random, scope, (p) => p.type.kind === "set");
  if (path === undefined || path.type.kind !== "set") return undefined;
  const all = random.chance(0.4);
  const list = literals(random, scope, path.type.of, random.between(1, all ? 2 : 4));
  return list === undefined
    ? undefined
    : { text: `${path.text}.${all ? "contains_all" : "contains_any"}(${list})`, needs: needsOf(path) };
}

function presence(random: Random, scope: Scope): AtomText | undefined {
  const path = pathWhere(random, scope, (p) => p.optional);
  return path && free(`has ${path.text}`);
}

function sameEntity(random: Random, scope: Scope): AtomText | undefined {
  const all = entityOperands(scope);
  const a = random.pick(all);
  const others = all.filter((b) => b.text !== a.text && b.types.some((type) => a.types.includes(type)));
  if (others.length === 0) return undefined;
  const b = random.pick(others);
  return {
    text: `${a.text} ${random.pick(["==", "==", "!="])} ${b.text}`,
    needs: [...entityNeeds(a), ...entityNeeds(b)],
  };
}

function entityLiteral(random: Random, scope: Scope): AtomText | undefined {
  const a = random.pick(entityOperands(scope));
  const literal = someLiteral(random, scope, { kind: "entity", entity: random.pick(a.types) });
  return literal === undefined
    ? undefined
    : { text: `${a.text} ${random.pick(["==", "==", "!="])} ${literal}`, needs: entityNeeds(a) };
}

function hierarchy(random: Random, scope: Scope): AtomText | undefined {
  const all = entityOperands(scope);
  const a = random.pick(all);
  const fitting = all.filter((b) => b.text !== a.text && canBeWithin(scope, a, b.types));
  if (fitting.length === 0) return undefined;
  const b = random.pick(fitting);
  return {
    text: `${a.text} ${random.chance(0.25) ? "not in" : "in"} ${b.text}`,
    needs: [...entityNeeds(a), ...entityNeeds(b)],
  };
}

function hierarchyLiteral(random: Random, scope: Scope): AtomText | undefined {
  const a = random.pick(entityOperands(scope));
  const groups = [...new Set(a.types.flatMap((type) => [...ancestorTypes(scope.model.ir, type)]))];
  if (groups.length === 0) return undefined;
  const group = random.pick(groups);
  if (!canBeWithin(scope, a, [group])) return undefined;
  const literal = someLiteral(random, scope, { kind: "entity", entity: group });
  return literal === undefined
    ? undefined
    : { text: `${a.text} ${random.chance(0.25) ? "not in" : "in"} ${literal}`, needs: entityNeeds(a) };
}

/** True if, in some combination of types, `a` can have an ancestor of one of the types. */
function canBeWithin(scope: Scope, a: EntityOperand, groups: readonly string[]): boolean {
  return a.types.some((type) => {
    const isActor = scope.model.ir.entities.some((e) => e.name === type && e.kind === "principal");
    // Only the principal of the request brings its parents; those of a stored reference to one are not known.
    if (isActor && !a.isPrincipal) return false;
    if (a.path !== null && isFar(a.path)) return false;
    return groups.some((group) => ancestorTypes(scope.model.ir, type).has(group));
  });
}

function relation(random: Random, scope: Scope): AtomText | undefined {
  const declared = random.pick(scope.model.ir.relations);
  const end = (type: string): AtomText | undefined => {
    const fitting = entityOperands(scope).filter((operand) => operand.types.includes(type));
    if (fitting.length > 0 && random.chance(0.8)) {
      const operand = random.pick(fitting);
      return { text: operand.text, needs: entityNeeds(operand) };
    }
    const literal = someLiteral(random, scope, { kind: "entity", entity: type });
    return literal === undefined ? undefined : free(literal);
  };
  const [from, to] = [end(declared.from), end(declared.to)];
  if (from === undefined || to === undefined) return undefined;
  // A question that reads no fact of the request is none.
  if (from.text.includes('"') && to.text.includes('"')) return undefined;
  return { text: `${declared.name}(${from.text}, ${to.text})`, needs: [...from.needs, ...to.needs] };
}

function moment(random: Random, scope: Scope, present: ReadonlySet<string>): AtomText | undefined {
  const op = random.pick(["<", "<=", ">", ">=", "=="]);
  const path = random.chance(0.7) ? pathWhere(random, scope, (p) => p.type.kind === "instant") : undefined;
  if (path === undefined) {
    const literal = someLiteral(random, scope, { kind: "instant" });
    return literal === undefined ? undefined : free(`now ${op} ${literal}`);
  }
  const operand = operandOf(random, scope, path, present);
  return {
    text: random.chance(0.5) ? `now ${op} ${operand.text}` : `${operand.text} ${op} now`,
    needs: operand.needs,
  };
}

function tenancy(random: Random, scope: Scope): AtomText {
  // What is shared has no tenant to ask for.
  const isOwned = scope.entities.every((name) => entityNamed(scope.model.ir, name).shared !== true);
  const ofRows = isOwned ? scope.rows.map((row) => `${row}.tenant`) : [];
  const path = random.pick(["principal.tenant", "tenant.id", ...ofRows]);
  const op = random.pick(["==", "!="]);
  if (random.chance(0.5)) return free(`${path} ${op} ${quoted(scope.tenant)}`);
  return free(
    `${path} ${op} ${path === "principal.tenant" ? (ofRows[0] ?? "tenant.id") : "principal.tenant"}`,
  );
}

function roleHeld(random: Random, scope: Scope): AtomText | undefined {
  return scope.roles.length === 0 ? undefined : free(`principal.roles.contains(${random.pick(scope.roles)})`);
}
