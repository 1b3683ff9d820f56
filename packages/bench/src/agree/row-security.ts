/**
 * Row-level security as a target: the rows that the application's role finds in a bare table, inside a context that claims the
 * facts of a list, are those that the oracle permits, each alone.
 */
import { compileRowSecurity, type RowSecurity } from "@wardline/backends";
import { evaluate, slotsOfTable, valueAt, type Pass, type Program, type Rule } from "@wardline/core";
import { entityNamed, isWithin, type GeneratedList } from "@wardline/core/testing";
import { contextReader, IsolationViolation, type ContextClaims } from "@wardline/isolation";
import type { GuardedTables } from "./guarded-tables.ts";
import type { RowMismatch } from "./list-check.ts";

export interface RowSecurityUnderTest extends RowSecurity {
  /** What the rows are held to; the program itself if left out. Whatever the program permits, this must permit too. */
  readonly says?: Program;
}

/** How row-level security is made of a program; a fault is planted by wrapping it. */
export type RowSecurityMaker = (program: Program, schema: string) => RowSecurityUnderTest;

export const allRowSecurity: RowSecurityMaker = (program, schema) =>
  compileRowSecurity(program, { schema, context: contextReader });

export const guardrails: RowSecurityMaker = (program, schema) => ({
  ...compileRowSecurity(program, { schema, context: contextReader, layer: "platform" }),
  says: withPermissiveTenant(program),
});

/** The program of a tenant that permits everything, at home and to others: what is still refused is refused by the platform. */
function withPermissiveTenant(program: Program): Program {
  const everything = program.conditions.length;
  const made = (kind: Rule["kind"]): Rule => ({
    id: `${program.tenant}/every_${kind}`,
    layer: "tenant",
    kind,
    file: "tenant.ward",
    line: 1,
    because: null,
    doc: null,
  });
  const rules = [...program.rules, made("permit"), made("share")];
  const grants = [rules.length - 2, rules.length - 1].map((rule) => ({
    rule,
    when: everything,
    effects: [],
  }));
  const isPlatforms = ({ rule }: { readonly rule: number }) => program.rules[rule]?.layer === "platform";
  const open: Program = {
    ...program,
    rules,
    conditions: [...program.conditions, { kind: "constant", value: true }],
  };
  const tables = program.tables.map((table) => {
    const passes = table.passes.map((pass): Pass => ({
      ...pass,
      forbids: pass.forbids.filter(isPlatforms),
      grants: [...pass.grants.filter(({ rule }) => program.rules[rule]?.kind === "floor"), ...grants],
      requires: pass.requires.filter(isPlatforms),
    }));
    const read = slotsOfTable(open, { ...table, passes });
    const ofEveryRequest = ["tenant", "principal", "row"];
    const slots = table.slots.filter(
      (slot) => read.has(slot) || ofEveryRequest.includes(program.slots[slot]?.source.from ?? ""),
    );
    return { ...table, passes, slots };
  });
  return { ...open, tables };
}

/** What differs in one row of a list, or why the list cannot be asked. */
export async function checkRows(
  program: Program,
  security: RowSecurityUnderTest,
  tables: GuardedTables,
  list: GeneratedList,
): Promise<readonly RowMismatch[] | { readonly skipped: string }> {
  const tenant = valueAt(list.known, ["tenant", "id"]);
  if (typeof tenant !== "string" || tenant === "")
    return { skipped: "a list without a tenant has no context" };
  const { storage } = entityNamed(program.model, list.entity);
  if (storage === null) return { skipped: "an entity that is not stored has no rows" };
  const { unfit, ...facts } = security.facts(list.known, [list]);
  if (unfit.length > 0) return { skipped: "an id among the facts is no uuid, and is compared with uuids" };
  const found = new Set(
    await tables.find(claimsOf(list, tenant, facts), storage.table, storage.key).catch(withoutContext),
  );
  const mismatches: RowMismatch[] = [];
  const says = security.says === undefined ? program : { ...security.says, tenant };
  for (const { row, request } of list.rows) {
    if (!isWithin(row, tenant)) continue;
    const decision = evaluate(says, request);
    const isFound = found.delete(row.id);
    if (isFound !== (decision.outcome === "permit"))
      mismatches.push({ request, expected: decision.outcome, found: isFound ? "a row" : "no row" });
    else if (!isFound && evaluate(program, request).outcome === "permit")
      mismatches.push({ request, expected: "permit", found: "no row" });
  }
  for (const id of found)
    mismatches.push({ request: list.known, expected: "no such row", found: `the row ${id}` });
  return mismatches;
}

/** What has no encoding as claims enters nothing, and so finds nothing. */
function withoutContext(error: unknown): readonly string[] {
  if (error instanceof IsolationViolation && error.code === "handle/no-context") return [];
  throw error;
}

function claimsOf(list: GeneratedList, tenant: string, facts: ContextClaims["facts"]): ContextClaims {
  const text = (path: readonly string[]) => {
    const value = valueAt(list.known, path);
    return typeof value === "string" && value !== "" ? value : "none";
  };
  return {
    tenant,
    principal: { type: text(["principal", "type"]), id: text(["principal", "id"]) },
    placementEpoch: 0,
    factsEpoch: null,
    revision: "1",
    intent: list.action,
    facts,
  };
}
