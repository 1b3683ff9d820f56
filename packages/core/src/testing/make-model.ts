/** Generates models: every declaration of the language that this step of the engine carries out. */
import type {
  ActionKind,
  EntityModel,
  FactModel,
  FieldModel,
  ModelIr,
  ParentModel,
  RelationModel,
} from "../ir/model.ts";
import { maxInt, type ScalarType } from "../value/type.ts";
import { weekdayType } from "../value/clock.ts";
import type { Constructs, Evidence, GeneratedModel } from "./generated-model.ts";
import type { Random } from "../search/random.ts";

const modelNames = ["library", "depot", "constructor", "order"];
const enumNames = ["Genre", "Shelf", "State"];
/** Two enums may share a value; names of JavaScript's objects and of SQL are ordinary names here. */
const enumValues = ["open", "lost", "rare", "fresh", "valued", "has_own", "constructor", "select"];
const principalNames = ["Member", "Robot"];
const entityNames = ["Branch", "Book", "Loan"];
const tableNames = ["branches", "order", "table"];
const scalarFields = [
  "grade",
  "worth",
  "label",
  "mark",
  "due",
  "span",
  "kept",
  "genre",
  "constructor",
  "select",
  "when",
  "code",
];
const setFields = ["words", "topics"];
const roleNames = ["reader", "keeper", "warden", "chief", "guest", "order"];
const classes = ["secret", "personal", "inner"];

export function makeModel(random: Random, constructs: Constructs = "core"): GeneratedModel {
  const enums = random
    .some(enumNames, random.between(1, 2))
    .map((name) => ({ name, values: random.some(enumValues, random.between(2, 4)) }));
  const sealedClass = random.chance(0.7) ? "secret" : null;
  const types = typeMaker(random, enums, constructs);
  const stored = entityNames.slice(0, random.between(1, 3));
  const actors = principalNames.slice(0, random.between(1, 2));
  // Fields of one name have one type in all entities, so that one rule can reach several of them.
  const shared = new Map<string, FieldModel>();
  const fieldOf = (name: string): FieldModel => {
    const made = shared.get(name) ?? { ...base(name), type: types(), optional: random.chance(0.4) };
    shared.set(name, made);
    return made;
  };
  const entities: EntityModel[] = stored.map((name, at) => {
    const table = tableNames[at] as string;
    const fields = random
      .some(scalarFields, random.between(2, 5))
      .map((field) => withColumn(random, fieldOf(field)));
    for (const reference of referencesFrom(random, stored, actors)) fields.push(reference);
    for (const set of random.some(setFields, random.between(0, 2)))
      fields.push(setField(random, set, enums, name, table));
    return {
      name,
      kind: "entity",
      storage: { table, key: "id", tenant: "tenant_id" },
      keyType: "uuid",
      parents: storedParents(random, stored, at),
      fields: fields.map((field) => classed(random, field, sealedClass)),
    };
  });
  const principals: EntityModel[] = actors.map((name) => {
    const fields = random.some(scalarFields, random.between(1, 4)).map((field) => fieldOf(field));
    if (random.chance(0.4))
      fields.push({ ...base("home"), type: entity(random.pick(stored)), optional: random.chance(0.5) });
    if (random.chance(0.6)) fields.push(stateless(setField(random, "words", enums, name, "")));
    const parents = random.some(stored, random.between(0, 2));
    return {
      name,
      kind: "principal",
      storage: null,
      keyType: "text",
      parents: parents.map((parent) => ({ entity: parent, via: { kind: "session" } })),
      fields,
    };
  });
  const context = [...contextFacts(random, types), ...(constructs === "whole" ? setFacts(random) : [])];
  const ir: ModelIr = {
    name: random.pick(modelNames),
    enums,
    tenant: random
      .some(["tier", "limit_of", "since"], random.between(1, 3))
      .map((name) => factOf(name, types(), random.chance(0.3))),
    context,
    entities: [...entities, ...principals],
    relations: relations(random, actors, stored),
    actions: actions(random, stored),
    roles: [],
  };
  return { ...withRoles(random, ir, actors, principals, sealedClass), constructs };
}

