// The record of a table that the compiler writes (src/wasm/table-record.ts): what its rules are and what they ask for.
import { config, RULES } from "./host";

@inline export const ENTRY_LIST: u32 = 0;
@inline export const ENTRY_COUNT: u32 = 1;
@inline export const PASS_COUNT: u32 = 2;
@inline export const PASS_LISTS: u32 = 3;
@inline export const PLACE_LIST: u32 = 4;
@inline export const OBLIGATIONS: u32 = 5;
@inline export const FIELDS: u32 = 6;
@inline export const FIELD_COUNT: u32 = 7;
@inline export const MARKS_OF: u32 = 8;
@inline export const MARK_COUNT: u32 = 9;
@inline export const DUTIES: u32 = 10;
@inline export const DUTIES_LENGTH: u32 = 11;
@inline export const DRAW_LIST: u32 = 12;
@inline export const DRAW_COUNT: u32 = 13;
@inline export const TOLD_LIST: u32 = 14;
@inline export const TOLD_COUNT: u32 = 15;
// The scope: which facts are read, and the cells of the tenant's id, of the principal's tenant and of the rows' tenants.
@inline export const FACTS: u32 = 16;
@inline export const FACT_COUNT: u32 = 17;
@inline export const TENANT_CELL: u32 = 18;
@inline export const HOME_CELL: u32 = 19;
@inline export const ROWS: u32 = 20;
@inline export const ROW_COUNT: u32 = 21;

export let table: u32 = 0;

export function setTable(at: u32): void {
  table = at;
}

@inline export function word(index: u32): u32 {
  return load<u32>(table + (index << 2));
}

// An entry, which is a rule in a pass: +0 rule, +4 flags, +5 pass, +6 level of audit, +8 marks by field, +12 terms or 0.
@inline export const GRANT: u32 = 1;
@inline export const TENANT: u32 = 2;
@inline export const FLOOR: u32 = 4;

@inline export function entryAt(number: u32): u32 {
  return load<u32>(table) + (number << 4);
}

@inline export function flagsOf(entry: u32): u32 {
  return load<u8>(entry, 4);
}

@inline export function passOf(entry: u32): u32 {
  return load<u8>(entry, 5);
}

@inline export function levelOf(entry: u32): u32 {
  return load<u8>(entry, 6);
}

// Terms: +0 places of its preconditions, +4 their count, +8 cell of what is left of its limit or 0, +12 cell of how long
// until there is more, +16 its draw, +20 whom it tells, +24 their count.
@inline export function termsOf(entry: u32): u32 {
  return load<u32>(entry, 12);
}

/** Address and length of the id of a rule, as JSON. */
@inline export function ruleText(rule: u32): u32 {
  return config(RULES) + (rule << 3);
}
