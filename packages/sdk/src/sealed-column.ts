import type { Masked, Sealed } from "@wardline/isolation";
import type { ColumnType } from "kysely";

/** A sealed column in Kysely's table types: closed where it is shown whole, a text where a mask is over it, null where it is hidden or empty. */
export type SealedColumn = ColumnType<
  Sealed | Masked<string> | null,
  Sealed | string | null | undefined,
  Sealed | string | null
>;
