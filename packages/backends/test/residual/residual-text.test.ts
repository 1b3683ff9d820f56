import { expect, test } from "vitest";
import { filterFor, residualText } from "@wardline/backends";
import { libraryProgram, libraryRequest } from "@wardline/core/testing";

const { action, resource, ...known } = libraryRequest;
const textOf = (more: object = {}) =>
  residualText(filterFor(libraryProgram, action.name, resource.type, { ...known, ...more }));

test("a list in words: which rows, how they are shown", () => {
  expect(textOf()).toMatchInlineSnapshot(`
    "read Book: the rows of north where
      all of
        resource.shelf in [closed, open]
        one of
          resource.holder == Member "m1"
          all of
            resource.price < 20.00
            resource.branch == Branch "br1"
          all of
            resource.tags.contains(resource.title)
            one of
              resource.holder == Member "m1"
              all of
                resource.price < 20.00
                resource.branch == Branch "br1"
      title: initials where
        one of
          resource.holder == Member "m1"
          all of
            resource.price < 20.00
            resource.branch == Branch "br1"
      title: else partial(last: 3)
      note: redact where
        resource.price < 20.00
      note: else shown
      price: shown where
        one of
          resource.holder == Member "m1"
          all of
            resource.price < 20.00
            resource.branch == Branch "br1"
      price: else hide"
  `);
});

test("a list that is never permitted", () => {
  expect(textOf({ context: 7, tenant: { id: "north" } })).toMatchInlineSnapshot(
    `"read Book: no row (invalid_input)"`,
  );
});
