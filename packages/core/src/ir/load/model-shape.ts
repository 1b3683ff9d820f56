/** The shapes of types and of the model in serialised IR. Shapes only: what names refer to is checked elsewhere. */
import { maxInt, type ScalarType, type SetType, type ValueType } from "../../value/type.ts";
import type { EntityModel, FactModel, FieldModel, FieldStorage, ModelIr, ParentModel } from "../model.ts";
import {
  bool,
  integer,
  line,
  list,
  literal,
  name,
  nullable,
  optional,
  record,
  refuse,
  tagged,
  text,
  type Decoder,
} from "../../value/decode.ts";

const whole = integer(-maxInt, maxInt);

export const scalarType: Decoder<ScalarType> = tagged<"kind", ScalarType>("kind", {
  bool: {},
  int: { min: whole, max: whole },
  decimal: { precision: integer(1, 18), scale: integer(0, 18) },
  string: {},
  instant: {},
  duration: {},
  enum: { name, values: list(text) },
  entity: { entity: name },
  uuid: {},
  ip: {},
  date: {},
  time: {},
});

const setType: Decoder<SetType> = record<SetType>({ kind: literal("set"), of: scalarType });

export const valueType: Decoder<ValueType> = (value, at) =>
  isSet(value) ? setType(value, at) : scalarType(value, at);

function isSet(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    Object.hasOwn(value, "kind") &&
    "kind" in value &&
    value.kind === "set"
  );
}

const yes: Decoder<true> = (value, at) => (value === true ? value : refuse(at, "must be true"));

const storage: Decoder<FieldStorage> = tagged<"kind", FieldStorage>("kind", {
  column: { column: line },
  table: { table: line, owner: line, value: line },
});

const field = record<FieldModel>({
  name,
  type: valueType,
  optional: bool,
  classes: list(name),
  searchable: bool,
  storage: nullable(storage),
});

const parent = record<ParentModel>({
  entity: name,
  via: tagged<"kind", ParentModel["via"]>("kind", {
    column: { column: line },
    table: { table: line, child: line, parent: line },
    session: {},
  }),
});

const entity = record<EntityModel>({
  name,
  kind: literal("entity", "principal"),
  storage: nullable(record({ table: line, key: line, tenant: line })),
  shared: optional(yes),
  keyType: literal("uuid", "text"),
  parents: list(parent),
  fields: list(field),
});

const fact = record<FactModel>({ name, type: valueType, optional: bool });

export const modelShape: Decoder<ModelIr> = record<ModelIr>({
  name,
  enums: list(record({ name, values: list(text) })),
  tenant: list(fact),
  context: list(fact),
  entities: list(entity),
  relations: list(record({ name, from: name, to: name, table: line, fromColumn: line, toColumn: line })),
  actions: list(
    record({ name, kind: literal("reads", "creates", "updates", "deletes"), entities: list(name) }),
  ),
  roles: list(record({ name, extends: list(name), platform: bool })),
});
