/** Which parts of the decision failed, or what it stands on. */
import type { Decision } from "../decision/decision.ts";
import type { Program, Rule } from "../ir/program.ts";
import type { Row } from "../ir/slot.ts";
import type { AskedPass } from "./explain-pass.ts";
import type { ExplainedPass, ExplainedRule, Reason } from "./explanation.ts";

/** The reasons of a decision that rules made, pass by pass. */
export function reasonsOf(
  program: Program,
  decision: Decision,
  passes: readonly AskedPass[],
  home: boolean,
): readonly Reason[] {
  switch (decision.outcome) {
    case "permit":
      return passes.map((pass) => granted(pass.explained));
    case "challenge":
      return passes.flatMap((pass) => unmet(program, pass));
    case "deny":
      if (decision.reason === "forbidden") return passes.flatMap(({ explained }) => forbidden(explained));
      return [
        ...passes.filter(({ asked }) => asked.grants.length === 0).flatMap((pass) => notGranted(pass, home)),
        ...passes.flatMap(({ explained }) => limitsOf(explained.row, explained.requires)),
      ];
  }
}

const named = (rules: readonly ExplainedRule[]) => rules.map(({ rule }) => rule);

function granted({ row, grants }: ExplainedPass): Reason {
  const counted = grants.filter(({ standing }) => standing === "counts");
  const floors = counted.filter(({ kind }) => kind === "floor");
  return { kind: "granted", row, rules: named(counted), floors: named(floors) };
}

function forbidden({ row, forbids }: ExplainedPass): readonly Reason[] {
  const denying = forbids.filter(({ standing }) => standing === "denies");
  return denying.length === 0 ? [] : [{ kind: "forbidden", row, rules: named(denying) }];
}

function unmet(program: Program, { asked, explained }: AskedPass): readonly Reason[] {
  const grants = asked.counted.length === 0 ? asked.grants : [];
  const asking = [...asked.unmet, ...grants].filter((rule) => rule.unmet.length > 0);
  if (asking.length === 0) return [];
  const rules = [...new Set(asking.map(({ rule }) => rule))].toSorted((a, b) => a - b);
  const obligations = new Map(
    asking.flatMap((rule) =>
      rule.unmet.map((obligation) => [JSON.stringify(obligation), obligation] as const),
    ),
  );
  return [
    {
      kind: "unmet",
      row: explained.row,
      rules: rules.map((index) => (program.rules[index] as Rule).id),
      obligations: [...obligations.values()],
    },
  ];
}

/** What is missing in a pass that nothing grants: a limit, a share, a permit, a ceiling; the last two may both be. */
function notGranted({ asked, explained }: AskedPass, home: boolean): readonly Reason[] {
  const { row, grants, ceilings, ceiling } = explained;
  if (asked.spent.length > 0) return limitsOf(row, grants);
  const fitting = grants.filter(({ kind }) => (kind === "share") !== home);
  const clipped = fitting.filter(({ standing }) => standing === "clipped");
  const isMatched = fitting.some(({ standing }) => standing !== "no_match");
  const rules = named(fitting);
  return [
    ...(isMatched ? [] : [{ kind: home ? "no_permit" : "abroad", row, rules } as const]),
    ...(ceiling === "closed"
      ? [{ kind: "ceiling", row, rules: named(ceilings), clipped: named(clipped) } as const]
      : []),
  ];
}

function limitsOf(row: Row, rules: readonly ExplainedRule[]): readonly Reason[] {
  const spent = rules.filter(({ standing }) => standing === "spent");
  return spent.length === 0 ? [] : [{ kind: "limit", row, rules: named(spent) }];
}