function base(name: string): FieldModel {
  return { name, type: { kind: "string" }, optional: false, classes: [], searchable: false, storage: null };
}

function factOf(name: string, type: ScalarType, optional: boolean): FactModel {
  return { name, type, optional };
}

function entity(name: string): ScalarType {
  return { kind: "entity", entity: name };
}

function typeMaker(random: Random, enums: ModelIr["enums"], constructs: Constructs): () => ScalarType {
  const ints: readonly (readonly [number, number])[] = [
    [0, 5],
    [-3, 3],
    [-maxInt, maxInt],
    [0, maxInt],
    [1, 100],
  ];
  const decimals = [
    [12, 2],
    [18, 6],
    [4, 4],
    [5, 0],
    [18, 18],
  ] as const;
  const later: readonly ScalarType[] = [{ kind: "ip" }, { kind: "date" }, { kind: "time" }, weekdayType];
  return () => {
    if (constructs === "whole" && random.chance(0.25)) return random.pick(later);
    const roll = random.below(100);
    if (roll < 16) return { kind: "bool" };
    if (roll < 32) {
      const [min, max] = random.pick(ints);
      return { kind: "int", min, max };
    }
    if (roll < 46) {
      const [precision, scale] = random.pick(decimals);
      return { kind: "decimal", precision, scale };
    }
    if (roll < 66) return { kind: "string" };
    if (roll < 76) return { kind: "instant" };
    if (roll < 83) return { kind: "duration" };
    if (roll < 90) return { kind: "uuid" };
    return { kind: "enum", ...random.pick(enums) };
  };
}

function withColumn(random: Random, field: FieldModel): FieldModel {
  // Types that expressions may not use yet stand in rows all the same.
  const declaredOnly: ScalarType["kind"][] = ["uuid", "ip", "date", "time"];
  const type =
    field.name === "code" && random.chance(0.6)
      ? ({ kind: random.pick(declaredOnly) } as ScalarType)
      : field.type;
  return {
    ...field,
    type,
    searchable: type.kind === "string" && random.chance(0.6),
    storage: { kind: "column", column: field.name },
  };
}

function stateless(field: FieldModel): FieldModel {
  return { ...field, storage: null };
}

function referencesFrom(random: Random, stored: readonly string[], actors: readonly string[]): FieldModel[] {
  const made: FieldModel[] = [];
  for (const name of random.some(["owner", "place", "other"], random.between(1, 3))) {
    const to = name === "owner" ? random.pick(actors) : random.pick(stored);
    made.push({
      ...base(name),
      type: entity(to),
      optional: random.chance(0.5),
      storage: { kind: "column", column: `${name}_id` },
    });
  }
  return made;
}

function setField(
  random: Random,
  name: string,
  enums: ModelIr["enums"],
  owner: string,
  table: string,
): FieldModel {
  const of: ScalarType =
    name === "topics" ? { kind: "enum", ...(enums[0] as ModelIr["enums"][number]) } : { kind: "string" };
  return {
    ...base(name),
    type: { kind: "set", of },
    storage: {
      kind: "table",
      table: `${table}_${name}`,
      owner: random.chance(0.5) ? `${owner.toLowerCase()}_id` : "owner_id",
      value: random.pick(["value", "word"]),
    },
  };
}

function classed(random: Random, field: FieldModel, sealedClass: string | null): FieldModel {
  if (sealedClass !== null && field.type.kind === "string" && random.chance(0.45))
    return {
      ...field,
      classes: random.chance(0.2) ? ["inner", sealedClass] : [sealedClass],
    };
  const open = classes.filter((name) => name !== sealedClass && name !== "secret");
  return random.chance(0.2) ? { ...field, classes: [random.pick(open)] } : field;
}

function storedParents(random: Random, stored: readonly string[], at: number): ParentModel[] {
  const name = stored[at] as string;
  return random.some(stored.slice(0, at + 1), random.between(at === 0 ? 0 : 1, 2)).map((parent) => ({
    entity: parent,
    via: random.chance(0.6)
      ? { kind: "column", column: `parent_${parent.toLowerCase()}` }
      : {
          kind: "table",
          table: `${name.toLowerCase()}_in_${parent.toLowerCase()}`,
          child: "child_id",
          parent: "parent_id",
        },
  }));
}

