/** FROM: a declared table becomes its guarded view under the name that the caller gives it. Nothing but relations stands there. */
import type { JoinExpr, Node, RangeSubselect, RangeVar } from "libpg-query";
import { opened } from "../final-check/checking.ts";
import { UnsupportedQuery } from "../errors.ts";
import { refuseRaw, refuseSchema } from "./raw-names.ts";
import type { Ctes, RawReading, RawRelation } from "./raw-names.ts";
import { renamed } from "./raw-with.ts";

interface From {
  readonly nodes: readonly Node[];
  readonly relations: readonly RawRelation[];
}

export function rawFrom(reading: RawReading, items: readonly Node[], ctes: Ctes): From {
  const read = items.map((item) => rawItem(reading, item, ctes));
  return { nodes: read.map(({ node }) => node), relations: read.flatMap(({ relations }) => relations) };
}

interface Item {
  readonly node: Node;
  readonly relations: readonly RawRelation[];
}

function rawItem(reading: RawReading, item: Node, ctes: Ctes): Item {
  const [kind, content] = opened(item);
  switch (kind) {
    case "RangeVar":
      return relation(reading, content, ctes);
    case "RangeSubselect": {
      const derived = content as RangeSubselect;
      const [inner, select] = opened(derived.subquery);
      if (inner !== "SelectStmt") return refuseRaw("a sub-select in FROM is none");
      const { node, columns } = reading.parts.select(reading, select, ctes);
      const { aliasname: name = "", colnames } = derived.alias ?? {};
      return {
        node: { RangeSubselect: { ...derived, subquery: { SelectStmt: node } } },
        relations: [{ name, columns: renamed(columns, colnames) }],
      };
    }
    case "JoinExpr":
      return join(reading, content, ctes);
    default:
      return refuseRaw("only tables, common table expressions, sub-selects and joins of them stand in FROM");
  }
}

function relation(reading: RawReading, range: RangeVar, ctes: Ctes): Item {
  const { relname = "", schemaname, catalogname, inh, alias } = range;
  if (schemaname !== undefined || catalogname !== undefined) return refuseSchema("a table");
  if (inh !== true) return refuseRaw("a table is read with its partitions: leave ONLY out");
  const name = alias?.aliasname ?? relname;
  // Names of common table expressions hide tables.
  const cte = ctes.get(relname);
  if (cte === "early")
    throw new UnsupportedQuery("query/recursive", `raw SQL: ${relname} is named before it is defined`);
  if (cte !== undefined) return { node: { RangeVar: range }, relations: [{ name, columns: cte }] };
  const view = reading.view(relname);
  const derived: RangeSubselect = {
    subquery: { SelectStmt: view.select },
    alias: { ...alias, aliasname: name },
  };
  return {
    node: { RangeSubselect: derived },
    relations: [{ name, columns: renamed(view.columns, alias?.colnames) }],
  };
}

function join(reading: RawReading, given: JoinExpr, ctes: Ctes): Item {
  const { larg, rarg, quals } = given;
  if (larg === undefined || rarg === undefined) return refuseRaw("a join has two sides");
  if (given.isNatural === true || given.usingClause !== undefined)
    return refuseRaw("a join says ON what: no column is taken for two");
  const [left, right] = [rawItem(reading, larg, ctes), rawItem(reading, rarg, ctes)];
  const relations = [...left.relations, ...right.relations];
  const on = quals === undefined ? {} : { quals: reading.parts.node(reading, { ctes, relations }, quals) };
  return { node: { JoinExpr: { ...given, larg: left.node, rarg: right.node, ...on } }, relations };
}
