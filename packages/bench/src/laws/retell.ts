/** The same policy told otherwise: in another order, twice, under other names. */
import { valueAt } from "@wardline/core";
import { withStatements, type Case } from "@wardline/core/testing";

const rule = /^(permit|forbid|require|ceiling|floor|share) (\w+):/;

/** The name of a rule's statement; undefined for any other. */
export function ruleName(statement: string): string | undefined {
  return rule.exec(statement)?.[2];
}

export function renameRule(statement: string, name: (old: string) => string): string {
  return statement.replace(rule, (_, kind: string, old: string) => `${kind} ${name(old)}:`);
}

/** The statements of both files, each made into some. */
export function mapStatements(made: Case, change: (statement: string) => readonly string[]): Case {
  const { platform, policy, roles } = made.statements;
  return withStatements(made, {
    platform: platform.flatMap(change),
    policy: policy.flatMap(change),
    roles,
  });
}

/** The case with other statements of the tenant. */
export function withTenant(made: Case, policy: readonly string[]): Case {
  return withStatements(made, { ...made.statements, policy });
}

/** A request with limits under other names of rules: each stands under all that `names` gives. */
export function mapLimits(request: unknown, names: (rule: string) => readonly string[]): unknown {
  const limits = valueAt(request, ["limits"]);
  if (typeof limits !== "object" || limits === null) return request;
  const mapped = Object.entries(limits).flatMap(([id, left]: [string, unknown]) => {
    const [owner = "", name = ""] = id.split("/");
    return names(name).map((other) => [`${owner}/${other}`, left] as const);
  });
  return { ...(request as object), limits: Object.fromEntries(mapped) };
}
