import { projectByHeader, type Project } from "@wardline/compiler/project";
import { expect, test } from "vitest";
import { snapshotOf } from "../src/index.ts";

const files = [
  {
    name: "library.ward",
    text: "model library\nprincipal Member { name: String }\nentity Loan stored in loans { open: Bool }\nrole reader for Member\naction read reads Loan\n",
  },
  { name: "platform.ward", text: "platform for library\nceiling all: anyone to read Loan\n" },
  {
    name: "north.ward",
    text: "policy north for library\npermit look: reader to read Loan\nforbid stop: reader to read Loan when resource.open\n",
  },
];

test("a snapshot knows each file as what it is loaded as, and compiles when it is asked", () => {
  const snapshot = snapshotOf(projectByHeader(files, "wardline.config.json") as Project);
  expect(snapshot.files).toEqual(files.map(({ name }) => name));
  expect(snapshot.roleOf("north.ward")).toEqual({ kind: "policy", tenant: "north" });
  expect(snapshot.roleOf("other.ward")).toBeUndefined();
  expect(snapshot.compiled("north")?.program?.rules.map(({ id }) => id)).toEqual([
    "platform/all",
    "north/look",
    "north/stop",
  ]);
  expect(snapshot.compiled("south")).toBeUndefined();
  expect(snapshot.findings().map(({ code }) => code)).toContain("lint/forbid-without-because");
});
