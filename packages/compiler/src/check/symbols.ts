/** What the names of a model stand for, as the checker looks them up. */
import type {
  ActionModel,
  EntityModel,
  FieldModel,
  ModelIr,
  RelationModel,
  Span,
  ValueType,
} from "@wardline/core";

export interface FactSymbol {
  readonly name: string;
  readonly type: ValueType;
  readonly optional: boolean;
}

export interface FieldSymbol {
  readonly model: FieldModel;
  /** Marked `tenant`: tenants set it. */
  readonly delegated: boolean;
  readonly span: Span;
}

export interface EntitySymbol {
  readonly name: string;
  readonly model: EntityModel;
  readonly fields: ReadonlyMap<string, FieldSymbol>;
  /** Names of the types that an entity of this type can be below, at any distance. */
  readonly above: ReadonlySet<string>;
  /** The same without parents that come with a session, which are known for the principal alone. */
  readonly storedAbove: ReadonlySet<string>;
}

export interface RoleSymbol {
  readonly name: string;
  readonly extends: readonly string[];
  readonly platform: boolean;
  /** Tenants assign it: it stands under `delegate`, or a tenant declared it. */
  readonly delegated: boolean;
  /** The principal types that can hold it. */
  readonly types: ReadonlySet<string>;
  readonly span: Span;
}

/** What meets a precondition: where its facts stand. */
export interface EvidenceSymbol {
  readonly name: string;
  readonly facts: readonly EvidenceFact[];
}

export interface EvidenceFact {
  readonly root: "context" | "principal";
  readonly name: string;
}

export interface Model {
  readonly ir: ModelIr;
  readonly enums: ReadonlyMap<string, readonly string[]>;
  readonly tenant: ReadonlyMap<string, FactSymbol>;
  readonly context: ReadonlyMap<string, FactSymbol>;
  /** Entities and principals, in model order. */
  readonly entities: ReadonlyMap<string, EntitySymbol>;
  readonly principals: readonly EntitySymbol[];
  readonly relations: ReadonlyMap<string, RelationModel>;
  readonly actions: ReadonlyMap<string, ActionModel>;
  readonly groups: ReadonlyMap<string, readonly string[]>;
  readonly roles: ReadonlyMap<string, RoleSymbol>;
  readonly evidence: ReadonlyMap<string, EvidenceSymbol>;
}

/** All roles whose holder counts as a holder of `role`, itself among them, by code point. */
export function closeRole(roles: ReadonlyMap<string, RoleSymbol>, role: string): readonly string[] {
  const closed = new Set([role]);
  for (let size = 0; size !== closed.size;) {
    size = closed.size;
    for (const other of roles.values())
      if (other.extends.some((parent) => closed.has(parent))) closed.add(other.name);
  }
  return [...closed].toSorted();
}

/** The classes that some field of the model carries. */
export function classesOf(model: Model): ReadonlySet<string> {
  const fields = model.ir.entities.flatMap((entity) => entity.fields);
  return new Set(fields.flatMap((field) => field.classes));
}