function contextFacts(random: Random, types: () => ScalarType): FactModel[] {
  return [
    factOf("totp", { kind: "bool" }, random.chance(0.5)),
    factOf("totp_age", { kind: "duration" }, random.chance(0.7)),
    factOf("motive", { kind: "string" }, true),
    ...random
      .some(["desk", "constructor", "hint"], random.between(0, 2))
      .map((name) => factOf(name, types(), random.chance(0.4))),
  ];
}

/** Sets that come with a request. */
function setFacts(random: Random): FactModel[] {
  const all: FactModel[] = [
    { name: "scopes", type: { kind: "set", of: { kind: "string" } }, optional: false },
    { name: "origins", type: { kind: "set", of: { kind: "ip" } }, optional: false },
  ];
  return [
    ...random.some(all, random.between(0, 2)),
    { name: "origin", type: { kind: "ip" }, optional: random.chance(0.5) },
  ];
}

function relations(random: Random, actors: readonly string[], stored: readonly string[]): RelationModel[] {
  const names = random.some(["minds", "follows", "pairs_with"], random.between(1, 2));
  return names.map((name) => {
    const from = random.chance(0.6) ? random.pick(actors) : random.pick(stored);
    const to = random.chance(0.9) ? random.pick(stored) : random.pick(actors);
    return { name, from, to, table: `${name}_pairs`, fromColumn: "from_id", toColumn: "to_id" };
  });
}

function actions(random: Random, stored: readonly string[]): ModelIr["actions"] {
  const all: [string, ActionKind][] = [
    ["read", "reads"],
    ["list", "reads"],
    ["export", "reads"],
    ["create", "creates"],
    ["update", "updates"],
    ["amend", "updates"],
    ["delete", "deletes"],
  ];
  return all
    .filter(([name]) => ["read", "list", "create", "update", "delete"].includes(name) || random.chance(0.4))
    .map(([name, kind]) => ({
      name,
      kind,
      entities: random.chance(0.75) ? stored : stored.filter((e) => e === stored[0] || random.chance(0.5)),
    }));
}

function withRoles(
  random: Random,
  ir: ModelIr,
  actors: readonly string[],
  principals: readonly EntityModel[],
  sealedClass: string | null,
): Omit<GeneratedModel, "constructs"> {
  const names = random.some(roleNames, random.between(3, 5));
  const delegated = names.filter((_, at) => at < 2 || random.chance(0.3));
  const roleTypes = new Map<string, readonly string[]>();
  const plain: string[] = [];
  const roles = names.map((name) => {
    const isDelegated = delegated.includes(name);
    if (random.chance(0.3)) {
      roleTypes.set(name, [random.pick(actors)]);
      return { name, extends: [], platform: false };
    }
    // A chain holds either delegated roles or the platform's own, so that no guardrail is lifted through it.
    const base = plain.filter((other) => delegated.includes(other) === isDelegated);
    plain.push(name);
    if (base.length > 0 && random.chance(0.5))
      return { name, extends: random.some(base, random.between(1, 2)), platform: false };
    return { name, extends: [], platform: !isDelegated && random.chance(0.5) };
  });
  const evidence: Evidence[] = [
    {
      name: "totp",
      facts: [
        { root: "context", name: "totp" },
        ...(random.chance(0.7) ? [{ root: "context", name: "totp_age" } as const] : []),
      ],
    },
    { name: "reason", facts: [{ root: "context", name: "motive" }] },
  ];
  // A fact that tenants set must be a name that `trusting` can say.
  const tenantSet = new Set(
    principals.flatMap((p) =>
      p.fields
        .filter((field) => field.name !== "when" && random.chance(0.15))
        .map((field) => `${p.name}.${field.name}`),
    ),
  );
  const members = ir.actions.map((action) => action.name);
  const groups = [
    { name: "mutate", members: members.filter((name) => !["read", "list", "export"].includes(name)) },
    ...(random.chance(0.5)
      ? [{ name: "look", members: members.filter((name) => ["read", "list"].includes(name)) }]
      : []),
  ];
  return { ir: { ...ir, roles }, groups, delegated, roleTypes, evidence, tenantSet, sealedClass };
}
