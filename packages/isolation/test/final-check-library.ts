/** The lending library's model with one table that all tenants share, and texts as the transformer writes them. */
import type { StoredModel } from "../src/schema/table-plan.ts";
import { libraryModel, librarySealed } from "./driver-program.ts";

export const checkedModel: StoredModel = {
  model: {
    ...libraryModel,
    entities: [
      ...libraryModel.entities,
      {
        name: "Country",
        kind: "entity",
        shared: true,
        storage: { table: "countries", key: "id", tenant: "tenant_id" },
        keyType: "text",
        parents: [],
        fields: [
          {
            name: "name",
            type: { kind: "string" },
            optional: false,
            classes: [],
            searchable: false,
            storage: { kind: "column", column: "name" },
          },
        ],
      },
    ],
  },
  sealed: librarySealed,
};

/** The columns of a view that the texts below use. */
const columns = ["id", "title", "copies", "price", "bought", "rare"]
  .map((name) => `"t"."${name}" as "${name}"`)
  .join(", ");

/** A view that the planner looks through for nobody, and one that it may look through. */
export const openView = `select ${columns} from "lib"."books" as "t" where "t"."tenant_id" = $1 and not "t"."rare"`;
export const view = `${openView} OFFSET 0`;

/** A statement over one view. */
export function over(rest: string, select = `"w1"."id" as "id"`, of = view): string {
  return `select ${select} from (${of}) as "w1" ${rest}`;
}
