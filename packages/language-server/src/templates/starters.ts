/**
 * Rules for common needs, as texts with holes: `{hole}`, parts of one as `{hole.field}`, and `{?hole … ?}` for what stands only
 * where a hole is filled. Each is offered where a model has what its holes ask for. They are data: nothing here runs.
 */
import type { ActionKind } from "@wardline/core";

export type Hole = {
  readonly name: string;
  readonly label: string;
  readonly help?: string;
} & (
  | { readonly kind: "roles"; readonly optional?: true }
  /** Types that some action of these kinds is on; with a field of a kind, where that is wanted. */
  | { readonly kind: "types"; readonly on: readonly ActionKind[] }
  /** Actions on the types, or on the type of the field, that another hole chooses. */
  | { readonly kind: "actions"; readonly on: readonly ActionKind[]; readonly of: string }
  /** `Type.field`, those with a class first. */
  | { readonly kind: "field" }
  /** `Type.field` of Bool. */
  | { readonly kind: "flag" }
  /** `Type.field` that refers to a principal, or to what principals stand in. */
  | { readonly kind: "reference"; readonly to: "principal" | "group" }
  | { readonly kind: "class" }
  /** A field to show less of. */
  | { readonly kind: "mask" }
  | { readonly kind: "evidence"; readonly for: "step_up" | "approval" | "reason" }
  | { readonly kind: "address" }
  | { readonly kind: "time" | "duration" | "number" | "networks" | "text" | "name"; readonly default: string }
);

export interface Starter {
  readonly id: string;
  readonly group: "Give access" | "Stop something" | "Ask for more" | "Show less" | "Keep a promise";
  readonly title: string;
  readonly summary: string;
  readonly holes: readonly Hole[];
  readonly text: string;
}

const reads = ["reads"] as const;
const changes = ["creates", "updates", "deletes"] as const;
const anything = ["reads", "creates", "updates", "deletes"] as const;
const who = { name: "roles", kind: "roles", label: "Who" } as const;
const except = {
  name: "except",
  kind: "roles",
  label: "Except",
  help: "Roles that the rule leaves alone.",
  optional: true,
} as const;

