/** The shape of programs: equal questions are one, and everything is in a fixed order. */
import { loadProgram, type Program } from "@wardline/core";
import { expect, test } from "vitest";
import { compileModel } from "../../src/index.ts";
import { compileLibrary, libraryModel } from "../check/library.ts";
import { everyConstruct } from "../compile/every-construct.ts";

function programOf(policy: string, platform?: string): Program {
  const { program, findings } = compileLibrary(platform === undefined ? { policy } : { policy, platform });
  return program ?? expect.fail(findings.map((found) => found.message).join("; "));
}

/** The atoms that stand besides the question who asks. */
function atomsOf(condition: string) {
  return programOf(`permit a: reader to read Book when ${condition}`).atoms.filter(
    (atom) => atom.kind !== "role",
  );
}

test("there is a table for each principal type, action and entity, in model order", () => {
  const { tables } = programOf("");
  const on = [
    "read Book",
    "read Loan",
    "list Book",
    "list Loan",
    "create Book",
    "lend Loan",
    "update Book",
    "update Loan",
    "remove Book",
  ];
  expect(tables.map((t) => `${t.principal} ${t.action} ${t.resource}`)).toEqual(
    ["Member", "Scanner"].flatMap((principal) => on.map((pair) => `${principal} ${pair}`)),
  );
  expect(tables.find((t) => t.action === "update")?.passes.map((pass) => pass.row)).toEqual([
    "prior",
    "next",
  ]);
});

test.each([
  ["resource.branch == principal.home", "principal.home == resource.branch", "has principal.home and "],
  ["resource.pages < 5", "5 > resource.pages", ""],
  ["resource.acquired <= now", "now >= resource.acquired", ""],
  ["resource.genre == law", "resource.genre in [law]", ""],
  ["resource.genre in [law, science]", "resource.genre in [science, law, law]", ""],
  ["resource.lost", "resource.lost == true", ""],
  ['not (resource.title != "x")', 'resource.title == "x"', ""],
  ["resource.price > 3", "resource.price > 3.00", ""],
])("%s and %s are one question", (a, b, guard) => {
  const one = atomsOf(`${guard}${a}`);
  expect(atomsOf(`${guard}${b}`)).toEqual(one);
  expect(atomsOf(`${guard}(${a} or not (${b}))`)).toEqual(one);
});

test("negation is at the atoms, nested joins are one, constants are folded", () => {
  const { conditions } = programOf(
    "let odd = resource.lost or resource.pages == 3\npermit a: reader to read Book when not (odd or (resource.pages == 4 or false)) and true",
  );
  const ands = conditions.filter((condition) => condition.kind === "and");
  expect(ands.map((condition) => condition.of.length)).toEqual([4]);
  expect(conditions.filter((condition) => condition.kind === "or")).toEqual([]);
  expect(conditions.flatMap((c) => (c.kind === "atom" ? [c.negated] : []))).toEqual([
    false,
    true,
    true,
    true,
  ]);
});

test("a rule that cannot hold in a combination has no entry there", () => {
  const program = programOf('permit a: reader, Scanner to read Book when principal == Member "ada"');
  const grants = (principal: string) =>
    program.tables.find((t) => t.principal === principal && t.action === "read" && t.resource === "Book")
      ?.passes[0]?.grants.length;
  expect([grants("Member"), grants("Scanner")]).toEqual([1, 0]);
});

test("rules stand by layer and name, wherever they were written", () => {
  const platform =
    "platform for library\nforbid z: anyone to read Book when resource.lost\nceiling b: anyone to act on anything\n";
  expect(
    programOf("permit y: reader to read Book\nforbid a: reader to list Book", platform).rules.map(
      (rule) => rule.id,
    ),
  ).toEqual(["platform/b", "platform/z", "north/a", "north/y"]);
});

test("a table reads the scope, and of the rest what its own rules ask", () => {
  const program = programOf("permit a: reader to read Book when context.mfa");
  const sources = (action: string, resource: string) =>
    program.tables
      .find((t) => t.principal === "Member" && t.action === action && t.resource === resource)
      ?.slots.map((slot) => JSON.stringify(Object.values(program.slots[slot]?.source ?? {})))
      .toSorted();
  const scope = [
    '["principal","id"]',
    '["principal","roles"]',
    '["principal","tenant"]',
    '["row","resource","id"]',
    '["row","resource","tenant"]',
    '["tenant","id"]',
  ];
  expect(sources("read", "Loan")).toEqual(scope);
  expect(sources("read", "Book")).toEqual(['["context","mfa"]', ...scope]);
});

test("the model in a program is the model alone: a tenant's roles are in its rules", () => {
  const program = programOf("role desk extends librarian\npermit a: librarian to read Book");
  const alone = compileModel({ name: "library.ward", text: libraryModel });
  expect(program.model).toEqual(alone.model);
  expect(program.atoms).toContainEqual(
    expect.objectContaining({ kind: "role", roles: ["desk", "librarian"] }),
  );
});

test("every slot, atom and condition of a program is in use", () => {
  const { tables, conditions, atoms, slots } = programOf(everyConstruct.policy, everyConstruct.platform);
  const used = new Set<number>();
  const use = (id: number): void => {
    if (used.has(id)) return;
    used.add(id);
    const condition = conditions[id];
    if (condition?.kind === "and" || condition?.kind === "or") condition.of.forEach(use);
  };
  for (const { passes } of tables)
    for (const pass of passes) {
      use(pass.ceiling);
      for (const entry of [...pass.forbids, ...pass.grants, ...pass.requires]) use(entry.when);
      for (const { met } of pass.requires.flatMap((entry) => entry.preconditions)) use(met);
    }
  expect(used.size).toBe(conditions.length);
  expect(new Set(conditions.flatMap((c) => (c.kind === "atom" ? [c.atom] : []))).size).toBe(atoms.length);
  expect(new Set(tables.flatMap((table) => table.slots)).size).toBe(slots.length);
});

test("all constructs together load, and are what they were", () => {
  const program = programOf(everyConstruct.policy, everyConstruct.platform);
  const loaded = loadProgram(JSON.parse(JSON.stringify(program)));
  expect("error" in loaded ? loaded.error : loaded.program).toEqual(program);
});

test("the IR of one small policy, whole", () => {
  const { program } = compileLibrary({
    model:
      "model library\nprincipal Member { level: Int(0..5) }\nentity Book stored in books { title: String pages: Int? }\naction read reads Book\nrole reader\n",
    policy:
      "permit a: reader to read Book\n  when has resource.pages and resource.pages > principal.level\n  with mask(title, initials)\n",
  });
  const { model: _, ...rest } = program ?? expect.fail("refused");
  expect(rest).toMatchSnapshot();
});
