/** What tenants can do about the platform: make it stricter, never milder. */
import type { Decision, Program } from "@wardline/core";
import { randomFrom } from "@wardline/core/testing";
import { boundOf } from "./bound.ts";
import { carries, severity, shownMore } from "./compare.ts";
import { programOf, type Broken, type Law, type Subject } from "./law.ts";
import { ruleName, withTenant } from "./retell.ts";

export const tightening: Law = {
  name: "nothing that a tenant adds permits what ceiling and floor do not, or weakens what the platform asks",
  check: (subject) => {
    const { requests, decisions } = subject;
    const platform = platformAlone(subject);
    for (const [at, { request }] of requests.entries()) {
      const decision = decisions[at];
      if (decision === undefined || decision.outcome === "deny") continue;
      const bound = boundOf(platform, request);
      const weak = bound.duties.find((duty) => !carries(decision, duty));
      const what = !bound.allowed
        ? "granted beyond what the platform allows"
        : decision.outcome === "challenge"
          ? null
          : bound.asks
            ? "permitted though the platform asks for something"
            : weak === undefined
              ? null
              : `permitted without the platform's ${weak.type}`;
      if (what !== null) return { what, request, decisions: [decision] };
    }
    return null;
  },
};

/** The tenant that permits everything to everyone. */
const open = "permit everything: anyone to act on anything";

export const widest: Law = {
  name: "no tenant gets more than one that permits everything",
  check: (subject) =>
    beside(subject, [open], (own, widest) => {
      if (severity(own) < severity(widest)) return "milder than where all is permitted";
      if (own.outcome !== "permit") return null;
      const field = shownMore(own, widest);
      return field === undefined ? null : `\`${field}\` is shown more than where all is permitted`;
    }),
};

export const floors: Law = {
  name: "a floor request has the same outcome and shows the same fields with or without anything a tenant adds",
  check: (subject) => {
    const platform = platformAlone(subject);
    return beside(subject, [], (own, alone, request) => {
      if (!boundOf(platform, request).floored) return null;
      if (own.outcome !== alone.outcome) return "a tenant changes the outcome of a floor";
      const shown = (decision: Decision) =>
        JSON.stringify(decision.obligations.filter((o) => !dutyTypes.has(o.type)));
      if (shown(own) !== shown(alone)) return "a tenant changes what is shown, or asked, under a floor";
      return null;
    });
  },
};

const dutyTypes: ReadonlySet<string> = new Set(["audit", "notify", "encrypt"]);

export const forbidding: Law = {
  name: "a forbid or require more never permits more, a permit more never permits less",
  check: (subject) => {
    const { policy } = subject.made.statements;
    const rules = policy.filter((statement) => ruleName(statement) !== undefined);
    const random = randomFrom(subject.made.seed, "forbidding");
    if (rules.length === 0) return null;
    const dropped = random.pick(rules);
    const isPermit = dropped.startsWith("permit ");
    return beside(
      subject,
      policy.filter((statement) => statement !== dropped),
      (own, without) => {
        if (isPermit)
          return severity(own) > severity(without) ? `less is permitted with \`${ruleName(dropped)}\`` : null;
        if (severity(own) < severity(without)) return `more is permitted with \`${ruleName(dropped)}\``;
        if (own.outcome !== "permit") return null;
        const field = shownMore(own, without);
        return field === undefined ? null : `\`${field}\` is shown more with \`${ruleName(dropped)}\``;
      },
    );
  },
};

const alone = new WeakMap<Subject, Program>();

/** The program of the platform with a tenant that says nothing. */
function platformAlone(subject: Subject): Program {
  const known = alone.get(subject) ?? programOf(subject.engine, withTenant(subject.made, []));
  alone.set(subject, known);
  return known;
}

/** Compares with the same platform under another tenant's text, where both were asked properly. */
function beside(
  { made, requests, decisions, engine }: Subject,
  policy: readonly string[],
  compare: (own: Decision, other: Decision, request: unknown) => string | null,
): Broken | null {
  const result = engine.compile(withTenant(made, policy));
  // Without the rule that seals a field, or a role that another rule names, the rest may not stand.
  if (result.program === null) return null;
  for (const [at, { request, damage }] of requests.entries()) {
    const own = decisions[at];
    if (own === undefined || damage !== null) continue;
    const other = engine.evaluate(result.program, request);
    if (own.reason === "invalid_input" || other.reason === "invalid_input") continue;
    const what = compare(own, other, request);
    if (what !== null) return { what, request, decisions: [own, other] };
  }
  return null;
}
