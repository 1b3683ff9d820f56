/** Each thing that the checker refuses or warns of: its code, and the exact text under it. */
import { checkDiagnostics } from "../../src/diagnostics/checks.ts";
import { describe, expect, test } from "vitest";
import type { FindingCase } from "./case.ts";
import { assertCases } from "./assert-cases.ts";
import { guardrailBesideCases } from "./guardrail-beside-cases.ts";
import { guardrailCases } from "./guardrail-cases.ts";
import {
  compileLibrary,
  fixed,
  libraryModel,
  openPlatform,
  underlined,
  unmark,
  type Texts,
} from "./library.ts";
import { letCases } from "./let-cases.ts";
import { methodCases } from "./method-cases.ts";
import { modelCases } from "./model-cases.ts";
import { nameCases } from "./name-cases.ts";
import { packCases } from "./pack-cases.ts";
import { referenceCases } from "./reference-cases.ts";
import { settingCases } from "./setting-cases.ts";
import { sharedCases } from "./shared-cases.ts";
import { timeCases } from "./time-cases.ts";
import { typeCases } from "./type-cases.ts";
import { valueCases } from "./value-cases.ts";

const allCases = [
  ...nameCases,
  ...modelCases,
  ...typeCases,
  ...valueCases,
  ...timeCases,
  ...methodCases,
  ...referenceCases,
  ...guardrailCases,
  ...guardrailBesideCases,
  ...packCases,
  ...assertCases,
  ...settingCases,
  ...letCases,
  ...sharedCases,
];
const hasHeader = (text: string) => /^⟪?(?:model|platform|policy|pack) /.test(text);

/** The texts of a case: what is marked goes into its file. */
function textsOf({ file, text, model, platform, policy, packs }: FindingCase): Texts {
  const others = {
    ...(model === undefined ? {} : { model }),
    ...(platform === undefined ? {} : { platform }),
    ...(policy === undefined ? {} : { policy }),
    ...(packs === undefined ? {} : { packs }),
  };
  switch (file) {
    case "model":
      return { ...others, model: hasHeader(text) ? text : `${libraryModel}\n${text}\n` };
    case "platform":
      return { ...others, platform: hasHeader(text) ? text : `${openPlatform}${text}\n` };
    case "policy":
      return { ...others, policy: hasHeader(text) ? text : `policy north for library\n${text}\n` };
    case "pack":
      return { ...others, packs: [text, ...(packs ?? [])] };
  }
}

describe.each([...Map.groupBy(allCases, (c) => c.code)])("%s", (code, cases) => {
  test.each(cases.map((c) => [c.text.slice(0, 100), c] as const))("%s", (_, c) => {
    const texts = textsOf(c);
    const marked = (c.file === "pack" ? texts.packs?.[0] : texts[c.file]) ?? "";
    const { text, marks } = unmark(marked);
    const whole = c.file === "pack" ? { packs: [text, ...(c.packs ?? [])] } : { [c.file]: text };
    const { findings, files, program } = compileLibrary({ ...texts, ...whole });
    const entry = checkDiagnostics[code as keyof typeof checkDiagnostics];
    const same = findings.filter(
      (found) => found.severity === entry.severity && (entry.severity === "error" || found.code === code),
    );
    expect(same.map((found) => [found.code, underlined(files, found)])).toEqual(
      marks.map(([start, end]) => [code, text.slice(start, end)]),
    );
    expect(same.map((found) => found.labels[0].span.start)).toEqual(marks.map(([start]) => start));
    expect(program === null).toBe(findings.some((found) => found.severity === "error"));
    const [first] = same;
    if (first === undefined) return;
    expect(first.message).toContain(c.says ?? "");
    expect(first.message + (first.help ?? "")).not.toMatch(/\{\w*\}/);
    if (c.help !== undefined) expect(first.help).toBe(c.help);
    if (c.fix === undefined) return;
    const [start, end] = marks[0] ?? [0, 0];
    expect(fixed(files, first)).toBe(text.slice(0, start) + c.fix + text.slice(end));
  });
});

test("a did-you-mean, once applied, compiles", () => {
  const { findings, files } = compileLibrary({
    policy: 'permit a: reader to read Book when resource.titel == "x"\n',
  });
  const text = fixed(files, findings[0] ?? expect.fail("no finding")) ?? expect.fail("no fix");
  expect(compileLibrary({ policy: text }).program).not.toBeNull();
});

test("the library compiles without a finding", () => {
  const { findings, program } = compileLibrary({});
  expect(findings).toEqual([]);
  expect(program).not.toBeNull();
});
