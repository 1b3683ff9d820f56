/** The laws, held against policy after policy from a seed. */
import { evaluate, valueAt, type Decision } from "@wardline/core";
import { generateCase, generateRequests, withStatements, type Case } from "@wardline/core/testing";
import { compileCase } from "../agree/compile-case.ts";
import { withoutOne } from "../agree/shrink.ts";
import { formula } from "./formula.ts";
import { floors, forbidding, tightening, widest } from "./guardrail-laws.ts";
import type { Broken, Engine, Law, Subject } from "./law.ts";
import { names, order, repetition } from "./retelling-laws.ts";
import { challenges, merging, updates } from "./table-laws.ts";

export const laws: readonly Law[] = [
  formula,
  order,
  repetition,
  names,
  tightening,
  widest,
  floors,
  forbidding,
  merging,
  challenges,
  updates,
];

export const realEngine: Engine = { compile: compileCase, evaluate };

export interface LawRun {
  readonly policies: number;
  /** The seed of the first policy; the next ones follow. */
  readonly seed: number;
  readonly engine?: Engine;
  /** The laws that are held; all where it is left out. */
  readonly only?: readonly Law[];
  /** True: what breaks a law is told as it was generated, and not made small. */
  readonly whole?: boolean;
  /** What is asked of the policies of seeds, for runs that share one compiler; a run adds what it makes. */
  readonly asked?: Map<number, Asked>;
  /** Called after each policy. */
  readonly progress?: (policies: number) => void;
}

export interface LawResult {
  /** Kind of answer → how many requests had one. */
  readonly seen: ReadonlyMap<string, number>;
  /** The first law that did not hold, on a policy made small. */
  readonly broken: (Broken & { readonly law: Law; readonly made: Case }) | null;
}

/** A generated policy with the questions to it; null where it asks more than a tenant may. */
export type Asked = Pick<Subject, "made" | "program" | "requests"> | null;

/** Requests to each policy. */
const questions = 12;

export function runLaws(run: LawRun): LawResult {
  const { policies, seed, engine = realEngine, only = laws, whole = false, asked, progress } = run;
  const seen = new Map<string, number>(kinds.map((kind) => [kind, 0]));
  for (let at = 0; at < policies; at += 1) {
    const known = asked?.get(seed + at);
    const next = known === undefined ? generated(engine, seed + at) : known;
    asked?.set(seed + at, next);
    if (next === null) continue;
    const subject = answered(engine, next);
    subject.decisions.forEach((decision, i) => {
      for (const kind of kindsOf(decision, subject.requests[i]?.request))
        seen.set(kind, (seen.get(kind) ?? 0) + 1);
    });
    for (const law of only) {
      const broken = law.check(subject);
      if (broken === null) continue;
      const { made } = subject;
      return { seen, broken: whole ? { ...broken, law, made } : smallest(engine, law, made, broken) };
    }
    progress?.(at + 1);
  }
  return { seen, broken: null };
}

/** The policy of a seed. Throws where it does not compile. */
function generated(engine: Engine, seed: number): Asked {
  const made = generateCase(seed, "whole", "rules");
  const { program, findings } = engine.compile(made);
  if (program !== null) return { made, program, requests: generateRequests(made, program, questions) };
  const errors = findings.filter((found) => found.severity === "error");
  // A generated text may ask more than a tenant may; nothing else may stop it.
  if (errors.length > 0 && errors.every((found) => found.code.startsWith("limit/"))) return null;
  throw new Error(`the policy of seed ${seed} does not compile`);
}

function answered(engine: Engine, asked: NonNullable<Asked>): Subject {
  const { made, program, requests } = asked;
  const decisions = requests.map(({ request }) => engine.evaluate(program, request));
  return { made, program, requests, engine, decisions };
}

/** Leaves statements and clauses out while the law does not hold. */
function smallest(engine: Engine, law: Law, made: Case, broken: Broken): NonNullable<LawResult["broken"]> {
  for (const statements of withoutOne(made.statements)) {
    const smaller = withStatements(made, statements);
    const found = tried(engine, law, smaller);
    if (found !== null) return smallest(engine, law, smaller, found);
  }
  return { ...broken, law, made };
}

/** What is left out may be needed by the rest. */
function tried(engine: Engine, law: Law, made: Case): Broken | null {
  try {
    const { program } = engine.compile(made);
    if (program === null) return null;
    return law.check(
      answered(engine, { made, program, requests: generateRequests(made, program, questions) }),
    );
  } catch {
    return null;
  }
}

/** What a run must have seen, so that no law holds for want of answers. */
const kinds = [
  "permit",
  "challenge",
  "deny: forbidden",
  "deny: not_granted",
  "deny: exhausted",
  "by a floor",
  "by a share",
  "several alternatives",
  "mask",
  "draws from a limit",
  "duty",
  "update",
] as const;

function kindsOf(decision: Decision, request: unknown): readonly (typeof kinds)[number][] {
  const { outcome, reason, rules, obligations, alternatives } = decision;
  const has = (...types: readonly string[]) => obligations.some((one) => types.includes(one.type));
  const is = {
    permit: outcome === "permit",
    challenge: outcome === "challenge",
    "deny: forbidden": reason === "forbidden",
    "deny: not_granted": reason === "not_granted",
    "deny: exhausted": reason === "not_granted" && rules.length > 0,
    "by a floor": rules.some((id) => id.startsWith("platform/keeps_")),
    "by a share": rules.some((id) => id.startsWith("platform/lends_")),
    "several alternatives": alternatives !== undefined,
    mask: has("mask", "hide"),
    "draws from a limit": has("limit"),
    duty: has("audit", "notify"),
    update:
      outcome !== "deny" &&
      valueAt(request, ["prior"]) !== undefined &&
      valueAt(request, ["next"]) !== undefined,
  } as const;
  return kinds.filter((kind) => is[kind]);
}

/** The kinds of answer that a run did not see: it proves little. */
export function unseen({ seen }: LawResult): readonly string[] {
  return [...seen].filter(([, count]) => count === 0).map(([kind]) => kind);
}

export function describeBroken({
  law,
  made,
  what,
  request,
  decisions,
}: NonNullable<LawResult["broken"]>): string {
  return [
    `${law.name}: ${what}`,
    `in the policy of seed ${made.seed}; repeat it with --seed ${made.seed} --policies 1`,
    ...[made.model, made.platform, made.policy].flatMap((file) => [`--- ${file.name}`, file.text]),
    ...(request === undefined ? [] : ["--- request", JSON.stringify(request)]),
    ...decisions.flatMap((decision) => ["--- decision", JSON.stringify(decision)]),
  ].join("\n");
}
