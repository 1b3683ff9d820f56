/**
 * `wardline/applyTemplate`: what a template makes of the policy, as text edits. Invariant: what is given back was compiled and
 * has no error; nothing of it changes what stood there.
 */
import { compile, runTests, type CompileResult } from "@wardline/compiler";
import type { Finding, SourceFile } from "@wardline/core";
import type { Refused } from "../protocol/requests.ts";
import { formatted } from "../try/keep-as-test.ts";
import { endsInReturns, oneEdit } from "../try/one-edit.ts";
import { opened } from "../try/opened.ts";
import type { Snapshot } from "../workspace/snapshot.ts";
import { brokenPromises } from "./broken-promises.ts";
import { changesBetween } from "./changes-between.ts";
import { fillStarter } from "./fill.ts";
import { modelViewOf } from "./model-view.ts";
import { packsOf, useText } from "./pack-form.ts";
import { starters } from "./starters.ts";
import type { AppliedTemplate, ApplyTemplateParams } from "./template.ts";

/** All at once. */
export function applyTemplate(snapshot: Snapshot, params: ApplyTemplateParams): AppliedTemplate | Refused {
  const steps = applied(snapshot, params);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** Step by step: whatever else waits goes first, and who does not want the answer any more waits for no more of it. */
export async function applyTemplateInSteps(
  snapshot: Snapshot,
  params: ApplyTemplateParams,
  isCancelled: () => boolean,
): Promise<AppliedTemplate | Refused> {
  const steps = applied(snapshot, params);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
    await new Promise<void>((resolve) => {
      setTimeout(resolve);
    });
    if (isCancelled()) return { refused: "This is not asked any more." };
  }
}

function* applied(
  snapshot: Snapshot,
  { tenant, template, values, preview = false }: ApplyTemplateParams,
): Generator<void, AppliedTemplate | Refused> {
  const open = opened(snapshot, tenant);
  if ("refused" in open) return open;
  const { program } = open;
  const policy = snapshot.project.tenants.get(tenant);
  if (policy === undefined) return { refused: "There is no policy to add to." };
  const view = modelViewOf(snapshot, program);
  const pack = packsOf(snapshot).find(({ id }) => id === template);
  const starter = starters.find(({ id }) => id === template);
  const given = typeof values === "object" && values !== null ? values : {};
  const made =
    pack !== undefined
      ? useText(pack, view, given)
      : starter !== undefined
        ? fillStarter(view, starter, given, freshName(snapshot, policy.name, starter.id))
        : { refused: "There is no such template any more." };
  if ("refused" in made) return made;
  const text = formatted(program, made.text);
  const after = added(snapshot, policy, text, pack !== undefined);
  const compiled = compiledWith(snapshot, tenant, { name: policy.name, text: after }, preview);
  const error = compiled.findings.find(({ severity }) => severity === "error");
  if (compiled.program === null)
    return { refused: `This does not fit the policy: ${error?.message ?? "it does not compile"}.` };
  yield;
  const before = compiledWith(snapshot, tenant, policy, preview);
  yield;
  return {
    file: policy.name,
    edits: [oneEdit(policy, after)],
    text,
    warnings: warningsSince(before.findings, compiled.findings),
    failing: failingSince(before, compiled),
    broken: preview ? yield* brokenPromises(before, compiled) : [],
    changes: preview ? yield* changesBetween(program, compiled.program) : null,
  };
}

/** Lints, some of which are found by trying, are looked for in a preview, and where the configuration makes one an error. */
function compiledWith(
  { project }: Snapshot,
  tenant: string,
  policy: SourceFile,
  lint: boolean,
): CompileResult {
  const { model, platform, packs, lints } = project;
  if (model === null) throw new RangeError("a policy that compiled has a model");
  const wanted = lint || Object.values(lints).includes("error");
  return compile({ model, platform, packs, policy, tenant, ...(wanted ? { lints } : {}) });
}

/** Packs stand first, rules after the last statement that is no test. Comments and tests stay where they are. */
function added({ parsed }: Snapshot, { name, text }: SourceFile, block: string, first: boolean): string {
  const ast = parsed(name)?.ast;
  const rules = (ast?.statements ?? []).filter(({ kind }) => kind !== "test");
  const after = first ? ast?.header?.span.end : (rules.at(-1)?.span.end ?? ast?.header?.span.end);
  const end = text.indexOf("\n", after ?? text.length);
  const at = end === -1 ? text.length : end;
  const withFeeds = (part: string) => (endsInReturns(text) ? part.replaceAll("\r\n", "\n") : part);
  const rest = withFeeds(text.slice(at));
  return `${withFeeds(text.slice(0, at)).replace(/\r$/, "")}\n\n${block}${rest.trim() === "" ? "\n" : first ? `\n${rest.replace(/^\n(?!\n)/, "\n\n").slice(1)}` : rest}`;
}

/** A name that no statement of the policy has. */
function freshName({ parsed }: Snapshot, file: string, wish: string): string {
  const statements = parsed(file)?.ast.statements ?? [];
  const taken = new Set(
    statements.flatMap((one) =>
      one.kind === "role" ? one.names.map(({ text }) => text) : "name" in one ? [one.name.text] : [],
    ),
  );
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? wish : `${wish}_${count}`;
    if (!taken.has(name)) return name;
  }
}

function warningsSince(before: readonly Finding[], after: readonly Finding[]): readonly string[] {
  const known = new Set(before.map(({ message }) => message));
  const fresh = after.flatMap(({ severity, message }) =>
    severity === "warning" && !known.has(message) ? [message] : [],
  );
  return [...new Set(fresh)];
}

function failingSince(before: CompileResult, after: CompileResult): readonly string[] {
  const failing = ({ program, tests }: CompileResult) =>
    program === null
      ? []
      : runTests(
          program,
          tests.filter(({ layer }) => layer === "tenant"),
        ).flatMap(({ test, passed }) => (passed ? [] : [test.title]));
  const known = new Set(failing(before));
  return failing(after).filter((title) => !known.has(title));
}
