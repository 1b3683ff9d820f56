/** Answers every question of a case with every engine, and gives the questions on which they differ. */
import { evaluate, findTable, type Decision, type Finding, type Program } from "@wardline/core";
import {
  casesPerModel,
  constructsOfTable,
  constructsOfText,
  ruleConstructsOfText,
  wholeConstructsOfText,
  generateLists,
  generateRequests,
  type Case,
  type GeneratedList,
} from "@wardline/core/testing";
import { UnsupportedInSql, type SqlViews } from "@wardline/backends";
import { canonical } from "./answer.ts";
import type { SqlDatabase } from "@wardline/database-testing";
import { compileCase } from "./compile-case.ts";
import { createRowsQuestion, rowsTarget, type RowEngines } from "./rows-question.ts";
import { checkList, type ViewMaker } from "./list-check.ts";
import type { Tally } from "./tally.ts";
import {
  answersOf,
  type AnyTargetMaker,
  type BatchTarget,
  type NotAsked,
  type SkippedTarget,
  type Target,
} from "./target.ts";
import { loadWorld, type WorldDatabase } from "./world-database.ts";

export interface Engines extends RowEngines {
  readonly targets: readonly AnyTargetMaker[];
  readonly views: ViewMaker;
}

/** How many single requests and lists a policy is asked. */
export interface Effort {
  readonly requests: number;
  readonly lists: number;
}

/** What a counterexample is about: a text that is refused, one request, or one list. */
export type Question =
  | { readonly kind: "text" }
  | { readonly kind: "request"; readonly request: unknown; readonly damage: string | null }
  | { readonly kind: "list"; readonly list: GeneratedList };

export interface Mismatch {
  readonly case: Case;
  readonly question: Question;
  /** The request in which the answers differ, and each answer by its target. */
  readonly request: unknown;
  readonly answers: Readonly<Record<string, string>>;
}

export interface Harness {
  /** The first mismatch of a case, or undefined if all agree. */
  readonly run: (made: Case, effort: Effort, tally: Tally) => Promise<Mismatch | undefined>;
  /** One question asked again, of a case with other statements. */
  readonly ask: (made: Case, question: Question) => Promise<Mismatch | undefined>;
  readonly close: () => Promise<void>;
}

interface Compiled {
  readonly program: Program;
  readonly targets: readonly (Target | BatchTarget)[];
  readonly skipped: readonly SkippedTarget[];
  readonly views: SqlViews | SkippedTarget;
}

type RequestQuestion = Extract<Question, { kind: "request" }>;

