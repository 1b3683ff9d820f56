/** What an editor's compiler keeps from text to text changes nothing that it finds: after every edit it is as from scratch. */
import { readFileSync } from "node:fs";
import type { SourceFile } from "@wardline/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { noteEdited, parseFile, parseOnce, platformLimits, tenantLimits } from "../src/index.ts";
import {
  checkProject,
  compileProject,
  projectByConfig,
  readConfig,
  withTexts,
  type Project,
} from "../src/project/index.ts";

const seed = Number(process.env["WARDLINE_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
/** About how many edits are carried out, in runs of at most 12. */
const edits = Number(process.env["WARDLINE_EDITS"] ?? 60);

const folder = new URL("../../../examples/projects/", import.meta.url);
const config = readConfig("c", readFileSync(new URL("wardline.config.json", folder), "utf8"));
if ("problem" in config) throw new Error(config.problem);
const whole = projectByConfig(config, (name) => ({
  name,
  text: readFileSync(new URL(name, folder), "utf8"),
}));
const [tenant, policy] = [...whole.tenants][0] as [string, SourceFile];
const project: Project = { ...whole, tenants: new Map([[tenant, policy]]) };

const filesIn = (one: Project): readonly SourceFile[] => [
  ...(one.model === null ? [] : [one.model]),
  ...one.platform,
  ...one.packs,
  ...one.tenants.values(),
];
const sourceIn = (one: Project, name: string) =>
  filesIn(one).find((file) => file.name === name) as SourceFile;

/** The same texts in files of which nothing is known. */
function fresh(one: Project): Project {
  const copy = (file: SourceFile): SourceFile => ({ ...file });
  return {
    ...one,
    model: one.model === null ? null : copy(one.model),
    platform: one.platform.map(copy),
    packs: one.packs.map(copy),
    tenants: new Map([...one.tenants].map(([name, file]) => [name, copy(file)])),
  };
}

const names = filesIn(project).map(({ name }) => name);
const share = fc.double({ min: 0, max: 1, noNaN: true });
const edit = fc.record({
  // Mostly the policy, which is what people edit.
  file: fc.oneof({ weight: 2, arbitrary: fc.constant(policy.name) }, fc.constantFrom(...names)),
  at: share,
  length: fc.oneof(
    { weight: 3, arbitrary: fc.constant(0) },
    { weight: 2, arbitrary: fc.nat(3) },
    fc.nat(400),
  ),
  text: fc.oneof(
    fc.constantFrom(
      "",
      "",
      "e",
      " ",
      "\n",
      ".",
      "(",
      "}",
      '"',
      "//",
      " and ",
      "x_1",
      "permit",
      "\n\n",
      "///",
      ":",
    ),
    // A stretch of the text itself, pasted somewhere else.
    fc.record({ from: share, length: fc.nat(300) }),
  ),
  undo: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, fc.constant(true)),
});

test(`after every edit the findings are those of the same texts from scratch (seed ${seed})`, () => {
  let reused = 0;
  let done = 0;
  const limitsOf = (name: string) => (name === policy.name ? tenantLimits : platformLimits);
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 12 }), (all) => {
      let now = project;
      const before: Project[] = [];
      for (const { file, at, length, text, undo } of all) {
        const source = sourceIn(now, file);
        const start = Math.floor(at * source.text.length);
        const put =
          typeof text === "string"
            ? text
            : source.text.slice(Math.floor(text.from * source.text.length)).slice(0, text.length);
        const changed = source.text.slice(0, start) + put + source.text.slice(start + length);
        const next = (undo ? before.pop() : undefined) ?? withTexts(now, new Map([[file, changed]]));
        if (!undo) before.push(now);
        for (const name of names) {
          const [old, edited] = [sourceIn(now, name), sourceIn(next, name)];
          // An undone text comes back as another object.
          if (old !== edited) noteEdited(old, edited);
        }
        const edited = sourceIn(next, file);
        const statements = new Set(parseOnce(source, limitsOf(file)).ast.statements);
        const parsed = parseOnce(edited, limitsOf(file));
        reused += parsed.ast.statements.filter((one) => statements.has(one)).length;
        expect(parsed).toEqual(
          parseFile({ ...edited }, file === policy.name ? tenantLimits : platformLimits),
        );
        now = next;
        done += 1;
        const options = { lint: true };
        expect(checkProject(now, options)).toEqual(checkProject(fresh(now), options));
      }
      expect([...compileProject(now).programs]).toEqual([...compileProject(fresh(now)).programs]);
    }),
    { seed, numRuns: Math.ceil(edits / 6) },
  );
  expect(reused).toBeGreaterThan(done);
});

test("a change of one tenant's policy checks no other tenant's anew, and one of what they share checks all", () => {
  const [[one, file], [other]] = [...whole.tenants] as [[string, SourceFile], [string, SourceFile]];
  const options = { lint: true };
  const before = checkProject(whole, options);
  expect(before.settings.get(other)).toBeDefined();
  const zoned = file.text.replace("Europe/Berlin", "Europe/Paris");
  const edited = withTexts(whole, new Map([[file.name, zoned]]));
  const after = checkProject(edited, options);
  expect(after).toEqual(checkProject(fresh(edited), options));
  expect(after.settings.get(other)).toBe(before.settings.get(other));
  expect(after.settings.get(one)).not.toEqual(before.settings.get(one));
  const shared = whole.platform[0] as SourceFile;
  const broken = withTexts(whole, new Map([[shared.name, `${shared.text}\npermit\n`]]));
  expect(checkProject(broken, options)).toEqual(checkProject(fresh(broken), options));
  // The same text under other lints, and as another tenant's.
  const strict = { ...whole, lints: { "lint/untested-rule": "error" } as const };
  expect(checkProject(strict, options)).toEqual(checkProject(fresh(strict), options));
  const renamed = { ...whole, tenants: new Map([[`${one}_two`, file]]) };
  expect(checkProject(renamed, options)).toEqual(checkProject(fresh(renamed), options));
});
