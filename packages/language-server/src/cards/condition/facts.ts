/** Facts that a condition can ask for: what a path leads to, in words. */
import type { PathExpression } from "@wardline/compiler";
import { weekdayType, type EntityModel, type ValueType } from "@wardline/core";
import type { ListName, Option } from "../card.ts";
import { listNamed, option, type CardContext } from "../card-context.ts";
import { plain } from "../../plain-words.ts";

/** Whom and what a statement is about: what `principal` and `resource` can be. */
export interface About {
  readonly principals: readonly EntityModel[];
  readonly entities: readonly EntityModel[];
  /** Some action changes rows: `prior` and `next` can be meant. */
  readonly updates: boolean;
  /** Which of them every action of the statement has; without it both, where some action updates. */
  readonly sides?: readonly ("prior" | "next")[];
  /** Of a let, which is typed where it is used: what some have can be asked for. */
  readonly loose?: true;
  /** Of a let: what it is given, of a type that is known where it is used. */
  readonly given?: readonly string[];
}

export interface Fact {
  /** The path as it is written. */
  readonly path: string;
  readonly label: string;
  readonly type: ValueType;
  /** The paths that must be there first, the fact's own among them. */
  readonly needs: readonly string[];
  readonly documentation: string | null;
  readonly section: string;
}

/** The pseudo types of what can only be compared with its like. */
const tenantType: ValueType = { kind: "entity", entity: "(tenant)" };

const givenType: ValueType = { kind: "entity", entity: "(given)" };

export const isGiven = (type: ValueType) => type.kind === "entity" && type.entity === "(given)";

export const isTenant = (type: ValueType) => type.kind === "entity" && type.entity === "(tenant)";

/** The roles that some of these can hold, or of all kinds of users; null where there are none. */
export function rolesType(
  ctx: CardContext,
  principals: readonly EntityModel[] | null,
): Extract<ValueType, { kind: "set" }> | null {
  const isHeld = (role: string) => {
    const holders = ctx.holders(role);
    return principals === null || principals.some(({ name }) => holders.includes(name));
  };
  const held = ctx.roles.filter(({ name }) => isHeld(name));
  const name =
    held.length === ctx.roles.length ? "role" : `role of ${held.map((role) => role.name).join(" ")}`;
  listNamed(ctx, `values of ${name}`, () =>
    held.map((role) => option(role.name, plain(role.name), role.documentation)),
  );
  const values = held.map((role) => role.name);
  return held.length === 0 ? null : { kind: "set", of: { kind: "enum", name, values } };
}

/** The fact at a path; null if there is none, or it is not one of everything that the statement is about. */
export function factOf(ctx: CardContext, about: About, path: PathExpression): Fact | null {
  const root = rootOf(about, path);
  if (path.args !== null || root === null || path.steps.some(({ args }) => args !== null)) return null;
  return factAt(ctx, about, [root, ...path.steps.map(({ name }) => name.text)]);
}

/** What a path begins with, if that can have facts: a word of the language, or what a let is given. */
export function rootOf({ given }: About, { root, args }: PathExpression): string | null {
  if (root.kind === "keyword") return root.word;
  return root.kind === "name" && args === null && given?.includes(root.name.text) === true
    ? root.name.text
    : null;
}

export function factAt(ctx: CardContext, about: About, path: readonly string[]): Fact | null {
  const [root = "", ...steps] = path;
  const first = rootFact(ctx, about, root, steps[0] ?? null);
  if (first === null) return null;
  let found = first;
  const isOne = root === "principal" || isRow(root) || about.given?.includes(root) === true;
  for (const step of steps.slice(isOne ? 0 : 1)) {
    const next: Fact | null = stepFrom(ctx, about, found, step);
    if (next === null) return null;
    found = next;
  }
  return found;
}

const isRow = (root: string) => root === "resource" || root === "prior" || root === "next";

