/**
 * The last check of what is sent: the text is parsed by Postgres's own grammar, held against the model alone, and printed
 * anew from the checked tree. It shares nothing with the part that wrote the text, so that two faults are needed for a leak.
 */
import { hash } from "node:crypto";
import type { Node } from "libpg-query";
import { planTables, allColumns, type StoredModel, type TablePlan } from "../schema/table-plan.ts";
import { boundedCache } from "./bounded-cache.ts";
import type { CheckedModel, CheckedTable, Checking } from "./checking.ts";
import { loadParser, type Parser } from "./parse.ts";
import { printStatement } from "./print.ts";
import { demanding, Refused, type RuleName } from "./rules.ts";
import { readExpression } from "./expression.ts";
import { readSelect } from "./select.ts";
import { isSameTree } from "./same-tree.ts";
import { checkStatement } from "./statement.ts";
import { blindIndex, type TypeName } from "./types.ts";

/** Counted up with every change of the lists or the rules, so that no text passes by what an older list said of it. */
export const listVersion = 4;

export interface FinalCheckOptions {
  /** The schema of all tables. */
  readonly schema: string;
}

/** A statement that passed. */
export interface CheckedText {
  /** What is to be sent. */
  readonly text: string;
  /** `$1` is the tenant, and nothing else is. */
  readonly namesTenant: boolean;
}

export interface FinalCheck {
  /** Throws an IsolationViolation with a code `check/…`. */
  check(sql: string): CheckedText;
  /** The statements of a text as the grammar reads them, unchecked. Throws as `check` does for what is no SQL. */
  parse(sql: string): readonly Node[];
  /** The text of a statement that was put together as a tree, if it passes. It is a text like any other then. Throws as `check` does. */
  print(statement: Node): string;
}

/**
 * Checks by model and schema, for whoever serves several: tenants of one model, and what a reload brings, share one and what
 * it has seen. Loads the grammar, once for the process.
 */
export async function createFinalChecks(): Promise<(stored: StoredModel, schema: string) => FinalCheck> {
  const parser = await loadParser();
  const byModel = new WeakMap<StoredModel, Map<string, FinalCheck>>();
  const byDigest = new Map<string, FinalCheck>();
  return (stored, schema) => {
    const known = byModel.get(stored) ?? new Map<string, FinalCheck>();
    const found = known.get(schema);
    if (found !== undefined) return found;
    const digest = modelDigest(stored, schema);
    const check = byDigest.get(digest) ?? createCheck(parser, stored, { schema }, new Set());
    // Models that are gone are gone with everything that they let pass.
    if (byDigest.size >= maxModels) byDigest.clear();
    byDigest.set(digest, check);
    byModel.set(stored, known.set(schema, check));
    return check;
  };
}

/** The most models whose checks are kept by their content. */
const maxModels = 16;

function modelDigest({ model, sealed }: StoredModel, schema: string): string {
  return hash("sha256", JSON.stringify({ listVersion, schema, model, sealed }));
}

/** The check for the tables of a model. Loads the grammar, once for the process. */
export async function createFinalCheck(stored: StoredModel, options: FinalCheckOptions): Promise<FinalCheck> {
  const parser = await loadParser();
  return createCheck(parser, stored, options, new Set());
}

/** The check without some of its rules, for the tests that show what each is there for. */
export function createCheck(
  parser: Parser,
  stored: StoredModel,
  options: FinalCheckOptions,
  without: ReadonlySet<RuleName>,
): FinalCheck {
  const model = checkedModel(stored, options.schema);
  const demand = demanding(without);
  const cache = boundedCache<CheckedText>();
  return {
    check(sql) {
      const known = cache.get(sql);
      if (known !== undefined) return known;
      const checked = checkText(parser, model, demand, sql);
      cache.set(sql, checked);
      return checked;
    },
    parse: (sql) => parser.parse(sql),
    print: (statement) => checkTree(parser, model, demand, () => statement).text,
  };
}

function checkText(
  parser: Parser,
  model: CheckedModel,
  demand: Checking["demand"],
  sql: string,
): CheckedText {
  return checkTree(parser, model, demand, () => {
    const statements = parser.parse(sql);
    demand("statement/one", statements.length === 1);
    return statements[0];
  });
}

function checkTree(
  parser: Parser,
  model: CheckedModel,
  demand: Checking["demand"],
  read: () => Node | undefined,
): CheckedText {
  const checking: Checking = {
    model,
    demand,
    parts: { expression: readExpression, select: readSelect },
    found: {
      tenants: 0,
      firsts: 0,
      leaks: false,
      opens: false,
      uses: new Map(),
      aliases: new Map(),
      targets: new Set(),
    },
  };
  try {
    const tree = checkStatement(checking, read());
    const text = printStatement(tree);
    // Invariant: the server reads what the check has read.
    demand("deparse/different", isSameTree(parser.parse(text), [tree]));
    return { text, namesTenant: checking.found.tenants > 0 };
  } catch (error) {
    if (error instanceof Refused) throw error;
    // A tree that the check did not foresee, or one too deep for the stack.
    throw new Refused("node/kind");
  }
}

function checkedModel(stored: StoredModel, schema: string): CheckedModel {
  const tables = planTables(stored).map((plan) => [plan.name, checkedTable(plan)] as const);
  return { schema, tables: new Map(tables) };
}

function checkedTable(plan: TablePlan): CheckedTable {
  const columns = allColumns(plan).map(
    ({ name, type, indexOf }) => [name, indexOf === undefined ? typeName(type.type) : blindIndex] as const,
  );
  return {
    name: plan.name,
    tenant: plan.tenant,
    readOnly: plan.readOnly,
    key: plan.key,
    columns: new Map(columns),
    indexes: new Map(
      plan.columns.flatMap(({ name, indexOf }) => (indexOf === undefined ? [] : [[name, indexOf] as const])),
    ),
  };
}

const catalogueNames: Readonly<Record<string, TypeName>> = {
  boolean: "bool",
  bigint: "int8",
  "timestamp with time zone": "timestamptz",
  "time without time zone": "time",
};

/** A column's type as pg_catalog names it. */
function typeName(type: string): TypeName {
  const bare = type.replace(/\(.*\)$/, "");
  return catalogueNames[bare] ?? bare;
}
