/** Generates the statements of a platform file and of a tenant's policy. */
import type { Row } from "../ir/slot.ts";
import { conditionOf, pathsRead } from "./expression.ts";
import { entityNamed, isSealed, principalsOf, storedOf, type GeneratedModel } from "./generated-model.ts";
import type { Extent } from "./case.ts";
import { quoted } from "./literal.ts";
import { anyEffect, moreTerms, preconditions } from "./obligation-text.ts";
import type { Random } from "../search/random.ts";
import { reachOf, rowWords, type KnownRole, type ReachOptions, type ReachText } from "./reach.ts";
import type { GeneratedLet, Scope } from "./scope.ts";
import type { World } from "./world.ts";

/** The statements of two files; each is dropped or kept whole when a counterexample is made smaller. */
export interface PolicyText {
  readonly platform: readonly string[];
  readonly policy: readonly string[];
  /** Roles of the model and of the tenant that a principal may be assigned. */
  readonly roles: readonly string[];
}

const reasons = ["Closed on Sundays", 'Said "no"', "100 % sure", "naïve 😀"];

export function makePolicy(random: Random, model: GeneratedModel, world: World, extent: Extent): PolicyText {
  const types = principalsOf(model.ir).map((p) => p.name);
  const modelRoles: KnownRole[] = model.ir.roles.map((role) => ({
    name: role.name,
    types: model.roleTypes.get(role.name) ?? types,
    delegated: model.delegated.filter((name) => countsAs(model, name, role.name)),
  }));
  const own = tenantRoles(random, model, types);
  const roles = [...modelRoles, ...own.roles];
  const lets = tenantLets(random, model, world, types);
  // Where all grants ask for something there are several ways to meet a challenge.
  const asks = extent === "rules" ? random.pick([0.25, 0.25, 0.9]) : 0;
  const shared = { random, model, world, extent, asks };
  const platform: Writer = { ...shared, roles: modelRoles, lets: [], guardrail: true };
  const tenant: Writer = { ...shared, roles, lets, guardrail: false };
  const names = nameMaker();
  const times = (count: number, write: (at: number) => string) =>
    Array.from({ length: count }, (_, at) => write(at));
  const sealing = sealingText(random, model, names("sealed"));
  const inPlatform = random.chance(0.6);
  return {
    platform: [
      ...(inPlatform ? sealing : []),
      ...ceilings(platform, names),
      ...times(random.between(1, 3), () => permit(platform, names("look"))),
      ...times(random.pick([0, 0, 1, 1, 2]), () => forbid(platform, names("never"))),
      ...times(random.pick([0, 1, 1, 2]), () => require(platform, names("must"))),
      ...(extent === "rules" ? crossing(platform, names) : []),
    ],
    policy: [
      ...own.statements,
      ...lets.map((named) => `let ${named.name} = ${named.text}`),
      ...(inPlatform ? [] : sealing),
      ...times(random.between(3, 7), () => permit(tenant, names("may"))),
      ...times(random.pick([0, 1, 1, 2]), () => forbid(tenant, names("stop"))),
      ...times(random.pick([0, 1, 1, 2]), () => require(tenant, names("needs"))),
    ],
    roles: roles.map((role) => role.name),
  };
}

/** True if a principal with the role `name` counts as one with the role `other`. */
function countsAs(model: GeneratedModel, name: string, other: string): boolean {
  if (name === other) return true;
  const role = model.ir.roles.find((r) => r.name === name);
  return role !== undefined && role.extends.some((parent) => countsAs(model, parent, other));
}

interface Writer {
  readonly random: Random;
  readonly model: GeneratedModel;
  readonly world: World;
  readonly extent: Extent;
  /** How likely a grant has a precondition. */
  readonly asks: number;
  readonly roles: readonly KnownRole[];
  readonly lets: readonly GeneratedLet[];
  /** A rule of the platform says which delegated facts it trusts. */
  readonly guardrail: boolean;
}

function nameMaker(): (stem: string) => string {
  let count = 0;
  return (stem) => `${stem}_${(count += 1)}`;
}

function tenantRoles(random: Random, model: GeneratedModel, types: readonly string[]) {
  const base = model.delegated.filter((name) => !model.roleTypes.has(name) || types.length === 1);
  const roles: KnownRole[] = [];
  const statements: string[] = [];
  for (const name of ["scout", "helper"].slice(0, random.between(0, 2))) {
    const extended = random.some(base, random.between(0, 2));
    statements.push(extended.length === 0 ? `role ${name}` : `role ${name} extends ${extended.join(", ")}`);
    roles.push({ name, types, delegated: [] });
  }
  return { roles, statements };
}

