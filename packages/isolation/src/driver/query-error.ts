/** What the server's refusal of a query means to the caller, by SQLSTATE. It says nothing of a value or a name. */
import { UnsupportedQuery } from "../errors.ts";

/** undefined_function, datatype_mismatch, cannot_coerce, indeterminate_datatype and _collation, ambiguous_function, collation_mismatch, undefined_object. */
const types: ReadonlySet<string> = new Set([
  "42883",
  "42804",
  "42846",
  "42P18",
  "42P22",
  "42725",
  "42P21",
  "42704",
]);

/** grouping_error, windowing_error, invalid_column_reference, invalid_recursion, feature_not_supported. */
const places: ReadonlySet<string> = new Set(["42803", "42P20", "42P10", "42P19", "0A000"]);

/** Undefined where it says nothing of the query. */
export function queryError(state: string): UnsupportedQuery | undefined {
  // Class 22: a value does not fit the type it is compared with.
  if (state.startsWith("22"))
    return new UnsupportedQuery(
      "query/unsupported-value",
      "a value in the query does not fit where it stands",
    );
  if (types.has(state))
    return new UnsupportedQuery(
      "query/type-mismatch",
      "an operator, a function or a collation does not take what it is given: cast it",
    );
  if (places.has(state))
    return new UnsupportedQuery(
      "query/misplaced",
      "a column that is neither grouped nor aggregated, or an aggregate, a window, an order or a recursion stands where none can",
    );
  return undefined;
}
