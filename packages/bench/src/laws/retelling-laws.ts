/** Order, repetition and names mean nothing. */
import { valueAt } from "@wardline/core";
import { randomFrom, withStatements, type Case, type GeneratedModel } from "@wardline/core/testing";
import { nameless } from "./compare.ts";
import { programOf, type Broken, type Law, type Subject } from "./law.ts";
import { mapLimits, mapStatements, renameRule, ruleName } from "./retell.ts";

export const order: Law = {
  name: "the order of statements means nothing",
  check: (subject) => {
    const { made, requests, decisions, engine } = subject;
    const random = randomFrom(made.seed, "order");
    const { platform, policy, roles } = made.statements;
    const other = programOf(
      engine,
      withStatements(made, {
        platform: random.some(platform, platform.length),
        policy: random.some(policy, policy.length),
        roles,
      }),
    );
    for (const [at, { request }] of requests.entries()) {
      const [before, after] = [decisions[at], engine.evaluate(other, request)];
      if (before === undefined || JSON.stringify(before) === JSON.stringify(after)) continue;
      return { what: "another order, another decision", request, decisions: [before, after] };
    }
    return null;
  },
};

export const repetition: Law = {
  name: "a rule said twice means the same as once",
  check: (subject) => {
    const twice = mapStatements(subject.made, (statement) =>
      ruleName(statement) === undefined
        ? [statement]
        : [statement, renameRule(statement, (name) => `${name}_again`)],
    );
    return sameNameless(subject, twice, (request) => mapLimits(request, (name) => [name, `${name}_again`]));
  },
};

export const names: Law = {
  name: "names of rules, lets and roles mean nothing",
  check: (subject) => {
    const { made } = subject;
    const lets = made.statements.policy.flatMap((text) => /^let (\w+) =/.exec(text)?.[1] ?? []);
    const words = new Map([...lets, ...made.statements.roles].map((word) => [word, `${word}_x`]));
    const all = [...made.statements.platform, ...made.statements.policy].flatMap((s) => ruleName(s) ?? []);
    // In the opposite order, so that what comes first comes last.
    const rules = new Map(all.map((name, at) => [name, `r${String(1000 - at)}`]));
    const renamed = (name: string) => rules.get(name) ?? name;
    const pattern = new RegExp(`(?<![.\\w"])(?:${[...words.keys()].join("|")})(?![\\w"])`, "g");
    const retold = mapStatements({ ...made, generated: withRoles(made.generated, words) }, (statement) => [
      words.size === 0
        ? renameRule(statement, renamed)
        : outsideStrings(renameRule(statement, renamed), (text) =>
            text.replaceAll(pattern, (word) => words.get(word) ?? word),
          ),
    ]);
    return sameNameless(subject, retold, (request) =>
      withRenamedRoles(
        mapLimits(request, (n) => [renamed(n)]),
        words,
      ),
    );
  },
};

function sameNameless(
  { requests, decisions, engine }: Subject,
  retold: Case,
  ask: (request: unknown) => unknown,
): Broken | null {
  const program = programOf(engine, retold);
  for (const [at, { request }] of requests.entries()) {
    const [before, after] = [decisions[at], engine.evaluate(program, ask(request))];
    if (before === undefined || nameless(before) === nameless(after)) continue;
    return { what: "told otherwise, another decision", request, decisions: [before, after] };
  }
  return null;
}

function outsideStrings(text: string, change: (part: string) => string): string {
  return text.replaceAll(/"(?:[^"\\]|\\.)*"|[^"]+/g, (part) => (part.startsWith('"') ? part : change(part)));
}

function withRoles(model: GeneratedModel, words: ReadonlyMap<string, string>): GeneratedModel {
  const to = (name: string) => words.get(name) ?? name;
  return {
    ...model,
    ir: {
      ...model.ir,
      roles: model.ir.roles.map((role) => ({ ...role, name: to(role.name), extends: role.extends.map(to) })),
    },
    delegated: model.delegated.map(to),
    roleTypes: new Map([...model.roleTypes].map(([role, types]) => [to(role), types])),
  };
}

function withRenamedRoles(request: unknown, words: ReadonlyMap<string, string>): unknown {
  const held = valueAt(request, ["principal", "roles"]);
  if (!Array.isArray(held)) return request;
  const roles = held.map((role: unknown) => words.get(role as string) ?? role);
  const principal = { ...(valueAt(request, ["principal"]) as object), roles };
  return { ...(request as object), principal };
}
