/** A parent and a reference that are kept in one column are one: what a test says of one of them holds for the other. */
import type { EntityModel, WireValue } from "@wardline/core";
import type { TestInstance } from "./checked-test.ts";

export interface Links {
  readonly attributes: ReadonlyMap<string, WireValue>;
  readonly parents: TestInstance["parents"];
}

interface Twin {
  readonly field: string;
  readonly entity: string;
}

/**
 * What is said, with the parents that references say and the references that parents say; or the twin of which two
 * different things are said. `before`: the row that what is said changes.
 */
export function inOneColumn(
  model: EntityModel,
  said: { readonly [Part in keyof Links]?: Links[Part] | undefined },
  before: Links = { attributes: new Map(), parents: [] },
): Links | Twin {
  const attributes = new Map([...before.attributes, ...(said.attributes ?? [])]);
  let parents = said.parents ?? before.parents;
  for (const twin of twinsOf(model)) {
    const { field, entity } = twin;
    const referred = said.attributes?.get(field);
    const [above, second] = said.parents?.filter((parent) => parent.entity === entity) ?? [];
    if (second !== undefined) return twin;
    if (typeof referred === "string") {
      if (above !== undefined && above.id !== referred) return twin;
      const old = before.attributes.get(field);
      const others =
        said.parents === undefined
          ? parents.filter((parent) => parent.entity !== entity || parent.id !== old)
          : parents;
      const isThere = others.some((parent) => parent.entity === entity && parent.id === referred);
      parents = isThere ? others : [...others, { entity, id: referred }];
    } else if (above !== undefined) attributes.set(field, above.id);
  }
  return { attributes, parents };
}

/** The references that are kept in the column of a parent, where no other parent is of that type. */
function twinsOf({ parents, fields }: EntityModel): readonly Twin[] {
  return parents.flatMap(({ entity, via }) => {
    const isOnly = parents.filter((parent) => parent.entity === entity).length === 1;
    const field = fields.find(
      ({ storage, type }) =>
        via.kind === "column" &&
        storage?.kind === "column" &&
        storage.column === via.column &&
        type.kind === "entity" &&
        type.entity === entity,
    );
    return field === undefined || !isOnly ? [] : [{ field: field.name, entity }];
  });
}