export function createHarness(engines: Engines): Harness {
  const kept = new Map<string, { readonly key: string; readonly world: WorldDatabase }>();
  const worldIn = async (name: string, made: Case, program: Program): Promise<WorldDatabase> => {
    const key = `${Math.floor(made.seed / casesPerModel)} ${canonical(program.sealed)}`;
    const standing = kept.get(name);
    if (standing?.key === key) return standing.world;
    await standing?.world.drop();
    kept.delete(name);
    const world = await loadWorld(engines.databases[name] as SqlDatabase, made, program);
    kept.set(name, { key, world });
    return world;
  };

  const rowsOf = createRowsQuestion(engines);
  const rowsMismatch = async (
    made: Case,
    { program }: Compiled,
    name: string,
    list: GeneratedList,
    tally?: Tally,
  ): Promise<Mismatch | undefined> => {
    const schemaOf = async () => (await worldIn(name, made, program)).schema;
    const found = await rowsOf(made, program, { name, schemaOf }, list, tally);
    if (found === undefined) return undefined;
    return {
      case: made,
      question: { kind: "list", list },
      request: found.request,
      answers: { oracle: found.expected, [rowsTarget(name)]: found.found },
    };
  };

  const listMismatch = async (
    made: Case,
    compiled: Compiled,
    list: GeneratedList,
    tally?: Tally,
  ): Promise<Mismatch | undefined> => {
    const { program, views } = compiled;
    for (const name of Object.keys(engines.databases)) {
      if ("skipped" in views) {
        tally?.skip(`sql on ${name}`, views.skipped, list.rows.length);
        continue;
      }
      const [first] = await checkList(program, views, await worldIn(name, made, program), list);
      if (first !== undefined)
        return {
          case: made,
          question: { kind: "list", list },
          request: first.request,
          answers: { oracle: first.expected, [`sql on ${name}`]: first.found },
        };
      tally?.agreed(`sql on ${name}`, list.rows.length);
      const inRows = await rowsMismatch(made, compiled, name, list, tally);
      if (inRows !== undefined) return inRows;
    }
    return undefined;
  };

  return {
    async run(made, effort, tally) {
      const compiled = await prepare(engines, made);
      if (compiled === "too large") {
        tally.refused("limit");
        return undefined;
      }
      if ("answers" in compiled) return compiled;
      const { program } = compiled;
      const texts = [made.model.text, made.platform.text, made.policy.text];
      tally.policy(
        made,
        new Set([
          ...constructsOfText(...texts),
          ...wholeConstructsOfText(...texts),
          ...ruleConstructsOfText(...texts),
        ]),
      );
      const lists = generateLists(made, program, effort.lists);
      const asked = [
        ...generateRequests(made, program, effort.requests).map(({ request, damage }) => ({
          question: { kind: "request", request, damage } as const,
          of: damage === null ? "requests" : "damaged requests",
        })),
        ...lists.flatMap(({ rows, damage }) =>
          rows.map(({ request }) => ({
            question: { kind: "request", request, damage } as const,
            of: damage === null ? "rows of lists" : "rows of damaged lists",
          })),
        ),
      ];
      const decisions = asked.map(({ question }) => evaluate(program, question.request));
      const mismatch = await requestMismatch(
        made,
        compiled,
        asked.map(({ question }) => question),
        decisions,
        tally,
      );
      if (mismatch !== undefined) return mismatch;
      for (const list of lists) {
        const differs = await listMismatch(made, compiled, list, tally);
        if (differs !== undefined) return differs;
      }
      for (const [at, { question, of }] of asked.entries())
        tally.decision(decisions[at] as Decision, of, decidedBy(program, question.request));
      return undefined;
    },
    async ask(made, question) {
      const compiled = await prepare(engines, made);
      if (compiled === "too large") return undefined;
      if ("answers" in compiled) return question.kind === "text" ? compiled : undefined;
      switch (question.kind) {
        case "text":
          return undefined;
        case "request":
          return await requestMismatch(
            made,
            compiled,
            [question],
            [evaluate(compiled.program, question.request)],
          );
        case "list":
          return await listMismatch(made, compiled, question.list);
      }
    },
    async close() {
      for (const { world } of kept.values()) await world.drop();
      kept.clear();
    },
  };
}

async function prepare(engines: Engines, made: Case): Promise<Compiled | Mismatch | "too large"> {
  const refused = (answers: Mismatch["answers"]): Mismatch => ({
    case: made,
    question: { kind: "text" },
    request: null,
    answers,
  });
  const { program, findings } = compileCase(made);
  if (program === null) {
    const errors = findings.filter((finding) => finding.severity === "error");
    if (errors.every(({ code }) => code.startsWith("limit/"))) return "too large";
    return refused({ compiler: errors.map((finding) => describe(made, finding)).join("\n") });
  }
  // Invariant: the generator and the compiler read a model alike, or the worlds would not fit the programs.
  const [generated, compiled] = [made.generated.ir, program.model].map(canonical);
  if (generated !== compiled) return refused({ generator: String(generated), compiler: String(compiled) });
  try {
    const all = await Promise.all(engines.targets.map(async (make) => await make(program, made)));
    return {
      program,
      targets: all.filter((target) => isAsked(target)),
      skipped: all.filter((target): target is SkippedTarget => !isAsked(target)),
      views: viewsOrSkipped(engines.views, program),
    };
  } catch (error) {
    return refused({ target: error instanceof Error ? `${error.name}: ${error.message}` : String(error) });
  }
}

