import type { ValueType } from "../value/type.ts";

/** How a field is kept in the database. */
export type FieldStorage =
  | { readonly kind: "column"; readonly column: string }
  /** A set in a table of its own: (owner's key, value). */
  | { readonly kind: "table"; readonly table: string; readonly owner: string; readonly value: string };

export interface FieldModel {
  readonly name: string;
  readonly type: ValueType;
  readonly optional: boolean;
  /** Classes such as `phi`, without the `#`. */
  readonly classes: readonly string[];
  readonly searchable: boolean;
  /** Null: the fact comes with the session or the request. */
  readonly storage: FieldStorage | null;
}

/** A parent in a hierarchy. `session`: the direct or all ancestors come with the principal. */
export interface ParentModel {
  readonly entity: string;
  readonly via:
    | { readonly kind: "column"; readonly column: string }
    | { readonly kind: "table"; readonly table: string; readonly child: string; readonly parent: string }
    | { readonly kind: "session" };
}

export interface EntityStorage {
  readonly table: string;
  readonly key: string;
  /** Of an entity that is shared there is no such column. */
  readonly tenant: string;
}

export interface EntityModel {
  readonly name: string;
  readonly kind: "entity" | "principal";
  readonly storage: EntityStorage | null;
  /** Belongs to no tenant: all tenants read it as far as rules permit, and no handle writes it. */
  readonly shared?: true;
  /** `uuid` for what is stored, `text` for principals that live outside the database. */
  readonly keyType: "uuid" | "text";
  readonly parents: readonly ParentModel[];
  readonly fields: readonly FieldModel[];
}

export interface RelationModel {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly table: string;
  readonly fromColumn: string;
  readonly toColumn: string;
}

export type ActionKind = "reads" | "creates" | "updates" | "deletes";

export interface ActionModel {
  readonly name: string;
  readonly kind: ActionKind;
  readonly entities: readonly string[];
}

export interface FactModel {
  readonly name: string;
  /** A set is empty, never absent. */
  readonly type: ValueType;
  readonly optional: boolean;
}

/** The model as every artefact carries it. */
export interface ModelIr {
  readonly name: string;
  readonly enums: readonly { readonly name: string; readonly values: readonly string[] }[];
  readonly tenant: readonly FactModel[];
  readonly context: readonly FactModel[];
  readonly entities: readonly EntityModel[];
  readonly relations: readonly RelationModel[];
  readonly actions: readonly ActionModel[];
  readonly roles: readonly {
    readonly name: string;
    readonly extends: readonly string[];
    readonly platform: boolean;
  }[];
}
