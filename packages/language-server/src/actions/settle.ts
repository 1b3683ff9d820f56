/**
 * Edits as they are carried out: a text that was formatted stays so. Invariant: what must keep every decision is compiled
 * before and after, and given up unless both are the same program but for names.
 */
import { applyEdits, compile, formatText, platformLimits, tenantLimits } from "@wardline/compiler";
import type { Program, TextEdit } from "@wardline/core";
import { oneEdit } from "../try/one-edit.ts";
import type { Snapshot } from "../workspace/snapshot.ts";

/** The edits of one file, and what formatting makes of them. */
function formattedEdits(snapshot: Snapshot, file: string, edits: readonly TextEdit[]): readonly TextEdit[] {
  const text = snapshot.text(file) ?? "";
  const role = snapshot.roleOf(file);
  const limits = role?.kind === "model" || role?.kind === "platform" ? platformLimits : tenantLimits;
  const format = (of: string) => {
    const result = formatText({ name: file, text: of }, limits);
    return "text" in result ? result.text : null;
  };
  if (format(text) !== text) return edits;
  const after = format(applyEdits(text, edits));
  return after === null ? edits : [oneEdit({ name: file, text }, after)];
}

/** The edits, formatted, if every tenant's policy decides by them as it did; else null. */
export function sameDecisions(
  snapshot: Snapshot,
  file: string,
  edits: readonly TextEdit[],
  isSame: (before: Program, after: Program) => boolean = isSameProgram,
): readonly TextEdit[] | null {
  const settled = formattedEdits(snapshot, file, edits);
  const text = applyEdits(snapshot.text(file) ?? "", settled);
  const { project } = snapshot;
  const put = <File extends { readonly name: string; readonly text: string }>(one: File) =>
    one.name === file ? { ...one, text } : one;
  for (const [tenant, policy] of project.tenants) {
    const before = snapshot.compiled(tenant)?.program ?? null;
    // Where it did not compile before, nothing can be compared.
    if (before === null || project.model === null) return null;
    const after = compile({
      model: put(project.model),
      platform: project.platform.map(put),
      packs: project.packs.map(put),
      policy: put(policy),
      tenant,
    }).program;
    if (after === null || !isSame(before, after)) return null;
    if (snapshot.roleOf(file)?.kind === "policy" && policy.name === file) break;
  }
  return settled;
}

/** True if both ask and answer the very same. Lines of rules may differ. */
function isSameProgram(before: Program, after: Program): boolean {
  const parts = ({ atoms, conditions, slots, tables }: Program) =>
    JSON.stringify([atoms, conditions, slots, tables]);
  return parts(before) === parts(after);
}

/** True if the tables permit and forbid the same, whichever rules say so; obligations and limits are alike. */
export function isSameButRules(before: Program, after: Program): boolean {
  const shape = (program: Program) =>
    program.tables.map((table) => ({
      ...table,
      passes: table.passes.map((pass) => ({
        ...pass,
        forbids: cases(pass.forbids, program),
        grants: cases(pass.grants, program),
        requires: cases(pass.requires, program),
        ceilings: cases(pass.ceilings ?? [], program),
      })),
    }));
  return JSON.stringify(tree(before, shape(before))) === JSON.stringify(tree(after, shape(after)));
}

/** Entries without their rules, each once, in an order of their own. */
function cases(
  entries: readonly { readonly rule: number; readonly when: number }[],
  program: Program,
): readonly string[] {
  const texts = entries.map(({ rule, ...rest }) => JSON.stringify([program.rules[rule]?.kind, rest]));
  return [...new Set(texts)].toSorted();
}

const tree = ({ atoms, conditions, slots }: Program, tables: unknown) => [atoms, conditions, slots, tables];
