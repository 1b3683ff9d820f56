/** The shapes of a serialised program: rules, slots, atoms, conditions, tables. Shapes only: indices are checked elsewhere. */
import { auditLevels, type Obligation } from "../../decision/obligation.ts";
import { maxBucket, maxPartial, type Mask } from "../../value/mask.ts";
import { maxInt } from "../../value/type.ts";
import type { WireScalar } from "../../value/wire.ts";
import type { Atom, Operand } from "../atom.ts";
import type { Condition } from "../condition.ts";
import {
  irFormat,
  type Entry,
  type FieldEffect,
  type GrantEntry,
  type LimitUse,
  type Pass,
  type Precondition,
  type Program,
} from "../program.ts";
import type { RequireEntry, Rule, Table } from "../program.ts";
import type { EntityPath, Row, Slot, SlotSource } from "../slot.ts";
import {
  bool,
  index,
  integer,
  line,
  list,
  literal,
  name,
  nullable,
  optional,
  record,
  refuse,
  someOf,
  tagged,
  text,
} from "../../value/decode.ts";
import type { Decoder } from "../../value/decode.ts";
import { modelShape, scalarType, valueType } from "./model-shape.ts";
import { settingsShape } from "./settings-shape.ts";

const row: Decoder<Row> = literal("resource", "prior", "next");

const wireScalar: Decoder<WireScalar> = (value, at) => {
  if (typeof value === "string") return text(value, at);
  if (typeof value === "number") return integer(-maxInt, maxInt)(value, at);
  return typeof value === "boolean" ? value : refuse(at, "must be a text, a whole number or a truth value");
};

const entityPath = record<EntityPath>({
  root: literal("principal", "resource", "prior", "next"),
  attribute: nullable(name),
  further: optional(name),
});

const source: Decoder<SlotSource> = tagged<"from", SlotSource>("from", {
  principal: { part: literal("id", "type", "tenant", "roles") },
  principal_attribute: { name },
  row: { row, part: literal("id", "tenant") },
  row_attribute: { row, name },
  tenant: { part: literal("id") },
  tenant_attribute: { name },
  context: { name },
  now: {},
  clock: { part: literal("time", "hour", "weekday") },
  reference: { of: entityPath, name },
  limit: { rule: line, part: literal("left", "retry_after") },
  ancestors: { of: entityPath, entity: name },
  relation: { name },
});

const slot = record<Slot>({ id: index, source, type: valueType, optional: bool });

const operand: Decoder<Operand> = tagged<"kind", Operand>("kind", {
  slot: { slot: index, fallback: nullable(wireScalar) },
  now: { slot: index, offset: integer(-maxInt, maxInt) },
  constant: { value: wireScalar, type: scalarType },
});

const atom: Decoder<Atom> = tagged<"kind", Atom>("kind", {
  compare: { op: literal("eq", "lt", "le", "gt", "ge"), left: operand, right: operand },
  truth: { of: operand },
  one_of: { of: operand, values: list(wireScalar), type: scalarType },
  contains: { set: index, of: operand, type: scalarType },
  empty: { set: index },
  text: { op: literal("starts_with", "ends_with", "contains"), of: operand, part: operand },
  in_network: { of: operand, networks: someOf(line) },
  has: { slot: index },
  role: { slot: index, roles: list(name) },
  within: { entity: operand, group: operand, same: bool, ancestors: nullable(index) },
  related: { slot: index, from: operand, to: operand },
});

const condition: Decoder<Condition> = tagged<"kind", Condition>("kind", {
  constant: { value: bool },
  atom: { atom: index, negated: bool },
  and: { of: list(index) },
  or: { of: list(index) },
});

const mask: Decoder<Mask> = tagged<"kind", Mask>("kind", {
  show: {},
  initials: {},
  partial: { last: integer(1, maxPartial) },
  partial_first: { first: integer(1, maxPartial) },
  bucket: { size: integer(1, maxBucket) },
  month: {},
  year: {},
  token: {},
  hash: {},
  redact: {},
  hide: {},
});

const obligation: Decoder<Obligation> = tagged<"type", Obligation>("type", {
  mask: { field: name, mask: mask as Decoder<Exclude<Mask, { kind: "show" | "hide" }>> },
  hide: { field: name },
  encrypt: { fields: list(name) },
  step_up: { factor: name, within: nullable(integer(0, maxInt)) },
  approval: { by: name, within: nullable(integer(0, maxInt)) },
  reason: {},
  limit: {
    rule: line,
    count: integer(1, maxInt),
    per: literal("second", "minute", "hour", "day"),
    by: literal("principal", "tenant", "resource"),
  },
  audit: { level: literal(...auditLevels) },
  notify: { whom: name },
});

const effects = list(record<FieldEffect>({ field: name, mask }));
const entry = record<Entry>({ rule: index, when: index });
const precondition = record<Precondition>({ obligation, met: index });
const limit = record<LimitUse>({
  obligation: obligation as Decoder<LimitUse["obligation"]>,
  left: index,
  retryAfter: index,
});
const grant = record<GrantEntry>({
  rule: index,
  when: index,
  effects,
  preconditions: optional(someOf(precondition)),
  limit: optional(limit),
  duties: optional(someOf(obligation)),
});
const requirement = record<RequireEntry>({
  rule: index,
  when: index,
  effects,
  preconditions: list(precondition),
  limit: optional(limit),
  duties: optional(someOf(obligation)),
});

const pass = record<Pass>({
  row,
  ceiling: index,
  ceilings: optional(list(entry)),
  forbids: list(entry),
  grants: list(grant),
  requires: list(requirement),
});

const table = record<Table>({
  principal: name,
  action: name,
  resource: name,
  passes: list(pass),
  slots: list(index),
  duties: list(obligation),
});

const rule = record<Rule>({
  id: line,
  layer: literal("platform", "tenant"),
  pack: optional(name),
  kind: literal("permit", "forbid", "require", "ceiling", "floor", "share"),
  file: line,
  line: integer(1, 2 ** 31 - 1),
  because: nullable(text),
  doc: nullable(text),
  annotations: optional(someOf(record({ name, text: nullable(text) }))),
});

export const programShape: Decoder<Program> = record<Program>({
  format: literal(irFormat),
  tenant: line,
  model: modelShape,
  rules: list(rule),
  slots: list(slot),
  atoms: list(atom),
  conditions: list(condition),
  tables: list(table),
  sealed: list(record({ entity: name, fields: list(name) })),
  settings: optional(settingsShape),
});
