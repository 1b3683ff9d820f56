/** What the server in a worker knows of the workspace's files. */
import { expect, test } from "vitest";
import { givenName } from "../src/folder-uris.ts";
import { GivenTexts } from "../src/given-texts.ts";

const [one, other] = ["memfs:/a", "memfs:/ab"];

test("what goes with a folder goes, and nothing of a folder whose name begins alike", () => {
  const texts = new GivenTexts();
  const names = [
    givenName(one, "/p/a.ward"),
    givenName(one, "/p/q/b.ward"),
    givenName(one, "/pq.ward"),
    givenName(other, "/p/a.ward"),
  ];
  texts.take(names.map((name) => ({ name, text: "policy" })));
  const known = () => texts.files.map(({ name }) => names.indexOf(name));
  expect(texts.drop(givenName(one, "/p"))).toEqual(names.slice(0, 2).map((name) => ({ name, text: null })));
  expect(known()).toEqual([2, 3]);
  texts.drop(givenName(one, "/elsewhere"));
  texts.take([{ name: givenName(one, "/none.ward"), text: null }]);
  expect(known()).toEqual([2, 3]);
  texts.drop(givenName(one, ""));
  expect(known()).toEqual([3]);
});