/** The views, or the reason for which SQL cannot say exactly what the policy says. */
function viewsOrSkipped(make: ViewMaker, program: Program): SqlViews | SkippedTarget {
  try {
    return make(program);
  } catch (error) {
    if (!(error instanceof UnsupportedInSql)) throw error;
    // Without the rule and its place, so that the same reasons are counted together.
    return { name: "sql", skipped: error.message.replace(/^.*?\): /, "") };
  }
}

function isAsked(target: Target | BatchTarget | SkippedTarget): target is Target | BatchTarget {
  return !("skipped" in target);
}

function describe(made: Case, finding: Finding): string {
  const { span } = finding.labels[0];
  const file = [made.model, made.platform, made.policy].find((f) => f.name === span.file);
  return `${finding.code}: ${finding.message} [${span.file}: ${file?.text.slice(span.start, span.end) ?? ""}]`;
}

/** The first request that some target answers otherwise, with the answers of all. */
async function requestMismatch(
  made: Case,
  { targets, skipped }: Compiled,
  questions: readonly RequestQuestion[],
  decisions: readonly Decision[],
  tally?: Tally,
): Promise<Mismatch | undefined> {
  const oracle = decisions.map(canonical);
  const requests = questions.map(({ request }) => request);
  // Those outside of this process work while the others are asked.
  const outside = targets.filter((target) => "decideAll" in target);
  const waiting = outside.map((target) => answersOf(target, requests));
  // Invariant: each is awaited below; until then a failure must not end the process.
  for (const answers of waiting) answers.catch(() => undefined);
  const all = new Map<string, readonly (string | NotAsked)[]>();
  for (const target of targets) {
    if (!("decide" in target)) continue;
    await new Promise((resolve) => setImmediate(resolve));
    all.set(target.name, await answersOf(target, requests));
  }
  for (const [at, { name }] of outside.entries())
    all.set(name, (await waiting[at]) as readonly (string | NotAsked)[]);
  for (const [at, question] of questions.entries()) {
    const { request, damage } = question;
    const mismatch = (answers: Mismatch["answers"]): Mismatch => ({
      case: made,
      question,
      request,
      answers: { oracle: String(oracle[at]), ...answers },
    });
    // A request that was made from the world and not damaged has every fact that a rule may read.
    if (damage === null && decisions[at]?.reason === "invalid_input")
      return mismatch({ world: "a well-formed request" });
    const answers = [...all].flatMap(([name, given]) => {
      const answer = given[at];
      return typeof answer === "string" ? [[name, answer] as const] : [];
    });
    if (answers.some(([, answer]) => answer !== oracle[at])) return mismatch(Object.fromEntries(answers));
  }
  for (const [name, given] of all)
    for (const answer of given)
      if (typeof answer === "string") tally?.agreed(name, 1);
      else tally?.skip(name, answer.notAsked, 1);
  for (const { name, skipped: reason } of skipped) tally?.skip(name, reason, questions.length);
  return undefined;
}

/** The constructs that a request's table may ask; none where there is no table. */
function decidedBy(program: Program, request: unknown): ReadonlySet<string> {
  const { principal, action, resource } = (request ?? {}) as {
    readonly principal?: { readonly type?: unknown } | null;
    readonly action?: { readonly name?: unknown } | null;
    readonly resource?: { readonly type?: unknown } | null;
  };
  const [type, name, entity] = [principal?.type, action?.name, resource?.type];
  if (typeof type !== "string" || typeof name !== "string" || typeof entity !== "string") return new Set();
  const table = findTable(program, type, name, entity);
  if (table === undefined) return new Set();
  const known = decided.get(table) ?? constructsOfTable(program, table);
  decided.set(table, known);
  return known;
}

const decided = new WeakMap<object, ReadonlySet<string>>();
