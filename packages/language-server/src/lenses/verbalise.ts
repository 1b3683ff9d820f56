/** A rule in plain sentences: who, what, under which conditions, and what it does. Says what is written, and nothing of what other rules do. */
import {
  unquote,
  type Expression,
  type PathExpression,
  type Reach,
  type RequireStatement,
  type RuleStatement,
  type Term,
  type Who,
} from "@wardline/compiler";
import { comparisonWords, methodWords } from "../cards/condition/operators.ts";
import { termText } from "../complete/names.ts";
import { andText, capital, orText, plain } from "../plain-words.ts";

export function ruleSentences(rule: RuleStatement | RequireStatement): readonly string[] {
  const clauses = rule.clauses.filter(({ kind }) => kind === "when" || kind === "unless");
  const text = clauses.length > 1 ? inner : conditionText;
  const conditions = rule.clauses.flatMap((clause) => {
    if (clause.kind === "when") return [`where ${text(clause.condition)}`];
    return clause.kind === "unless" ? [`except where ${text(clause.condition)}`] : [];
  });
  const where = conditions.length === 0 ? "" : `, ${andText(conditions)}`;
  const main = `${mainSentence(rule)}${where}.`;
  const terms = rule.clauses.flatMap((clause) => (clause.kind === "with" ? clause.terms : []));
  const because = rule.clauses.flatMap((clause) =>
    clause.kind === "because" ? [`The reason: ${clause.text.replace(/\.$/, "")}.`] : [],
  );
  const trusting = rule.clauses.flatMap((clause) =>
    clause.kind === "trusting"
      ? [`It trusts what tenants set: ${andText(clause.names.map(({ text }) => plain(text)))}.`]
      : [],
  );
  return [
    main,
    ...(terms.length === 0 ? [] : [`${capital(andText(terms.map(termWords)))}.`]),
    ...because,
    ...trusting,
  ];
}

function mainSentence(rule: RuleStatement | RequireStatement): string {
  if (rule.kind === "require") {
    const what = andText(rule.terms.map(termWords));
    return rule.reach === null
      ? capital(what)
      : `Where ${whoText(rule.reach.who)} ${actsText(rule.reach)}, ${what}`;
  }
  const who = capital(whoText(rule.reach.who));
  const acts = actsText(rule.reach);
  switch (rule.kind) {
    case "permit":
      return `${who} may ${acts}`;
    case "forbid":
      return `${who} may never ${actsText(rule.reach, orText)}`;
    case "ceiling":
      return `At most, ${whoText(rule.reach.who)} may be allowed to ${acts}`;
    case "floor":
      return `${who} may always ${acts}, and no tenant can take it away`;
    case "share":
      return `${who} of other tenants may ${acts}`;
  }
}

function whoText(who: Who): string {
  if (who.kind === "names") return andText(who.names.map(({ text }) => plain(text)));
  return who.except.length === 0
    ? "anyone"
    : `anyone but ${andText(who.except.map(({ text }) => plain(text)))}`;
}

function actsText({ actions, types, touching }: Reach, joined = andText): string {
  const what = types.kind === "anything" ? "anything" : joined(types.names.map(({ text }) => text));
  const acts =
    actions.kind === "act_on" ? "act in any way on" : joined(actions.names.map(({ text }) => plain(text)));
  return `${acts} ${what}${touching === null ? "" : ` that has ${plain(touching.name.text)} data`}`;
}

const roots = {
  principal: "whoever asks",
  resource: "it",
  prior: "it as it was",
  next: "it as it would be",
  context: "the request",
  tenant: "the tenant",
  clock: "the clock",
  now: "now",
} as const;

const owners = {
  principal: "their",
  resource: "its",
  prior: "its former",
  next: "its new",
  context: "the request's",
  tenant: "the tenant's",
  clock: "the",
  now: "now",
} as const;

const operators = { ...comparisonWords, in: "is in", "not in": "is not in" } as const;

function conditionText(expression: Expression): string {
  switch (expression.kind) {
    case "and":
      return andText(expression.of.map(inner));
    case "or":
      return orText(expression.of.map(inner));
    case "not":
      return negatedText(expression.of);
    case "has":
      return `${pathText(expression.path)} is given`;
    case "compare":
      return `${valueText(expression.left)} ${operators[expression.op]} ${valueText(expression.right)}`;
    case "path":
      return pathCondition(expression);
    case "fallback":
    case "now":
    case "literal":
    case "time_range":
    case "entity":
    case "list":
      return valueText(expression);
  }
}

