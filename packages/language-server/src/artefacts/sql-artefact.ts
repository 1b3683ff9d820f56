/** What a policy makes of the SQL of one person: the guarded view of a table, or what a write asks of its rows. Facts that are known are folded in. */
import {
  compilePredicates,
  compileSql,
  compileViews,
  UnsupportedInSql,
  type RowPredicate,
} from "@wardline/backends";
import {
  findTable,
  obligationText,
  printExpressionLines,
  printSelectLines,
  slotPath,
  sourceText,
  valueAt,
  valueText,
  type KnownFacts,
  type Obligation,
  type PrintedLines,
  type Program,
  type RequestDocument,
  type Slot,
  type Table,
  type WireScalar,
} from "@wardline/core";
import { isRefused, programOf } from "../access/program-of.ts";
import type { Refused } from "../protocol/requests.ts";
import type { Snapshot } from "../workspace/snapshot.ts";
import { placesIn, type RulePlace, type TextArtefact } from "./rego-artefact.ts";

export interface SqlArtefact {
  readonly parts: readonly SqlPart[];
  /** What is known of who asks, and is folded in. */
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  /** What a permit asks for besides, in words. */
  readonly duties: readonly string[];
}

export interface SqlPart {
  readonly title: string;
  /** What it lets through, a sentence. */
  readonly says: string;
  readonly text: string;
  readonly places: readonly RulePlace[];
  readonly parameters: readonly {
    /** `$1` */
    readonly name: string;
    readonly type: string;
    readonly value: string;
  }[];
}

/** Stands for what begins every sealed cell; the guarded driver draws another for each statement. */
const marker = "drawn anew for each statement";

export function sqlArtefact(
  snapshot: Snapshot,
  tenant: string,
  request: RequestDocument,
): SqlArtefact | Refused {
  const compiled = programOf(snapshot, tenant);
  if (isRefused(compiled)) return compiled;
  const { program } = compiled;
  const [principal, action, entity] = [
    valueAt(request, ["principal", "type"]),
    valueAt(request, ["action", "name"]),
    valueAt(request, ["resource", "type"]),
  ].map(String) as [string, string, string];
  const table = findTable(program, principal, action, entity);
  if (table === undefined) return { refused: `The model does not let ${principal} ${action} ${entity}.` };
  if (program.model.entities.find(({ name }) => name === entity)?.storage === null)
    return { refused: `${entity} is stored in no table.` };
  const known = knownFacts(request);
  try {
    const made = table.passes.every(({ row }) => row === "resource")
      ? viewParts(program, table, known)
      : rowParts(program, table, known);
    return { ...made, facts: factsOf(program, table, known) };
  } catch (error) {
    if (error instanceof UnsupportedInSql) return { refused: `This ${error.message}.` };
    throw error;
  }
}

/** All views of a policy, with every fact still open: the file `policy.sql` of a bundle. */
export function sqlText(snapshot: Snapshot, tenant: string): TextArtefact | Refused {
  const compiled = programOf(snapshot, tenant);
  if (isRefused(compiled)) return compiled;
  try {
    const text = compileSql(compiled.program);
    return { text, places: placesIn(compiled.program, text) };
  } catch (error) {
    if (error instanceof UnsupportedInSql) return { refused: `This policy has no SQL: ${error.message}.` };
    throw error;
  }
}

function knownFacts({
  tenant,
  principal,
  context,
  limits,
  references,
  ancestors,
  relations,
  now,
  clock,
}: RequestDocument): KnownFacts {
  const rest = { context, limits, references, ancestors, relations, now, clock };
  const given = Object.entries(rest).filter(([, value]) => value !== undefined);
  return { tenant, principal, ...Object.fromEntries(given) };
}

type Made = Omit<SqlArtefact, "facts">;

function viewParts(program: Program, table: Table, known: KnownFacts): Made {
  const options = { schema: "", sealMarker: marker, notes: true };
  const view = compileViews(program).bind(table.resource, table.action, known, options);
  const says = {
    never: "This person sees no row.",
    always: "This person sees every row of the tenant.",
    conditional: "This person sees the rows for which the condition holds.",
  }[view.residual];
  const part = partOf(
    program,
    `In place of the table of ${table.resource}`,
    says,
    printSelectLines(view.select),
  );
  return { parts: [part], duties: words(view.duties) };
}

function rowParts(program: Program, table: Table, known: KnownFacts): Made {
  const predicates = compilePredicates(program);
  const { principal, action, resource } = table;
  const why = predicates.refusal(resource, action, principal);
  if (why !== null)
    return {
      parts: [
        {
          title: `To ${action} ${resource}`,
          says: `No row by itself says it: ${why}. The guarded driver decides it alone.`,
          text: "",
          places: [],
          parameters: [],
        },
      ],
      duties: [],
    };
  const made = table.passes.flatMap(({ row }): readonly (readonly ["prior" | "next", RowPredicate])[] =>
    row === "resource"
      ? []
      : [[row, predicates.bind(resource, action, row, known, { schema: "", notes: true })]],
  );
  return {
    parts: made.map(([row, { residual, where }]) => {
      const of = row === "prior" ? "the row as it is" : "the row as it would be";
      const says = {
        never: "No row may be written.",
        always: "Every row of the tenant may be written.",
        conditional: `A row may be written where this holds of ${of}.`,
      }[residual];
      return partOf(program, `Of ${of}`, says, printExpressionLines(where));
    }),
    duties: words(made.flatMap(([, { duties }]) => duties)),
  };
}

function partOf(program: Program, title: string, says: string, { text, parameters }: PrintedLines): SqlPart {
  return {
    title,
    says,
    text,
    places: placesIn(program, text),
    parameters: parameters.map(({ value, type, tenant }, index) => ({
      name: `$${index + 1}`,
      type,
      value: `${typeof value === "string" ? value : JSON.stringify(value)}${tenant === true ? " (the tenant)" : ""}`,
    })),
  };
}

function words(duties: readonly Obligation[]): readonly string[] {
  return [...new Set(duties.map(obligationText))];
}

function factsOf(program: Program, table: Table, known: KnownFacts): SqlArtefact["facts"] {
  return table.slots.flatMap((id) => {
    const { source, type } = program.slots[id] as Slot;
    const value = valueAt(known, slotPath(source));
    if (source.from === "relation" || value === undefined || value === null) return [];
    const one = (part: WireScalar) => valueText(part, type.kind === "set" ? type.of : type);
    const text = Array.isArray(value)
      ? `[${value.map((part) => one(part as WireScalar)).join(", ")}]`
      : one(value as WireScalar);
    return [{ name: sourceText(source), value: text }];
  });
}
