/** Answers every question of a case with every engine, and gives the questions on which they differ. */
import { evaluate, findTable, type Decision, type Finding, type Program } from "@wardline/core";
import {
  casesPerModel,
  constructsOfTable,
  constructsOfText,
  generateLists,
  generateRequests,
  type Case,
  type GeneratedList,
} from "@wardline/core/testing";
import type { PGlite } from "@electric-sql/pglite";
import type { SqlViews } from "@wardline/backends";
import { answerOf, canonical } from "./answer.ts";
import { compileCase } from "./compile-case.ts";
import { checkList, type ViewMaker } from "./list-check.ts";
import type { Tally } from "./tally.ts";
import type { Target, TargetMaker } from "./target.ts";
import { loadWorld, type WorldDatabase } from "./world-database.ts";

export interface Engines {
  readonly targets: readonly TargetMaker[];
  readonly views: ViewMaker;
  readonly pglite: PGlite;
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
  readonly targets: readonly Target[];
  readonly views: SqlViews;
}

export function createHarness(engines: Engines): Harness {
  let kept: { readonly key: string; readonly database: WorldDatabase } | undefined;
  const databaseFor = async (made: Case, program: Program): Promise<WorldDatabase> => {
    const key = `${Math.floor(made.seed / casesPerModel)} ${canonical(program.sealed)}`;
    if (kept?.key === key) return kept.database;
    await kept?.database.drop();
    kept = undefined;
    const database = await loadWorld(engines.pglite, made, program);
    kept = { key, database };
    return database;
  };

  const listMismatch = async (
    made: Case,
    compiled: Compiled,
    list: GeneratedList,
  ): Promise<Mismatch | undefined> => {
    const { program, views } = compiled;
    const [first] = await checkList(program, views, await databaseFor(made, program), list);
    return (
      first && {
        case: made,
        question: { kind: "list", list },
        request: first.request,
        answers: { oracle: first.expected, sql: first.found },
      }
    );
  };

  return {
    async run(made, effort, tally) {
      const compiled = prepare(engines, made);
      if ("answers" in compiled) return compiled;
      const { program } = compiled;
      tally.policy(made, constructsOfText(made.model.text, made.platform.text, made.policy.text));
      for (const { request, damage } of generateRequests(made, program, effort.requests)) {
        const decision = evaluate(program, request);
        const mismatch = requestMismatch(made, compiled, { kind: "request", request, damage }, decision);
        if (mismatch !== undefined) return mismatch;
        tally.decision(
          decision,
          damage === null ? "requests" : "damaged requests",
          decidedBy(program, request),
        );
      }
      for (const list of generateLists(made, program, effort.lists)) {
        const mismatch = await listMismatch(made, compiled, list);
        if (mismatch !== undefined) return mismatch;
        for (const { request } of list.rows) {
          const decision = evaluate(program, request);
          const question = { kind: "request", request, damage: list.damage } as const;
          const single = requestMismatch(made, compiled, question, decision);
          if (single !== undefined) return single;
          tally.decision(
            decision,
            list.damage === null ? "rows of lists" : "rows of damaged lists",
            decidedBy(program, request),
          );
        }
      }
      return undefined;
    },
    async ask(made, question) {
      const compiled = prepare(engines, made);
      if ("answers" in compiled) return question.kind === "text" ? compiled : undefined;
      switch (question.kind) {
        case "text":
          return undefined;
        case "request":
          return requestMismatch(made, compiled, question, evaluate(compiled.program, question.request));
        case "list":
          return await listMismatch(made, compiled, question.list);
      }
    },
    async close() {
      await kept?.database.drop();
      kept = undefined;
    },
  };
}

function prepare(engines: Engines, made: Case): Compiled | Mismatch {
  const refused = (answers: Mismatch["answers"]): Mismatch => ({
    case: made,
    question: { kind: "text" },
    request: null,
    answers,
  });
  const { program, findings } = compileCase(made);
  if (program === null) {
    const errors = findings.filter((finding) => finding.severity === "error");
    return refused({ compiler: errors.map((finding) => describe(made, finding)).join("\n") });
  }
  // Invariant: the generator and the compiler read a model alike, or the worlds would not fit the programs.
  const [generated, compiled] = [made.generated.ir, program.model].map(canonical);
  if (generated !== compiled) return refused({ generator: String(generated), compiler: String(compiled) });
  try {
    return {
      program,
      targets: engines.targets.map((make) => make(program, made)),
      views: engines.views(program),
    };
  } catch (error) {
    return refused({ target: error instanceof Error ? `${error.name}: ${error.message}` : String(error) });
  }
}

function describe(made: Case, finding: Finding): string {
  const { span } = finding.labels[0];
  const file = [made.model, made.platform, made.policy].find((f) => f.name === span.file);
  return `${finding.code}: ${finding.message} [${span.file}: ${file?.text.slice(span.start, span.end) ?? ""}]`;
}

function requestMismatch(
  made: Case,
  { targets }: Compiled,
  question: Extract<Question, { kind: "request" }>,
  decision: Decision,
): Mismatch | undefined {
  const oracle = canonical(decision);
  // A request that was made from the world and not damaged has every fact that a rule may read.
  if (question.kind === "request" && question.damage === null && decision.reason === "invalid_input")
    return {
      case: made,
      question,
      request: question.request,
      answers: { oracle, world: "a well-formed request" },
    };
  const answers = targets.map(
    (target) => [target.name, answerOf(() => target.decide(question.request))] as const,
  );
  if (answers.every(([, answer]) => answer === oracle)) return undefined;
  return {
    case: made,
    question,
    request: question.request,
    answers: { oracle, ...Object.fromEntries(answers) },
  };
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
