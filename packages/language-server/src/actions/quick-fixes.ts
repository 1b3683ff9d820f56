/** The fixes of findings, and what an editor can do about those without: a reason to be filled in, a test, a comment that suppresses. */
import { isLintCode, fixOf } from "@wardline/compiler";
import type { Finding } from "@wardline/core";
import type { Action, ActionPlace } from "./action.ts";
import { addTest } from "./add-test.ts";
import { capital } from "../plain-words.ts";

export function quickFixes(place: ActionPlace): readonly Action[] {
  const { snapshot, file, start, end } = place;
  const here = snapshot
    .findings()
    .filter(({ labels: [{ span }] }) => span.file === file && span.start <= end && start <= span.end);
  return here.flatMap((finding) => [
    ...fixesOf(finding),
    ...(finding.code === "lint/forbid-without-because" ? addBecause(place, finding) : []),
    ...(finding.code === "lint/untested-rule" ? addTest(place, finding) : []),
    ...(isLintCode(finding.code) ? suppress(place, finding) : []),
  ]);
}

/** A fix that settles what its author must is offered, and never preferred. */
function fixesOf(finding: Finding): readonly Action[] {
  const safe = fixOf(finding);
  return finding.fixes
    .filter(({ edits }) => edits.length > 0)
    .map((fix) => ({
      title: capital(fix.title),
      kind: "quickfix" as const,
      finding,
      isPreferred: fix === safe,
      edits: () => fix.edits,
    }));
}

function addBecause({ snapshot, file }: ActionPlace, finding: Finding): readonly Action[] {
  const at = finding.labels[0].span.start;
  const statements = snapshot.parsed(file)?.ast.statements ?? [];
  const statement = statements.find(({ span }) => span.start <= at && at < span.end);
  if (statement === undefined) return [];
  const end = { ...statement.span, start: statement.span.end };
  return [
    {
      title: "Say why it forbids",
      kind: "quickfix",
      finding,
      edits: () => [{ span: end, text: '\n  because "The reason, for whoever is refused"' }],
    },
  ];
}

/** `// allow lint/x: reason` on a line before the statement. The reason is to be written by whoever chooses it. */
function suppress({ snapshot, file, text }: ActionPlace, finding: Finding): readonly Action[] {
  const ast = snapshot.parsed(file)?.ast;
  const at = finding.labels[0].span.start;
  const concerned = [ast?.header ?? null, ...(ast?.statements ?? [])].find(
    (one) => one !== null && one.span.start <= at && at < one.span.end,
  );
  if (concerned === undefined || concerned === null) return [];
  const line = text.lastIndexOf("\n", concerned.span.start - 1) + 1;
  if (text.slice(line, concerned.span.start).trim() !== "") return [];
  const indent = text.slice(line, concerned.span.start);
  const span = { file, start: line, end: line };
  return [
    {
      title: `Allow it here: \`// allow ${finding.code}: …\``,
      kind: "quickfix",
      finding,
      edits: () => [{ span, text: `${indent}// allow ${finding.code}: say why it is meant so\n` }],
    },
  ];
}
