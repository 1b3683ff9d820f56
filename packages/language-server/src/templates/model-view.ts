/** What of a model templates ask for. */
import type { EvidenceStatement, Statement } from "@wardline/compiler";
import type { ActionKind, EntityModel, FieldModel, Program } from "@wardline/core";
import type { Snapshot } from "../workspace/snapshot.ts";
import { rolesFor } from "../try/roles.ts";
import type { Choice } from "../try/scenario.ts";

export interface TypedField {
  readonly type: string;
  readonly field: FieldModel;
}

export interface ModelView {
  readonly program: Program;
  /** Roles that a tenant's people can have. */
  readonly roles: readonly Choice[];
  readonly evidence: readonly EvidenceStatement[];
  readonly fields: readonly TypedField[];
  /** Classes that some field carries, the most common first. */
  readonly classes: readonly string[];
  /** Facts of the context that hold an address. */
  readonly addresses: readonly string[];
}

export function modelViewOf(snapshot: Snapshot, program: Program): ModelView {
  const { model } = program;
  const principals = model.entities.filter(({ kind }) => kind === "principal");
  const platform = new Set(model.roles.filter((role) => role.platform).map(({ name }) => name));
  const roles = principals.flatMap(({ name }) => rolesFor(snapshot, program, name));
  const file = snapshot.project.model?.name;
  const statements = file === undefined ? [] : (snapshot.parsed(file)?.ast.statements ?? []);
  const fields = model.entities.flatMap((entity) =>
    entity.fields.map((field) => ({ type: entity.name, field })),
  );
  return {
    program,
    roles: delegatedFirst(statements, [
      ...new Map(
        roles.filter(({ value }) => !platform.has(value)).map((role) => [role.value, role]),
      ).values(),
    ]),
    evidence: statements.filter((statement) => statement.kind === "evidence"),
    fields,
    classes: byCount(fields.flatMap(({ field }) => field.classes)),
    addresses: model.context.flatMap(({ name, type }) => (type.kind === "ip" ? [name] : [])),
  };
}

/** Roles that tenants assign, and their own, before those that the platform's application assigns. */
function delegatedFirst(statements: readonly Statement[], roles: readonly Choice[]): readonly Choice[] {
  const fixed = new Set(
    statements.flatMap((one) => (one.kind === "role" ? one.names.map(({ text }) => text) : [])),
  );
  for (const one of statements)
    if (one.kind === "delegate") for (const { text } of one.names) fixed.delete(text);
  return roles.toSorted((a, b) => Number(fixed.has(a.value)) - Number(fixed.has(b.value)));
}

/** Each once, the most common first. */
function byCount(names: readonly string[]): readonly string[] {
  const counts = [...Map.groupBy(names.toSorted(), (name) => name)];
  return counts.toSorted(([, a], [, b]) => b.length - a.length).map(([name]) => name);
}

/** Actions of the kinds on a type, in the order of the model. */
export function actionsOn(
  { program }: ModelView,
  kinds: readonly ActionKind[],
  type: string,
): readonly string[] {
  return program.model.actions.flatMap(({ name, kind, entities }) =>
    kinds.includes(kind) && entities.includes(type) ? [name] : [],
  );
}

/** Types that an action of the kinds is on. */
export function typesOn(view: ModelView, kinds: readonly ActionKind[]): readonly EntityModel[] {
  return view.program.model.entities.filter(({ name }) => actionsOn(view, kinds, name).length > 0);
}

/** What principals stand in, at any height. */
export function groupsOf({ program }: ModelView): ReadonlySet<string> {
  const { entities } = program.model;
  const groups = new Set<string>();
  const open = entities.filter(({ kind }) => kind === "principal").flatMap(({ parents }) => parents);
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (groups.has(at.entity)) continue;
    groups.add(at.entity);
    open.push(...(entities.find(({ name }) => name === at?.entity)?.parents ?? []));
  }
  return groups;
}