export const starters: readonly Starter[] = [
  {
    id: "look",
    group: "Give access",
    title: "Let a role look",
    summary: "People with a role may see records of some kinds, and change nothing.",
    holes: [
      who,
      { name: "types", kind: "types", label: "Which records", on: reads },
      { name: "actions", kind: "actions", label: "May do what", on: reads, of: "types" },
    ],
    text: "permit {name}: {roles} to {actions} {types}",
  },
  {
    id: "own_group",
    group: "Give access",
    title: "Only their own department",
    summary: "People reach only the records of the part of the organisation that they are in.",
    holes: [
      who,
      {
        name: "group",
        kind: "reference",
        label: "Whose",
        help: "The field that says where a record belongs.",
        to: "group",
      },
      { name: "actions", kind: "actions", label: "May do what", on: anything, of: "group" },
    ],
    text: "permit {name}: {roles} to {actions} {group.type}\n  when principal in resource.{group.field}",
  },
  {
    id: "own_records",
    group: "Give access",
    title: "Only their own records",
    summary: "People reach only the records that name them.",
    holes: [
      who,
      {
        name: "owner",
        kind: "reference",
        label: "Whose",
        help: "The field that names a person.",
        to: "principal",
      },
      { name: "actions", kind: "actions", label: "May do what", on: anything, of: "owner" },
    ],
    text: "permit {name}: {roles} to {actions} {owner.type}\n  when {owner.has}resource.{owner.field} == principal",
  },
  {
    id: "office_hours",
    group: "Stop something",
    title: "Only in office hours",
    summary: "Nobody changes anything outside of office hours, except who may.",
    holes: [
      { name: "types", kind: "types", label: "Which records", on: changes },
      { name: "actions", kind: "actions", label: "No more of", on: anything, of: "types" },
      { name: "from", kind: "time", label: "Office hours begin", default: "08:00" },
      { name: "to", kind: "time", label: "Office hours end", default: "18:00" },
      except,
      { name: "because", kind: "text", label: "What people are told", default: "Only in office hours" },
    ],
    text: "forbid {name}: anyone{? except {except}?} to {actions} {types}\n  when clock.time in {to}..{from}\n  because {because}",
  },
  {
    id: "network",
    group: "Stop something",
    title: "Only from our network",
    summary: "Some actions are possible from known addresses alone.",
    holes: [
      { name: "address", kind: "address", label: "Address of the request" },
      { name: "types", kind: "types", label: "Which records", on: anything },
      { name: "actions", kind: "actions", label: "What", on: anything, of: "types" },
      {
        name: "networks",
        kind: "networks",
        label: "Our networks",
        help: "Your operator can name them.",
        default: "10.0.0.0/8",
      },
      except,
      { name: "because", kind: "text", label: "What people are told", default: "Only from our network" },
    ],
    text: "forbid {name}: anyone{? except {except}?} to {actions} {types}\n  unless context.{address} in {networks}\n  because {because}",
  },
  {
    id: "never_role",
    group: "Stop something",
    title: "A role never does this",
    summary: "Whatever else is allowed, people with a role may not do it.",
    holes: [
      who,
      { name: "types", kind: "types", label: "Which records", on: changes },
      { name: "actions", kind: "actions", label: "What", on: changes, of: "types" },
      { name: "because", kind: "text", label: "What people are told", default: "Your role does not do this" },
    ],
    text: "forbid {name}: {roles} to {actions} {types}\n  because {because}",
  },
  {
    id: "second_factor",
    group: "Ask for more",
    title: "A second factor for exports",
    summary: "Whoever takes data out proves again who they are.",
    holes: [
      { name: "factor", kind: "evidence", label: "Which factor", for: "step_up" },
      { name: "types", kind: "types", label: "Which records", on: anything },
      { name: "actions", kind: "actions", label: "What", on: anything, of: "types" },
      { name: "within", kind: "duration", label: "Not older than", default: "15m" },
    ],
    text: "require {name}: step_up({factor}{factor.within}) for anyone to {actions} {types}",
  },
  {
    id: "reason",
    group: "Ask for more",
    title: "A reason for marked records",
    summary: "Who opens a record that is marked says why.",
    holes: [
      {
        name: "mark",
        kind: "flag",
        label: "Marked by",
        help: "The field that says which records these are.",
      },
      { name: "reason", kind: "evidence", label: "Said in", for: "reason" },
      { name: "actions", kind: "actions", label: "To do what", on: reads, of: "mark" },
    ],
    text: "require {name}: reason for anyone to {actions} {mark.type}\n  when resource.{mark.field}",
  },
  {
    id: "approval",
    group: "Ask for more",
    title: "Somebody else agrees",
    summary: "An action waits until a second person has approved it.",
    holes: [
      { name: "approval", kind: "evidence", label: "Whose approval", for: "approval" },
      { name: "types", kind: "types", label: "Which records", on: changes },
      { name: "actions", kind: "actions", label: "What", on: anything, of: "types" },
    ],
    text: "require {name}: {approval.call} for anyone to {actions} {types}",
  },
  {
    id: "limit",
    group: "Ask for more",
    title: "A limit on exports",
    summary: "Each person does it only so many times a day.",
    holes: [
      { name: "types", kind: "types", label: "Which records", on: anything },
      { name: "actions", kind: "actions", label: "What", on: anything, of: "types" },
      { name: "count", kind: "number", label: "Times a day", default: "20" },
    ],
    text: "require {name}: limit({count}, per: day) for anyone to {actions} {types}",
  },
  {
    id: "on_record",
    group: "Ask for more",
    title: "Put it on record and tell somebody",
    summary: "Each time is written down in full, and somebody is told.",
    holes: [
      { name: "types", kind: "types", label: "Which records", on: anything },
      { name: "actions", kind: "actions", label: "What", on: anything, of: "types" },
      {
        name: "whom",
        kind: "name",
        label: "Who is told",
        help: "A name that your application gives a meaning.",
        default: "tenant_admins",
      },
    ],
    text: "require {name}: audit(full), notify({whom}) for anyone to {actions} {types}",
  },
  {
    id: "mask",
    group: "Show less",
    title: "Mask personal data for a role",
    summary: "People with a role see only a part of a field, or nothing of it.",
    holes: [
      who,
      { name: "field", kind: "field", label: "Which field" },
      { name: "mask", kind: "mask", label: "They see" },
      { name: "actions", kind: "actions", label: "When they", on: reads, of: "field" },
    ],
    text: "require {name}: {field.effect} for {roles} to {actions} {field.type}",
  },
  {
    id: "seal",
    group: "Show less",
    title: "Seal what is stored",
    summary: "Fields of a class are encrypted in the database under your own key.",
    holes: [{ name: "class", kind: "class", label: "Which fields" }],
    text: "require {name}: encrypt(#{class})",
  },
  {
    id: "promise",
    group: "Keep a promise",
    title: "A role must never be able to",
    summary: "A promise that is checked with every change of the policy; it changes no access.",
    holes: [
      who,
      { name: "types", kind: "types", label: "Which records", on: changes },
      { name: "actions", kind: "actions", label: "What", on: changes, of: "types" },
    ],
    text: "assert {name}: never permit {roles} to {actions} {types}",
  },
];
