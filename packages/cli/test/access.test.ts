/** `wardline who-can` and `wardline what-can`. */
import { expect, test } from "vitest";
import { policy, projectFolder, run } from "./project.ts";

const text = `${policy}
forbid all_removals: anyone to update Loan
  when resource.fee >= 100.00
  because "large fees stay"

role trainee
permit trainees: trainee to list Loan
`;
const ask = (args: readonly string[]) => run(projectFolder({ "north.ward": text }), args);

test("who-can goes through the roles that the rules tell apart", async () => {
  const { code, out, err } = await ask(["who-can", "update", "Loan", "--tenant", "north"]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out.split("\n").filter(Boolean)).toEqual([
    "Member without a role  never",
    "Member as librarian    sometimes, by north/desk",
  ]);
});

test("what somebody may always do is always", async () => {
  const { out } = await ask(["what-can", "Member", "--roles", "trainee", "--tenant", "north"]);
  expect(out).toMatch(/^list Loan +always, by .*north\/trainees/m);
  expect(out).toMatch(/^read Loan +never$/m);
  expect(out).toMatch(/^update Loan +never$/m);
});

test("the document has requests that show it", async () => {
  const { out } = await ask(["who-can", "read", "Loan", "--tenant", "north", "--format", "json"]);
  const { formatVersion, access } = JSON.parse(out) as {
    formatVersion: number;
    access: { roles: string[]; access: string; permitted: { action: { name: string } } | null }[];
  };
  expect(formatVersion).toBe(1);
  expect(access.find(({ roles }) => roles[0] === "librarian")).toMatchObject({
    access: "sometimes",
    permitted: { action: { name: "read" } },
  });
});

test.each([
  [["who-can", "updat", "Loan", "--tenant", "north"], "did you mean `update`?"],
  [["who-can", "update", "Lone", "--tenant", "north"], "did you mean `Loan`?"],
  [["who-can", "update", "Loan", "--tenant", "nort"], "did you mean `north`?"],
  [["what-can", "Membr", "--tenant", "north"], "did you mean `Member`?"],
  [["what-can", "Member", "--roles", "readr", "--tenant", "north"], "did you mean `reader`?"],
])("%j names what was meant", async (args, cure) => {
  const { code, err } = await ask(args);
  expect(code).toBe(2);
  expect(err).toContain(cure);
});