function rootFact(ctx: CardContext, about: About, root: string, first: string | null): Fact | null {
  const base = { needs: [], documentation: builtIn[root] ?? null };
  if (root === "now")
    return {
      ...base,
      path: "now",
      label: "the time now",
      type: { kind: "instant" },
      section: sections.clock,
    };
  if (root === "principal" || isRow(root)) {
    const all = root === "principal" ? about.principals : about.entities;
    const [only] = all;
    if (only === undefined) return null;
    const label = root === "principal" ? "the person asking" : rowLabel(root, all);
    const section = root === "principal" ? sections.principal : sections.resource;
    return { ...base, path: root, label, type: { kind: "entity", entity: only.name }, section };
  }
  if (about.given?.includes(root) === true)
    return { ...base, path: root, label: `“${plain(root)}”`, type: givenType, section: sections.given };
  if (first === null) return null;
  if (root === "clock") return clockFact(first);
  if (root !== "context" && root !== "tenant") return null;
  if (root === "tenant" && first === "id")
    return {
      ...base,
      path: "tenant.id",
      label: "the organisation",
      type: tenantType,
      section: sections.tenant,
    };
  const fact = ctx.words.ir[root].find(({ name }) => name === first);
  if (fact === undefined) return null;
  const path = `${root}.${first}`;
  return {
    path,
    label: root === "context" ? `the request's ${plain(first)}` : `the organisation's ${plain(first)}`,
    type: fact.type,
    needs: fact.optional ? [path] : [],
    documentation: ctx.words.documentation.get(path) ?? null,
    section: sections[root],
  };
}

/** What the facts mean that every model has. */
const builtIn: Readonly<Record<string, string>> = {
  principal: "Who it is, or where they belong.",
  "principal.roles": "Which roles they hold.",
  "principal.tenant": "To which organisation they belong.",
  resource: "Which one it is, or where it belongs.",
  "resource.tenant": "Whose it is.",
  now: "The day and time at which it is asked.",
};

const sections = {
  principal: "Who asks",
  resource: "What is asked for",
  context: "The request",
  tenant: "The organisation",
  clock: "The time",
  given: "What it is given",
} as const;

function rowLabel(root: string, all: readonly EntityModel[]): string {
  const name = all.length === 1 ? `the ${all[0]?.name}` : "it";
  return root === "resource" ? name : `${name} ${sides[root] ?? ""}`;
}

const sides: Readonly<Record<string, string>> = { prior: "before the change", next: "after the change" };

const clockParts = {
  time: { label: "the time of day", type: { kind: "time" } },
  hour: { label: "the hour of the day", type: { kind: "int", min: 0, max: 23 } },
  weekday: { label: "the day of the week", type: weekdayType },
} as const;

function clockFact(part: string): Fact | null {
  if (part !== "time" && part !== "hour" && part !== "weekday") return null;
  const documentation = "In the organisation's time zone.";
  return { path: `clock.${part}`, ...clockParts[part], needs: [], documentation, section: sections.clock };
}

function stepFrom(ctx: CardContext, about: About, from: Fact, step: string): Fact | null {
  if (from.type.kind !== "entity") return null;
  const root = from.path.split(".")[0] ?? "";
  const isRoot = from.path === root;
  const owners = !isRoot
    ? [ctx.words.entities.get(from.type.entity)]
    : root === "principal"
      ? about.principals
      : isGiven(from.type)
        ? ctx.words.ir.entities
        : about.entities;
  const path = `${from.path}.${step}`;
  const make = (type: ValueType, optional: boolean, documentation: string | null): Fact => ({
    path,
    label: fieldLabel(from, isRoot, root, step),
    type,
    needs: optional ? [...from.needs, path] : from.needs,
    documentation,
    section: from.section,
  });
  // Rows that all tenants share are of none.
  if (isRoot && step === "tenant" && isRow(root) && isOfNone(about)) return null;
  if (isRoot && step === "tenant") return make(tenantType, false, builtIn[path] ?? null);
  if (isRoot && step === "roles" && (root === "principal" || isGiven(from.type))) {
    const type = rolesType(ctx, isGiven(from.type) ? null : about.principals);
    return type === null ? null : make(type, false, builtIn[path] ?? null);
  }
  const found = owners.map((owner) => owner?.fields.find(({ name }) => name === step));
  const fields = about.loose === true ? found.filter((field) => field !== undefined) : found;
  const [field] = fields;
  if (field === undefined || fields.some((other) => other?.type.kind !== field.type.kind)) return null;
  const owner = owners[found.indexOf(field)]?.name ?? "";
  const optional = fields.some((other) => other?.optional === true);
  return make(field.type, optional, ctx.words.documentation.get(`${owner}.${step}`) ?? null);
}

