/** What a plan is made from: a database as it is, and as the model wants it. */
import type { Catalogue } from "../doctor/catalogue.ts";
import { ownSchemas } from "../doctor/lint.ts";

export interface Compared {
  readonly there: Catalogue;
  readonly wanted: Catalogue;
  /** Where the model's tables are. */
  readonly schema: string;
}

/** The schemas whose objects are compared: the model's and ours. */
export function comparedSchemas({ there, schema }: Pick<Compared, "there" | "schema">): readonly string[] {
  return [schema, ...ownSchemas({ catalogue: there })];
}
