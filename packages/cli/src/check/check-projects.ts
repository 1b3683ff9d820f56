/** One run of `check`: compile, mend if asked to, leave out what is known or did not change. */
import { checkProject, sourcesOf, withTexts } from "@wardline/compiler/project";
import { realpathSync } from "node:fs";
import { resolve } from "node:path";
import { fixAll, type AppliedFix, type Texts } from "@wardline/compiler";
import type { Finding } from "@wardline/core";
import { changedFiles } from "../git/changed-files.ts";
import type { Selection } from "../project/selection.ts";
import { fingerprints } from "../report/fingerprint.ts";
import { compareBaseline, type Baseline, type BaselineOutcome } from "./baseline.ts";
import { writeTexts } from "../files/write-texts.ts";

export interface CheckRequest {
  readonly cwd: string;
  readonly fix: boolean;
  /** Show only findings in files that changed since this commit. */
  readonly changedSince: string | undefined;
  readonly baseline: Baseline | undefined;
  readonly step: (done: number, all: number) => void;
}

export interface Checked {
  /** All that was found. */
  readonly all: readonly Finding[];
  /** What is to be reported of it. */
  readonly findings: readonly Finding[];
  readonly fingerprints: ReadonlyMap<Finding, string>;
  readonly sources: Texts;
  readonly policies: { readonly fine: number; readonly all: number };
  readonly applied: readonly AppliedFix[];
  readonly refused: readonly Finding[];
  readonly known: BaselineOutcome | undefined;
  /** Findings that were left out since their file did not change. */
  readonly unchanged: readonly Finding[] | undefined;
}

export function checkProjects(selections: readonly Selection[], request: CheckRequest): Checked {
  const before = new Map(selections.flatMap(({ project }) => [...sourcesOf(project)]));
  const changed = request.changedSince === undefined ? undefined : changedNames(selections, request);
  let compiled = checkAll(selections, before, request);
  let judged = judge(compiled.findings, before, changed, request);
  let mended = {
    texts: before as Texts,
    applied: [] as readonly AppliedFix[],
    refused: [] as readonly Finding[],
  };
  if (request.fix) {
    mended = fixAll(
      before,
      (texts) => {
        compiled = checkAll(selections, texts, request);
        judged = judge(compiled.findings, texts, changed, request);
        return compiled.findings;
      },
      (finding) => judged.findings.includes(finding),
    );
    writeTexts(request.cwd, before, mended.texts);
    compiled = checkAll(selections, mended.texts, request);
    judged = judge(compiled.findings, mended.texts, changed, request);
  }
  const all = selections.reduce((sum, { tenants }) => sum + tenants.size, 0);
  return {
    ...judged,
    all: compiled.findings,
    sources: mended.texts,
    policies: { fine: compiled.fine, all },
    applied: mended.applied,
    refused: mended.refused,
  };
}

function checkAll(
  selections: readonly Selection[],
  texts: Texts,
  { step }: CheckRequest,
): { readonly findings: readonly Finding[]; readonly fine: number } {
  const results = selections.map(({ project, tenants }) =>
    checkProject(withTexts(project, texts), {
      only: (tenant) => tenants.has(tenant),
      lint: true,
      step,
    }),
  );
  return {
    findings: results.flatMap((result) => result.findings),
    fine: results.reduce((sum, { fine }) => sum + fine, 0),
  };
}

/** Sorts out which findings are reported. */
function judge(
  all: readonly Finding[],
  texts: Texts,
  changed: ReadonlySet<string> | undefined,
  { cwd, baseline }: CheckRequest,
): Pick<Checked, "findings" | "fingerprints" | "known" | "unchanged"> {
  const prints = fingerprints(all, texts);
  const known =
    baseline === undefined ? undefined : compareBaseline(cwd, baseline, all, prints, texts.keys());
  const fresh = all.filter((finding) => known?.known.has(finding) !== true);
  const isChanged = (finding: Finding) => changed?.has(finding.labels[0].span.file) ?? true;
  return {
    findings: fresh.filter(isChanged),
    fingerprints: prints,
    known,
    unchanged: changed === undefined ? undefined : fresh.filter((finding) => !isChanged(finding)),
  };
}

function changedNames(
  selections: readonly Selection[],
  { cwd, changedSince }: CheckRequest,
): ReadonlySet<string> {
  const names = selections.flatMap(({ project }) => {
    const changed = changedFiles(project.folder, changedSince as string);
    return [...sourcesOf(project).keys()].filter((name) => changed.has(realpathSync(resolve(cwd, name))));
  });
  return new Set(names);
}
