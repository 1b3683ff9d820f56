/** The tables that a caller may name, with what a generator of statements needs to know of their columns. */
import {
  blindIndexOf,
  type EntityModel,
  type FieldModel,
  type Program,
  type ScalarType,
} from "@wardline/core";

/** What a value of a column is to SQL. */
export type Kind = "bool" | "whole" | "number" | "text" | "instant" | "uuid" | "inet" | "date" | "time";

export interface Column {
  readonly name: string;
  readonly kind: Kind;
  readonly sealed: boolean;
  /** Sealed, and found by its value. */
  readonly searchable?: boolean;
  readonly optional: boolean;
  /** Null for a key and for a parent. */
  readonly field: FieldModel | null;
  /** The entity whose key stands here. */
  readonly refers: string | null;
}

export interface Table {
  readonly name: string;
  readonly entity: EntityModel;
  readonly key: string;
  readonly shared: boolean;
  readonly columns: readonly Column[];
}

export function tablesOf(program: Program): readonly Table[] {
  const { model } = program;
  const keyKind = (name: string): Kind =>
    model.entities.find((entity) => entity.name === name)?.keyType === "text" ? "text" : "uuid";
  return model.entities.flatMap((entity): Table[] => {
    const { storage } = entity;
    if (storage === null) return [];
    const seals = program.sealed.find((sealed) => sealed.entity === entity.name)?.fields ?? [];
    const parents = entity.parents.flatMap(({ entity: refers, via }): Column[] =>
      via.kind === "column"
        ? [{ name: via.column, kind: keyKind(refers), sealed: false, optional: true, field: null, refers }]
        : [],
    );
    const fields = entity.fields.flatMap((field): Column[] => {
      const { storage: kept, type } = field;
      if (kept?.kind !== "column" || type.kind === "set") return [];
      return [
        {
          name: kept.column,
          kind: type.kind === "entity" ? keyKind(type.entity) : kindOf(type),
          sealed: seals.includes(field.name),
          searchable: blindIndexOf(program, entity.name, field) !== null,
          optional: field.optional,
          field,
          refers: type.kind === "entity" ? type.entity : null,
        },
      ];
    });
    const key: Column = {
      name: storage.key,
      kind: "uuid",
      sealed: false,
      optional: false,
      field: null,
      refers: entity.name,
    };
    const columns = [key, ...fields, ...parents];
    return [{ name: storage.table, entity, key: storage.key, shared: entity.shared === true, columns }];
  });
}

function kindOf(type: ScalarType): Kind {
  switch (type.kind) {
    case "bool":
    case "instant":
    case "uuid":
    case "date":
    case "time":
      return type.kind;
    case "int":
    case "duration":
      return "whole";
    case "decimal":
      return "number";
    case "string":
    case "enum":
      return "text";
    case "ip":
      return "inet";
    case "entity":
      return "uuid";
  }
}
