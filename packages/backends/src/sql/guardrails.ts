/**
 * What the platform alone asks of a row, whatever a tenant's policy says: for tables that tenants share. A tenant's rules can
 * only take from it, so every row that some tenant's policy shows is among those that it lets through.
 */
import {
  type Entry,
  type Pass,
  type Program,
  type Rule,
  slotsOfTable,
  type SqlExpression,
  type Table,
} from "@wardline/core";
import { equal } from "./compare.ts";
import { conditionCompiler } from "./condition.ts";
import { allOf, anyOf, both, either } from "./predicate.ts";
import { presentFacts } from "./present-facts.ts";
import { scalarReach } from "./reach.ts";
import { metOf, ruleTitle } from "./rules.ts";
import { rowColumn, type Scope, tenantColumnOf } from "./scope.ts";
import { tenantTerm } from "./slot-term.ts";
import { inRule } from "./unsupported.ts";

/** The table without what is the tenant's, and without the facts that only the tenant's rules read. */
export function platformTable(program: Program, table: Table): Table {
  const isPlatforms = ({ rule }: Entry) => (program.rules[rule] as Rule).layer === "platform";
  const passes = table.passes.map((pass): Pass => ({
    ...pass,
    forbids: pass.forbids.filter(isPlatforms),
    grants: pass.grants.filter((grant) => program.rules[grant.rule]?.kind === "floor"),
    requires: pass.requires.filter(isPlatforms),
  }));
  const read = slotsOfTable(program, { ...table, passes });
  const slots = table.slots.filter((id) => read.has(id) || isOfScope(program, id));
  return { ...table, passes, slots };
}

/** Who asks, for which tenant, of which row: every request says so. */
function isOfScope(program: Program, id: number): boolean {
  const source = program.slots[id]?.source;
  return source?.from === "tenant" || source?.from === "principal" || source?.from === "row";
}

/** The predicate of a row; `ground.table` and `pass` are of {@link platformTable}. */
export function guardrailOf(ground: Omit<Scope, "reach" | "row">, pass: Pass): SqlExpression {
  const scope: Scope = { ...ground, row: pass.row, reach: scalarReach(ground) };
  const compile = conditionCompiler(scope);
  const of = <T>(entry: Entry, make: () => T) =>
    inRule(ruleTitle(scope.program.rules[entry.rule] as Rule), make);
  const tenantColumn = tenantColumnOf(ground.entity);
  const inTenant: readonly SqlExpression[] =
    tenantColumn === null
      ? []
      : [{ kind: "binary", op: "=", left: rowColumn(tenantColumn), right: ground.tenant }];
  // A floor speaks to principals of the tenant alone; whether others may be granted anything is the tenant's to say.
  const home = equal(tenantTerm(scope, "principal"), tenantTerm(scope, "request"));
  const floored = either(pass.grants.map((floor) => both([home, of(floor, () => compile(floor.when))])));
  const ceiling = inRule("the ceilings", () => compile(pass.ceiling));
  return allOf([
    ...inTenant,
    ...presentFacts(scope),
    ...pass.forbids.map((forbid) => of(forbid, () => compile(forbid.when)).fails),
    anyOf([ceiling.holds, floored.holds]),
    ...pass.requires.map((entry) =>
      of(entry, () => anyOf([compile(entry.when).fails, metOf(scope, entry, compile).holds])),
    ),
  ]);
}