function tenantLets(
  random: Random,
  model: GeneratedModel,
  world: World,
  types: readonly string[],
): GeneratedLet[] {
  const stored = storedOf(model.ir).map((e) => e.name);
  const lets: GeneratedLet[] = [];
  for (const name of ["near", "mine", "ripe"].slice(0, random.between(0, 3))) {
    const entities = random.chance(0.5) ? stored : random.some(stored, 1);
    const scope: Scope = {
      model,
      pools: world.pools,
      principals: types,
      entities,
      rows: ["resource"],
      roles: model.ir.roles.map((role) => role.name).filter((role) => !model.roleTypes.has(role)),
      tenant: world.tenants[0],
      lets: lets.filter((other) => sameNames(other.entities, entities)),
    };
    const { text, proves } = conditionOf(random, scope, random.between(1, 2), new Set());
    lets.push({ name, text, principals: types, entities, proves });
  }
  return lets;
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name));
}

/** `encrypt` by class, or by names where every field of such a name is of the class. */
function sealingText(random: Random, model: GeneratedModel, name: string): readonly string[] {
  if (model.sealedClass === null) return [];
  const fields = storedOf(model.ir).flatMap((entity) => entity.fields);
  const sealed = new Set(fields.filter((field) => isSealed(model, field)).map((field) => field.name));
  if (sealed.size === 0) return [];
  const whole =
    !sealed.has("when") && fields.every((field) => !sealed.has(field.name) || isSealed(model, field));
  const what = whole && random.chance(0.6) ? [...sealed] : [`#${model.sealedClass}`];
  return [`require ${name}: ${what.map((term) => `encrypt(${term})`).join(", ")}`];
}

function ceilings(writer: Writer, names: (stem: string) => string): string[] {
  const { random } = writer;
  if (random.chance(0.4)) return [];
  if (random.chance(0.5)) return [`ceiling ${names("most")}: anyone to act on anything`];
  return Array.from({ length: random.between(2, 4) }, (_, at) => {
    const reach = reachOf(random, writer.model, writer.roles, {
      anyone: 0.7,
      everything: at === 0 ? 0.8 : 0.4,
    });
    return rule(writer, `ceiling ${names("most")}: `, reach, { when: 0.35, size: [1, 1], unless: 0.15 });
  });
}

interface Clauses {
  readonly when: number;
  readonly size: readonly [number, number];
  readonly unless: number;
  readonly obligations?: readonly string[];
}

/** Floors and shares: what tenants cannot take away, and what crosses tenants. */
function crossing(writer: Writer, names: (stem: string) => string): string[] {
  const { random, model } = writer;
  const times = (count: number, write: () => string) => Array.from({ length: count }, write);
  const platformOwn = writer.roles.filter((role) =>
    model.ir.roles.some(({ name, platform }) => name === role.name && platform),
  );
  return [
    ...times(random.pick([0, 1, 1, 2]), () => {
      const reach = reachOf(random, model, writer.roles, { anyone: 0.1, everything: 0.3 });
      return rule(writer, `floor ${names("keeps")}: `, reach, { when: 0.5, size: [1, 1], unless: 0.15 });
    }),
    ...times(random.pick([0, 1, 1, 2]), () => {
      const reach = reachOf(random, model, platformOwn, { anyone: 0, everything: 0.5 });
      const obligations = grantObligations(writer, reach);
      const clauses = { when: 0.4, size: [1, 1], unless: 0.15, obligations } as const;
      return rule(writer, `share ${names("lends")}: `, reach, clauses);
    }),
  ];
}

function grantObligations(writer: Writer, reach: ReachText): readonly string[] {
  const { random, model, extent } = writer;
  const effects = random.chance(0.5) ? fieldEffects(writer, reach, "mild") : [];
  return extent === "rules" ? [...effects, ...moreTerms(random, model, writer.asks)] : effects;
}

function permit(writer: Writer, name: string): string {
  const reach = reachOf(writer.random, writer.model, writer.roles, { anyone: 0.15, everything: 0.35 });
  const obligations = grantObligations(writer, reach);
  return rule(writer, `permit ${name}: `, reach, { when: 0.65, size: [1, 2], unless: 0.25, obligations });
}

function forbid(writer: Writer, name: string): string {
  const reach = reachOf(writer.random, writer.model, writer.roles, { anyone: 0.5, everything: 0.15 });
  return rule(writer, `forbid ${name}: `, reach, { when: 0.9, size: [2, 3], unless: 0.4 });
}

