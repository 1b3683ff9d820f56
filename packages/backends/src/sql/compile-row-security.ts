/**
 * A program as row-level security: what each table asks of its rows, as texts that the database keeps and that read the facts
 * from the context of the transaction. It says the same as the views; which fields are shown it cannot say.
 */
import {
  type ContextReader,
  findTable,
  isUuid,
  type KnownFacts,
  printPolicy,
  type Program,
  type RowBranch,
  type RowCommand,
  type RowPolicy,
  slotPath,
  type Slot,
  type Table,
  valueAt,
} from "@wardline/core";
import { checkTableSize } from "./condition.ts";
import { predicateOf } from "./compile-predicates.ts";
import { guardrailOf, platformTable } from "./guardrails.ts";
import { readKnownFacts } from "./known-facts.ts";
import { yes } from "./predicate.ts";
import { type Scope, storedEntity } from "./scope.ts";
import { overTable } from "./over-table.ts";
import { sqlType } from "./sql-type.ts";
import { UnsupportedInSql } from "./unsupported.ts";

export interface RowSecurity {
  readonly policies: readonly RowPolicy[];
  /** Writes that one row each cannot say, with the reason; for them the rows of the tenant stand open to the driver. */
  readonly beyond: readonly { readonly key: string; readonly reason: string }[];
  /**
   * What a context has to say so that its holder gets what the facts permit: the tables that may be asked for these actions,
   * and the values that they read. A table is missing where facts are missing or malformed, and where an id that the database
   * keeps as a uuid is none.
   */
  facts(known: KnownFacts, actions: readonly AskedAction[]): RowFactsClaim;
}

export interface AskedAction {
  readonly entity: string;
  readonly action: string;
}

export interface RowFactsClaim {
  readonly tables: readonly string[];
  readonly values: Readonly<Record<string, unknown>>;
  /** Tables that are missing because an id among the facts is no uuid and is compared with uuids. */
  readonly unfit: readonly string[];
}

export interface RowSecurityOptions {
  readonly schema: string;
  readonly context: ContextReader;
  /**
   * `platform`: what the platform asks alone, the same for every tenant, for tables that tenants share. `all`, if left out: what
   * the program's tenant asks too.
   */
  readonly layer?: "platform" | "all";
}

/** Throws {@link UnsupportedInSql} where what a table lets be read cannot be said exactly. */
export function compileRowSecurity(given: Program, options: RowSecurityOptions): RowSecurity {
  const program = options.layer === "platform" ? platformProgram(given) : given;
  const kinds = new Map(program.model.actions.map((action) => [action.name, action.kind]));
  const stored = program.model.entities.filter((entity) => entity.storage !== null);
  const beyond: { key: string; reason: string }[] = [];
  const policies = stored.flatMap((entity): readonly RowPolicy[] => {
    const { storage } = storedEntity(program, entity.name);
    const tables = program.tables.filter((table) => table.resource === entity.name);
    const branches = (kind: string, row: string): readonly RowBranch[] =>
      tables
        .filter((table) => kinds.get(table.action) === kind)
        .map((table) => branchOf(program, table, row, options, beyond));
    const policy = (command: RowCommand, using: RowPolicy["using"], check: RowPolicy["check"]) => ({
      table: storage.table,
      command,
      using,
      check,
    });
    const read = policy("select", branches("reads", "resource"), null);
    // No handle writes what is shared.
    if (entity.shared === true) return [read];
    return [
      read,
      policy("insert", null, branches("creates", "next")),
      policy("update", branches("updates", "prior"), branches("updates", "next")),
      policy("delete", branches("deletes", "prior"), null),
    ];
  });
  return {
    policies,
    beyond: [...new Map(beyond.map((one) => [one.key, one])).values()],
    facts: (known, actions) => rowFactsClaim(program, known, actions),
  };
}

function platformProgram(program: Program): Program {
  return { ...program, tables: program.tables.map((table) => platformTable(program, table)) };
}

function keyOf(table: Table): string {
  return `${table.resource}/${table.action}/${table.principal}`;
}

function branchOf(
  program: Program,
  table: Table,
  row: string,
  { schema, context, layer = "all" }: RowSecurityOptions,
  beyond: { key: string; reason: string }[],
): RowBranch {
  const key = keyOf(table);
  const pass = table.passes.find((candidate) => candidate.row === row);
  if (pass === undefined) throw new RangeError(`${key} does not ask of \`${row}\``);
  const scope: Omit<Scope, "reach" | "row"> = {
    program,
    entity: storedEntity(program, table.resource),
    schema,
    tenant: { kind: "placeholder", name: "tenant.id", type: "text" },
    table,
    fact: (slot) => ({ kind: "placeholder", name: slotPath(slot.source).join(".") }),
  };
  try {
    checkTableSize(program, table);
    const where = layer === "platform" ? guardrailOf(scope, pass) : predicateOf(scope, pass, false).where;
    const alone = overTable(where, scope.entity.storage.table);
    return { key, where: printPolicy(alone ?? where, context), readsTables: alone === null };
  } catch (error) {
    if (!(error instanceof UnsupportedInSql) || row === "resource") throw error;
    beyond.push({ key, reason: error.message });
    return { key, where: printPolicy(yes, context), readsTables: false };
  }
}

/** What {@link RowSecurity.facts} gives, without the policies. What the whole program claims its platform's guardrails take too. */
export function rowFactsClaim(
  program: Program,
  known: KnownFacts,
  actions: readonly AskedAction[],
): RowFactsClaim {
  const tables: string[] = [];
  const unfit: string[] = [];
  const principal = valueAt(known, ["principal", "type"]);
  const values: Record<string, unknown> = {};
  for (const { entity, action } of actions) {
    const table = typeof principal === "string" ? findTable(program, principal, action, entity) : undefined;
    const facts = table && readKnownFacts(program, table, known);
    if (table === undefined || facts === undefined) continue;
    const read = [...facts].flatMap(([id, fact]) => {
      const slot = program.slots[id] as Slot;
      return fact.kind === "known" ? [{ slot, value: fact.value }] : [];
    });
    // Invariant: no cast of a fact fails, and no fact that is dropped turns a condition round.
    if (!read.every(({ slot, value }) => fitsColumn(program, slot, value))) {
      unfit.push(keyOf(table));
      continue;
    }
    tables.push(keyOf(table));
    for (const { slot, value } of read) values[slotPath(slot.source).join(".")] = value;
  }
  return { tables, values, unfit };
}

function fitsColumn(program: Program, { type }: Slot, value: unknown): boolean {
  const of = sqlType(program.model, type.kind === "set" ? type.of : type);
  if (of !== "uuid") return true;
  return (Array.isArray(value) ? value : [value]).every((one) => typeof one === "string" && isUuid(one));
}
