/** The rows and columns of the matrix of access: who there is, and what there is to do. Cheap; the cells are asked for one column at a time. */
import { whoText } from "@wardline/compiler/access";
import {
  childrenOf,
  conditionsOf,
  type ActionKind,
  type Program,
  type Rule,
  type Table,
} from "@wardline/core";
import type { Refused } from "../protocol/requests.ts";
import type { Snapshot } from "../workspace/snapshot.ts";
import { isRefused, programOf } from "./program-of.ts";
import { roleTypes } from "./role-types.ts";
import { ruleFacts, type RuleFacts } from "./rule-facts.ts";

export interface AccessWho {
  /** Stable: `Member`, `Member librarian`, `Member librarian abroad`. */
  readonly id: string;
  readonly principal: string;
  /** Null: without a role. */
  readonly role: string | null;
  /** False: of another tenant. */
  readonly home: boolean;
  /** `Member as librarian`, as `wardline who-can` says it. */
  readonly label: string;
}

export interface AccessColumn {
  readonly action: string;
  readonly resource: string;
  readonly kind: ActionKind;
}

export interface AccessAxes {
  readonly tenant: string;
  readonly who: readonly AccessWho[];
  /** By type and then by action, in the order of the model. */
  readonly columns: readonly AccessColumn[];
  readonly rules: readonly RuleFacts[];
}

export function accessAxes(snapshot: Snapshot, tenant: string): AccessAxes | Refused {
  const compiled = programOf(snapshot, tenant);
  if (isRefused(compiled)) return compiled;
  const { program } = compiled;
  return {
    tenant,
    who: whoOf(snapshot, program, tenant),
    columns: columnsOf(program),
    rules: program.rules.map((rule: Rule) => ruleFacts(snapshot, rule)),
  };
}

/** Each principal type without a role and with each role alone; from another tenant too where something is shared with that type. */
export function whoOf(snapshot: Snapshot, program: Program, tenant: string): readonly AccessWho[] {
  const types = [...new Set(program.tables.map(({ principal }) => principal))];
  const declared = roleTypes(snapshot, tenant);
  return types.flatMap((principal) => {
    const tables = program.tables.filter((table) => table.principal === principal);
    const asked = rolesAsked(program, tables);
    const known = [...declared].filter(([, of]) => of.has(principal)).map(([role]) => role);
    const roles = [null, ...new Set([...known, ...asked])];
    const homes = tables.some((table) => isShared(program, table)) ? [true, false] : [true];
    return homes.flatMap((home) => roles.map((role) => whoFor(principal, role, home)));
  });
}

export function whoFor(principal: string, role: string | null, home: boolean): AccessWho {
  const roles = role === null ? [] : [role];
  return {
    id: [principal, ...roles, ...(home ? [] : ["abroad"])].join(" "),
    principal,
    role,
    home,
    label: whoText({ principal, roles, home }),
  };
}

/** The roles that some rule of the tables asks for. */
function rolesAsked(program: Program, tables: readonly Table[]): readonly string[] {
  const conditions = new Set(tables.flatMap((table) => [...conditionsIn(program, table)]));
  const roles = [...conditions].flatMap((index) => {
    const condition = program.conditions[index];
    const atom = condition?.kind === "atom" ? program.atoms[condition.atom] : undefined;
    return atom?.kind === "role" ? atom.roles : [];
  });
  return [...new Set(roles)].toSorted();
}

/** The conditions of a table with all that they are made of. */
function conditionsIn(program: Program, table: Table): ReadonlySet<number> {
  const seen = new Set<number>();
  const open = [...conditionsOf(table)];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    const condition = program.conditions[index];
    if (condition === undefined || seen.has(index)) continue;
    seen.add(index);
    open.push(...childrenOf(condition));
  }
  return seen;
}

function isShared(program: Program, table: Table): boolean {
  return table.passes.some((pass) =>
    pass.grants.some((grant) => program.rules[grant.rule]?.kind === "share"),
  );
}

function columnsOf({ model, tables }: Program): readonly AccessColumn[] {
  return model.entities.flatMap(({ name: resource }) =>
    model.actions
      .filter(({ name: action }) => tables.some((t) => t.resource === resource && t.action === action))
      .map(({ name: action, kind }) => ({ action, resource, kind })),
  );
}
