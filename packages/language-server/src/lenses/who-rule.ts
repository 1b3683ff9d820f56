/** `wardline/whoCanRule`: who can do what a rule is about, by all rules together. */
import type { RuleParams } from "./explain-rule.ts";
import type { Refused } from "../protocol/requests.ts";
import type { Snapshot } from "../workspace/snapshot.ts";
import { cachedAccess } from "../access/cached-access.ts";
import { isRule } from "../actions/add-test.ts";
import { plain } from "../plain-words.ts";
import { compiledWith } from "./explain-rule.ts";

export interface WhoCanRule {
  readonly action: string;
  readonly resource: string;
  readonly rows: readonly {
    readonly who: string;
    readonly access: "always" | "sometimes" | "never";
    readonly rules: readonly string[];
  }[];
  /** `anyone`, `2 roles`, `nobody`: who of the tenant's own people can at all. */
  readonly summary: string;
  readonly text: string;
}

/** Of the first action and type that the rule reaches. */
export function whoCanRule(snapshot: Snapshot, { file, rule }: RuleParams): WhoCanRule | Refused {
  const statement = snapshot
    .parsed(file)
    ?.ast.statements.find((one) => isRule(one) && one.name.text === rule);
  const compiled = compiledWith(snapshot, file);
  if (statement === undefined || !isRule(statement)) return { refused: `The file has no rule “${rule}”.` };
  if (compiled === null)
    return { refused: "The policy has an error. Until it is mended nobody can be named." };
  const { program, layer } = compiled;
  const index = program.rules.findIndex(({ id }) => id === `${layer}/${rule}`);
  const table = program.tables.find(({ passes }) =>
    passes.some((pass) =>
      [...pass.grants, ...pass.forbids, ...pass.requires, ...(pass.ceilings ?? [])].some(
        (entry) => entry.rule === index,
      ),
    ),
  );
  if (table === undefined) return { refused: "The rule reaches nothing." };
  const { action, resource } = table;
  const rows = cachedAccess(program, action, resource).map(({ principal, roles, home, access, rules }) => ({
    who: `${principal}${roles.length === 0 ? " without a role" : ` as ${roles.map(plain).join(", ")}`}${home ? "" : " of another tenant"}`,
    access,
    rules,
  }));
  const can = cachedAccess(program, action, resource).filter(
    ({ access, home }) => home && access !== "never",
  );
  const roles = new Set(can.flatMap((one) => one.roles)).size;
  const isAnyone = can.some((one) => one.roles.length === 0);
  const summary = isAnyone ? "anyone" : roles === 0 ? "nobody" : `${roles} role${roles === 1 ? "" : "s"}`;
  const lines = rows.map(
    ({ who, access, rules }) =>
      `${access.padEnd(9)} ${who}${rules.length === 0 ? "" : ` (${rules.join(", ")})`}`,
  );
  return {
    action,
    resource,
    rows,
    summary,
    text: [`Who can ${plain(action)} ${resource}:`, "", ...lines].join("\n"),
  };
}
