/** `wardline/explainRule` and `wardline/verbalise`: what a rule means in plain sentences, and a request that it decides. */
import { requestWords } from "@wardline/compiler";
import { compilePlatform } from "@wardline/compiler";
import { evaluate, type Program } from "@wardline/core";
import { isRule, requestsDecidedBy, type AnyRule } from "../actions/add-test.ts";
import type { Refused } from "../protocol/requests.ts";
import type { Snapshot } from "../workspace/snapshot.ts";
import { verdictSentence } from "../try/verdict.ts";
import { ruleSentences } from "./verbalise.ts";

export interface RuleParams {
  readonly file: string;
  /** The rule's name, without whose it is. */
  readonly rule: string;
}

export interface VerbalisedRule {
  readonly rule: string;
  readonly kind: string;
  readonly documentation: string | null;
  readonly sentences: readonly string[];
}

export interface ExplainedRule extends VerbalisedRule {
  /** A request that it decides, in the words of tests, and what is decided; null where none was found. */
  readonly example: {
    readonly request: readonly string[];
    readonly verdict: string;
    readonly outcome: string;
  } | null;
  /** All of it, to be read. */
  readonly text: string;
}

/** The rules of a file in plain sentences; of one of them where it is named. */
export function verbalise(
  snapshot: Snapshot,
  { file, rule }: { readonly file: string; readonly rule?: string },
): readonly VerbalisedRule[] | Refused {
  const statements = snapshot.parsed(file)?.ast.statements;
  if (statements === undefined) return { refused: `The project has no file ${file}.` };
  return statements
    .filter(isRule)
    .flatMap((one) => (rule === undefined || one.name.text === rule ? [said(one)] : []));
}

function said(rule: AnyRule): VerbalisedRule {
  return { rule: rule.name.text, kind: rule.kind, documentation: rule.doc, sentences: ruleSentences(rule) };
}

export function explainRule(snapshot: Snapshot, { file, rule }: RuleParams): ExplainedRule | Refused {
  const statement = snapshot
    .parsed(file)
    ?.ast.statements.find((one) => isRule(one) && one.name.text === rule);
  if (statement === undefined || !isRule(statement)) return { refused: `The file has no rule “${rule}”.` };
  const own = said(statement);
  const compiled = compiledWith(snapshot, file);
  const example = compiled === null ? null : exampleOf(compiled.program, `${compiled.layer}/${rule}`);
  const lines = [
    ...(own.documentation === null ? [] : [own.documentation, ""]),
    ...own.sentences,
    "",
    ...(example === null
      ? [
          compiled === null
            ? "It is not tried, since the policy has an error."
            : "No request that it decides was found.",
        ]
      : ["For example:", ...example.request.map((line) => `  ${line}`), `  → ${example.verdict}`]),
  ];
  return { ...own, example, text: lines.join("\n") };
}

function exampleOf(program: Program, id: string): ExplainedRule["example"] {
  const [request] = requestsDecidedBy(program, id);
  if (request === undefined) return null;
  const words = requestWords(program, request);
  const decision = evaluate(program, request);
  return {
    request: [
      ...words.given.map((text) => `given ${text}`),
      `${words.principal} to ${words.action} ${words.resource}`,
    ],
    verdict: verdictSentence(program, request, decision),
    outcome: decision.outcome,
  };
}

/** The program that a file's rules stand in, and what their ids begin with. */
export function compiledWith(
  snapshot: Snapshot,
  file: string,
): { readonly program: Program; readonly layer: string } | null {
  const role = snapshot.roleOf(file);
  const { model, platform, packs } = snapshot.project;
  if (role?.kind === "policy") {
    const program = snapshot.compiled(role.tenant)?.program ?? null;
    return program === null ? null : { program, layer: role.tenant };
  }
  if (role?.kind !== "platform" || model === null) return null;
  const program = ofSomeTenant(snapshot) ?? compilePlatform({ model, platform, packs }).program;
  return program === null ? null : { program, layer: "platform" };
}

/** Where a tenant has a policy its people are those that can be asked about; one with an error says nothing of the platform. */
function ofSomeTenant(snapshot: Snapshot): Program | null {
  for (const tenant of snapshot.project.tenants.keys()) {
    const program = snapshot.compiled(tenant)?.program ?? null;
    if (program !== null) return program;
  }
  return null;
}
