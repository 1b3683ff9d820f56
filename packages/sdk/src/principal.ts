/** Who asks, as the application hands it in: copied, checked and frozen before anything uses it. */
import type { Attributes, EntityModel, ModelIr, PrincipalDocument, ValueType } from "@wardline/core";
import { formatType, isText, isWireValue } from "@wardline/core";

export interface PrincipalInput {
  readonly type: string;
  readonly id: string;
  /** Roles as assigned; those that follow by `extends` are found by the policy. */
  readonly roles?: readonly string[];
  /** Ids of the direct parents that come with the session: of the one parent type, or by type. */
  readonly in?: readonly string[] | Readonly<Record<string, readonly string[]>>;
  readonly attributes?: Attributes;
}

export interface SessionPrincipal {
  readonly document: PrincipalDocument;
  /** Entity type → ids of direct parents. */
  readonly parents: Readonly<Record<string, readonly string[]>>;
}

/** Checks a principal against the model. Throws TypeError: a wrong principal is a mistake of the application. */
export function readPrincipal(model: ModelIr, tenant: string, given: PrincipalInput): SessionPrincipal {
  // Invariant: each part is read once, and only what the object has itself: a role never comes from a prototype.
  const input = Object.assign(Object.create(null) as object, given);
  const type = model.entities.find((entity) => entity.kind === "principal" && entity.name === input.type);
  if (type === undefined)
    throw new TypeError(`the model has no principal type ${JSON.stringify(input.type)}`);
  if (!isId(input.id)) throw new TypeError("a principal's id is a text that is not empty");
  const roles = idList(input.roles ?? []);
  if (roles === undefined) throw new TypeError("a principal's roles are a list of names");
  return Object.freeze({
    document: Object.freeze({
      type: type.name,
      id: input.id,
      tenant,
      roles,
      attributes: readFacts(`attributes of a ${type.name}`, type.fields, input.attributes ?? {}),
    }),
    parents: Object.freeze(Object.fromEntries(readParents(type, input.in ?? []))),
  });
}

function readParents(
  type: EntityModel,
  given: PrincipalInput["in"] & object,
): ReadonlyMap<string, readonly string[]> {
  const parents = new Map<string, readonly string[]>();
  for (const parent of type.parents) if (parent.via.kind === "session") parents.set(parent.entity, []);
  const put = (entity: string, ids: unknown): void => {
    if (!parents.has(entity)) throw new TypeError(`a ${type.name} has no session parent ${entity}`);
    const list = idList(ids);
    if (list === undefined) throw new TypeError(`the parents of type ${entity} are a list of ids`);
    parents.set(entity, list);
  };
  if (Array.isArray(given)) {
    const [only, second] = parents.keys();
    if (given.length === 0) return parents;
    if (only === undefined) throw new TypeError(`a ${type.name} has no session parents`);
    if (second !== undefined)
      throw new TypeError(`say which parents: in: { ${only}: [...], ${second}: [...] }`);
    put(only, given);
  } else for (const [entity, ids] of Object.entries(given)) put(entity, ids);
  return parents;
}

/** A fact as the model declares it. */
interface DeclaredFact {
  readonly name: string;
  readonly type: ValueType;
}

/**
 * A frozen copy with own keys only and no prototype. Throws TypeError on a name that the model does not declare and on a
 * value that is not of its type: either is a mistake of the application that would silently deny. A fact that is left
 * out is the policy's to judge.
 */
export function readFacts(what: string, declared: readonly DeclaredFact[], given: Attributes): Attributes {
  const copy = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of Object.entries(given)) {
    const fact = declared.find((d) => d.name === name);
    if (fact === undefined)
      throw new TypeError(
        `the ${what} know no ${name}; they are: ${declared.map((d) => d.name).join(", ") || "none"}`,
      );
    const own: unknown = freeze(structuredClone(value));
    if (own !== null && own !== undefined && !isWireValue(own, fact.type))
      throw new TypeError(`${name} of the ${what} is not a value of type ${formatType(fact.type)}`);
    copy[name] = own;
  }
  return Object.freeze(copy);
}

function freeze(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  for (const inner of Object.values(value)) freeze(inner);
  return Object.freeze(value);
}

/** A frozen copy of a list of ids; undefined if it is anything else. What is checked is the copy. */
function idList(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const copy: readonly unknown[] = Object.freeze([...(value as readonly unknown[])]);
  return copy.every(isId) ? copy : undefined;
}

function isId(value: unknown): value is string {
  return typeof value === "string" && value !== "" && isText(value);
}