/** Of a let any of them that is of a tenant will do, since it is typed where it is used. */
const isOfNone = ({ entities, loose }: About) =>
  loose === true ? entities.every(({ shared }) => shared) : entities.some(({ shared }) => shared);

function fieldLabel(from: Fact, isRoot: boolean, root: string, step: string): string {
  if (!isRoot || isGiven(from.type)) return `${from.label}'s ${plain(step)}`;
  if (root === "principal") return `their ${step === "tenant" ? "organisation" : plain(step)}`;
  const own = `its ${step === "tenant" ? "organisation" : plain(step)}`;
  return root === "resource" ? own : `${own} ${sides[root] ?? ""}`;
}

const offered = new WeakMap<CardContext, Map<string, readonly Fact[]>>();

/** All facts that a statement's pickers offer. */
export function factsOf(ctx: CardContext, about: About): readonly Fact[] {
  let known = offered.get(ctx);
  if (known === undefined) offered.set(ctx, (known = new Map()));
  const key = aboutKey(about);
  let facts = known.get(key);
  if (facts === undefined) known.set(key, (facts = findFacts(ctx, about)));
  return facts;
}

function findFacts(ctx: CardContext, about: About): readonly Fact[] {
  const rows = ["resource", ...sidesOf(about)];
  const fieldsOf = (all: readonly EntityModel[]) =>
    about.loose === true
      ? [...new Set(all.flatMap(({ fields }) => fields.map(({ name }) => name)))]
      : (all[0]?.fields.map(({ name }) => name) ?? []);
  const paths: string[][] = [
    ["principal"],
    ...[...fieldsOf(about.principals), "roles", "tenant"].map((name) => ["principal", name]),
    ["resource"],
    ...rows.flatMap((row) => fieldsOf(about.entities).map((name) => [row, name])),
    ["resource", "tenant"],
    ...ctx.words.ir.context.map(({ name }) => ["context", name]),
    ["tenant", "id"],
    ...ctx.words.ir.tenant.map(({ name }) => ["tenant", name]),
    ...(about.given ?? []).flatMap((name) => [
      [name],
      ...[...fieldsOf(ctx.words.ir.entities), "tenant"].map((field) => [name, field]),
    ]),
    ["clock", "time"],
    ["clock", "weekday"],
    ["clock", "hour"],
    ["now"],
  ];
  const isSealed = ([root = "", field]: readonly string[]) =>
    isRow(root) && about.entities.some(({ name }) => ctx.sealed.has(`${name}.${field ?? ""}`));
  return paths.filter((path) => !isSealed(path)).flatMap((path) => factAt(ctx, about, path) ?? []);
}

const sidesOf = ({ updates, sides }: About) => sides ?? (updates ? (["prior", "next"] as const) : []);

/** A name for everything that depends on what a statement is about alone. */
export const aboutKey = (about: About): string => {
  const [who, what] = [about.principals, about.entities].map((all) => all.map(({ name }) => name).join(","));
  const given = (about.given ?? []).map((name) => `${name} `).join("");
  return `${given}${about.loose === true ? "any of " : ""}${who} ${sidesOf(about).join(",")} ${what}`;
};

export function factList(ctx: CardContext, about: About): ListName {
  return listNamed(ctx, `facts: ${aboutKey(about)}`, () => factsOf(ctx, about).map(factOption));
}

export const factOption = ({ path, label, documentation, section }: Fact): Option =>
  option(path, label, documentation, section);
