/** An explanation as lines for people: the answer, what made it, and each rule with the part that failed. */
import {
  reasonText,
  type ConditionTree,
  type ExplainedPass,
  type ExplainedRule,
  type Explanation,
  type NearestMiss,
  obligationText,
  type Program,
  type ReadFact,
  type Standing,
  valueText,
  type WireScalar,
} from "@wardline/core";

/** How a value of a path is written, which its type says. */
type WriteFact = (fact: ReadFact) => string;

export interface ExplainTextOptions {
  /** Show the parts that hold too, and rules that had no say. */
  readonly all: boolean;
}

export function explainText(
  program: Program,
  explanation: Explanation,
  miss: NearestMiss | null,
  options: ExplainTextOptions,
): readonly string[] {
  const { decision, reasons, passes } = explanation;
  const obligations = decision.obligations.map((obligation) => `  with ${obligationText(obligation)}`);
  return [
    decision.reason === null ? decision.outcome : `${decision.outcome}: ${decision.reason}`,
    ...obligations,
    ...reasons.map((reason) => `  ${reasonText(program, reason)}`),
    ...(miss === null ? [] : missText(miss)),
    ...passes.flatMap((pass) =>
      passText(pass, passes.length > 1, { ...options, write: factWriter(program) }),
    ),
  ];
}

/** What would have to be otherwise. */
function missText({ towards, misses, bounded }: NearestMiss): readonly string[] {
  if (misses.length > 0) return misses.map(({ text }) => `  ${text}`);
  const what = towards === "permit" ? "permitted" : "denied";
  return [
    bounded
      ? `  no small change was found that would have it ${what}`
      : `  no change of facts would have it ${what}`,
  ];
}

interface Style extends ExplainTextOptions {
  readonly write: WriteFact;
}

function factWriter(program: Program): WriteFact {
  const textOf = (slot: number, value: unknown): string => {
    const type = program.slots[slot]?.type;
    if (type === undefined || typeof value === "object") return JSON.stringify(value);
    return valueText(value as WireScalar, type.kind === "set" ? type.of : type);
  };
  return ({ slot, path, present, value }) => {
    if (!present) return `${path} is absent`;
    const list = Array.isArray(value) ? (value as readonly unknown[]) : null;
    const text = list === null ? textOf(slot, value) : `[${list.map((one) => textOf(slot, one)).join(", ")}]`;
    return `${path} is ${text.length > 200 ? `${text.slice(0, 200)}…` : text}`;
  };
}

function passText(pass: ExplainedPass, named: boolean, style: Style): readonly string[] {
  const rules = [...pass.forbids, ...pass.ceilings, ...pass.grants, ...pass.requires];
  // A guard that does not match had no say; a grant that does not match is what was missing.
  const said = rules.filter(
    (rule) => style.all || rule.standing !== "no_match" || isGrant(rule) || isMissedCeiling(pass, rule),
  );
  return [
    ...(named ? ["", pass.row === "prior" ? "the row as it is:" : "the row as it would be:"] : []),
    ...said.flatMap((rule) => ["", ...ruleText(rule, style)]),
  ];
}

function isGrant({ kind }: ExplainedRule): boolean {
  return kind === "permit" || kind === "floor" || kind === "share";
}

function isMissedCeiling({ ceiling }: ExplainedPass, { kind }: ExplainedRule): boolean {
  return kind === "ceiling" && ceiling === "closed";
}

function ruleText(rule: ExplainedRule, style: Style): readonly string[] {
  const because = rule.because === null ? "" : `, because "${rule.because}"`;
  const shown = rule.standing === "no_match" ? rule.condition : null;
  const preconditions = rule.preconditions.flatMap(({ obligation, met, condition }) =>
    met && !style.all
      ? []
      : [
          `  ${met ? "holds" : "fails"}  ${obligationText(obligation)}`,
          ...treeText(condition, 4, style, !met),
        ],
  );
  return [
    `${rule.kind} ${rule.rule} (${rule.file}:${rule.line}) ${standingText(rule.standing)}${because}`,
    ...(shown !== null || style.all ? treeText(rule.condition, 2, style, shown !== null) : []),
    ...preconditions,
  ];
}

/** The parts of a condition. `failed`: only those that made it false. */
function treeText(tree: ConditionTree, indent: number, style: Style, failed: boolean): readonly string[] {
  if (failed && !style.all && tree.value) return [];
  const margin = " ".repeat(indent);
  const mark = tree.value ? "holds" : "fails";
  switch (tree.kind) {
    case "constant":
      return [`${margin}${mark}  ${tree.value ? "always" : "never"}`];
    case "cut":
      return [`${margin}${mark}  a part that is too large to be shown`];
    case "atom": {
      const place =
        tree.place === null ? "" : ` (${tree.place.file}:${tree.place.line}:${tree.place.column})`;
      const facts = tree.facts.map(style.write).join(", ");
      return [
        `${margin}${mark}  ${tree.negated ? `not ${tree.text}` : tree.text}${place}`,
        ...(facts === "" ? [] : [`${margin}       ${facts}`]),
      ];
    }
    case "and": {
      const parts = tree.of.flatMap((part) => treeText(part, indent, style, failed));
      return indent === 2 ? parts : [`${margin}${mark}  all of`, ...deeper(parts)];
    }
    case "or":
      return [
        `${margin}${mark}  one of`,
        ...deeper(tree.of.flatMap((part) => treeText(part, indent, style, failed))),
      ];
  }
}

function deeper(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}

function standingText(standing: Standing): string {
  switch (standing) {
    case "no_match":
      return "does not match";
    case "counts":
      return "grants it";
    case "unmet":
      return "asks for what is not met";
    case "spent":
      return "has nothing left of its limit";
    case "clipped":
      return "matches, and no ceiling lets it through";
    case "stopped":
      return "matches, and a forbid stops it";
    case "abroad":
      return "is for principals of this tenant";
    case "at_home":
      return "is for principals of other tenants";
    case "holds":
      return "lets it through";
    case "denies":
      return "forbids it";
    case "overruled":
      return "matches, and a floor overrules it";
    case "binds":
      return "applies";
  }
}