/** A condition beside others. What goes on behind an `and` of its own must not take in what follows. */
function inner(expression: Expression): string {
  const text = conditionText(expression);
  const goesOn = expression.kind === "and" || expression.kind === "or" || text.startsWith(notSo);
  return goesOn ? `(${text})` : text;
}

const notSo = "it is not so that ";

function negatedText(expression: Expression): string {
  if (expression.kind === "has") return `${pathText(expression.path)} is not given`;
  const text = conditionText(expression);
  return expression.kind === "path" && text.endsWith(isTrue)
    ? `${text.slice(0, -isTrue.length)} is not true`
    : `${notSo}${inner(expression)}`;
}

const isTrue = " is true";

/** A path that is true or false by itself. */
function pathCondition(path: PathExpression): string {
  const last = path.steps.at(-1);
  if (path.root.kind === "name") {
    const name = plain(path.root.name.text);
    return path.args === null ? `“${name}” holds` : `“${name}” holds of ${andText(path.args.map(valueText))}`;
  }
  if (last !== undefined && last.args !== null) {
    const owner = pathText({ ...path, steps: path.steps.slice(0, -1) });
    const { text } = last.name;
    const verb = Object.hasOwn(methodWords, text)
      ? methodWords[text as keyof typeof methodWords]
      : plain(text);
    return `${owner} ${verb} ${andText(last.args.map(valueText))}`;
  }
  if (last?.name.text === "is_empty")
    return `${pathText({ ...path, steps: path.steps.slice(0, -1) })} is empty`;
  return `${pathText(path)}${isTrue}`;
}

function pathText(path: PathExpression): string {
  const steps = path.steps.map(({ name }) => plain(name.text));
  if (path.root.kind !== "keyword")
    return path.root.kind === "class" ? `#${path.root.name.text}` : plain(path.root.name.text);
  if (steps.length === 0) return roots[path.root.word];
  return `${owners[path.root.word]} ${steps.join("'s ")}`;
}

function valueText(expression: Expression): string {
  switch (expression.kind) {
    case "path":
      return expression.args === null ? pathText(expression) : pathCondition(expression);
    case "fallback":
      return `${pathText(expression.path)} (or ${valueText(expression.literal)} where there is none)`;
    case "now":
      return expression.offset === null
        ? "now"
        : `now ${expression.offset.sign} ${expression.offset.duration}`;
    case "literal":
      return expression.type === "string" ? `“${unquote(expression.text)}”` : expression.text;
    case "time_range":
      return `the time from ${expression.from} to ${expression.to}`;
    case "entity":
      return `${expression.entity.text} “${expression.id}”`;
    case "list":
      return orText(expression.of.map(valueText));
    case "and":
    case "or":
    case "not":
    case "has":
    case "compare":
      return `(${conditionText(expression)})`;
  }
}

/** What an obligation does. */
function termWords(term: Term): string {
  if (term.kind !== "call") return termText(term);
  const args = term.args.map(({ term: of }) =>
    of.kind === "call" && of.args.length === 0 ? plain(of.name.text) : termText(of),
  );
  const labelled = (label: string) => term.args.find((one) => one.label?.text === label);
  const within = labelled("within");
  const age = within === undefined ? "" : `, not older than ${termText(within.term)}`;
  switch (term.name.text) {
    case "hide":
      return `${andText(args)} ${args.length === 1 ? "is" : "are"} not shown`;
    case "mask":
      return `${args[0]} is shown as ${args[1] ?? "masked"} only`;
    case "step_up":
      return `a fresh ${args[0]} is asked for${age}`;
    case "approval":
      return `somebody's approval is asked for${age}`;
    case "reason":
      return "a reason is asked for";
    case "limit": {
      const [per, by] = [labelled("per"), labelled("by")];
      return `at most ${args[0]} times a ${per === undefined ? "day" : termText(per.term)} for each ${by === undefined ? "principal" : termText(by.term)}`;
    }
    case "audit":
      return `it is put on record${args[0] === undefined ? "" : ` (${args[0]})`}`;
    case "notify":
      return `${andText(args)} ${args.length === 1 ? "is" : "are"} told`;
    case "encrypt":
      return `what is ${andText(args)} is stored sealed`;
    default:
      return termText(term);
  }
}