function require(writer: Writer, name: string): string {
  const { random } = writer;
  const options: ReachOptions = { anyone: 0.75, everything: 0.5 };
  const reach = reachOf(random, writer.model, writer.roles, options);
  const effects = fieldEffects(writer, reach, "strict");
  const wanted =
    effects.length === 0 || random.chance(0.65)
      ? [...random.some(preconditions(random, writer.model), 1)]
      : [];
  const both = wanted.length === 0 || random.chance(0.3) ? [...wanted, ...effects] : wanted;
  const more = writer.extent === "rules" ? moreTerms(random, writer.model, 0.1) : [];
  const terms = [...both, ...more];
  return rule(writer, `require ${name}: ${terms.join(", ")} for `, reach, {
    when: 0.6,
    size: [1, 2],
    unless: 0.2,
  });
}

/** `hide` and `mask` on fields that everything reached has; masks only on texts. */
function fieldEffects(writer: Writer, reach: ReachText, kind: "mild" | "strict"): readonly string[] {
  const { random, model } = writer;
  const [first, ...rest] = reach.entities.map((name) => entityNamed(model.ir, name).fields);
  // A field may bear a word of the language as its name; it stands after a dot, but not as an argument.
  const common = (first ?? []).filter(
    (field) =>
      field.name !== "when" &&
      rest.every((fields) =>
        fields.some((other) => other.name === field.name && other.type.kind === field.type.kind),
      ),
  );
  const texts = common.filter((field) => field.type.kind === "string");
  const rounded =
    writer.extent === "rules"
      ? common.filter(({ type }) => ["date", "instant", "int", "decimal"].includes(type.kind))
      : [];
  const chosen = new Set([
    ...random.some(texts, random.pick([0, 1, 1, 2])),
    ...(rounded.length === 0 ? [] : random.some(rounded, random.pick([0, 1]))),
    ...random.some(common, random.pick([0, 0, 1])),
  ]);
  return [...chosen].map((field) => {
    if (writer.extent === "rules") return anyEffect(random, field);
    const steps =
      kind === "mild" ? ["initials", "partial", "partial", "redact", "hide"] : ["partial", "redact", "hide"];
    const step = field.type.kind === "string" ? random.pick(steps) : "hide";
    if (step === "hide") return `hide(${field.name})`;
    return `mask(${field.name}, ${step === "partial" ? `partial(last: ${random.pick([1, 2, 4, 64])})` : step})`;
  });
}

/** A rule from its head and reach, with clauses in any order. */
function rule(writer: Writer, head: string, reach: ReachText, clauses: Clauses): string {
  const { random } = writer;
  const rows: readonly Row[] = rowWords(random, reach.kinds);
  const scope: Scope = {
    model: writer.model,
    pools: writer.world.pools,
    principals: reach.principals,
    entities: reach.entities,
    rows,
    roles: writer.roles
      .filter((role) => reach.principals.some((type) => role.types.includes(type)))
      .map((role) => role.name),
    tenant: writer.world.tenants[0],
    lets: writer.lets.filter(
      (named) =>
        rows[0] === "resource" &&
        sameNames(named.principals, reach.principals) &&
        sameNames(named.entities, reach.entities),
    ),
  };
  const lines: string[] = [];
  const present = new Set<string>();
  const conditions: string[] = [];
  if (random.chance(clauses.when)) {
    const count = random.chance(0.2) ? 2 : 1;
    for (let i = 0; i < count; i += 1) {
      const { text, proves } = conditionOf(random, scope, random.between(...clauses.size), new Set());
      conditions.push(text);
      lines.push(`  when ${text}`);
      for (const path of proves) present.add(path);
    }
  }
  if (random.chance(clauses.unless)) {
    const { text } = conditionOf(random, scope, random.between(1, 2), present);
    conditions.push(text);
    lines.push(`  unless ${text}`);
  }
  if (clauses.obligations !== undefined && clauses.obligations.length > 0)
    lines.push(`  with ${clauses.obligations.join(", ")}`);
  if (random.chance(0.2)) lines.push(`  because ${quoted(random.pick(reasons))}`);
  if (writer.guardrail) {
    const read = conditions.flatMap((text) => pathsRead(scope, text).flatMap((path) => path.trust ?? []));
    const asked = conditions.flatMap((text) =>
      [...text.matchAll(/roles\.contains\((\w+)\)/g)].map((match) => match[1] as string),
    );
    const delegated = writer.roles.flatMap((role) => (asked.includes(role.name) ? role.delegated : []));
    const trusts = new Set([...reach.trusts, ...read, ...delegated]);
    if (trusts.size > 0) lines.push(`  trusting ${[...trusts].join(", ")}`);
  }
  const ordered = random.chance(0.3) ? random.some(lines, lines.length) : lines;
  return [`${head}${reach.text}`, ...ordered].join("\n");
}
