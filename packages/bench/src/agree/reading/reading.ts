/**
 * The decision that a careful reader of the texts would give, from the syntax tree and the pages alone. It knows nothing
 * of the checker's formulas, of lowering or of programs, so that an error there cannot hide in all engines at once.
 */
import {
  parseFile,
  type Clause,
  type Expression,
  type Reach,
  type RequireStatement,
  type RuleStatement,
  type Term,
} from "@wardline/compiler";
import {
  milder,
  strictness,
  stricter,
  valueAt,
  type Decision,
  type Mask,
  type Obligation,
  type RequestDocument,
  type Row,
  type SourceFile,
} from "@wardline/core";
import { isSealed, type Case } from "@wardline/core/testing";
import { isTrue, type Reader } from "./condition.ts";
import { durationOf } from "./value.ts";

type Statement = RuleStatement | RequireStatement;

interface Said {
  readonly id: string;
  readonly layer: "platform" | "tenant";
  readonly statement: Statement;
}

export interface Reading {
  /** The decision on a well-formed request within its tenant. */
  readonly decide: (request: RequestDocument) => Decision;
}

export function readCase(made: Case): Reading {
  const { platform, policy, tenant, generated } = made;
  const said = [...rulesIn(platform, "platform", "platform"), ...rulesIn(policy, "tenant", tenant)];
  const tenantStatements = parseFile(policy).ast.statements;
  const lets = new Map(
    tenantStatements.flatMap((s) => (s.kind === "let" ? [[s.name.text, s.value] as const] : [])),
  );
  const modelRoles = new Map(generated.ir.roles.map((role) => [role.name, role.extends]));
  const ownRoles = tenantStatements.flatMap((s) =>
    s.kind !== "role"
      ? []
      : s.names.map(
          (name) =>
            [name.text, s.modifier?.kind === "extends" ? s.modifier.names.map((n) => n.text) : []] as const,
        ),
  );
  const allRoles = new Map([...modelRoles, ...ownRoles]);
  const holds =
    (roles: ReadonlyMap<string, readonly string[]>, request: RequestDocument) => (wanted: string) => {
      // A principal holds a role only if it can hold all that the role extends.
      const canHold = (role: string): boolean =>
        generated.roleTypes.get(role)?.includes(request.principal.type) !== false &&
        (roles.get(role) ?? []).every(canHold);
      return request.principal.roles.some((role) => canHold(role) && reaches(roles, role, wanted));
    };

  const decide = (request: RequestDocument): Decision => {
    const action = generated.ir.actions.find((a) => a.name === request.action.name);
    if (action === undefined) throw new TypeError("no such action");
    const passes = rowsOf(action.kind).map((row) => pass(request, row));
    const forbids = said.filter((rule) => passes.some((p) => p.forbids.includes(rule)));
    if (forbids.length > 0)
      return { outcome: "deny", rules: idsOf(forbids), obligations: [], reason: "forbidden" };
    if (passes.some((p) => p.grants.length === 0))
      return { outcome: "deny", rules: [], obligations: [], reason: "not_granted" };
    const unmet = said.flatMap((rule) =>
      passes.some((p) => p.requires.includes(rule))
        ? unmetOf(rule.statement, request).map((o) => [rule, o] as const)
        : [],
    );
    const order = idsOf(said);
    const sorted = unmet.toSorted(([a], [b]) => order.indexOf(a.id) - order.indexOf(b.id));
    if (sorted.length > 0) {
      const obligations = [...new Map(sorted.map(([, o]) => [JSON.stringify(o), o])).values()];
      return { outcome: "challenge", rules: idsOf(sorted.map(([rule]) => rule)), obligations, reason: null };
    }
    const grants = said.filter((rule) => passes.some((p) => p.grants.includes(rule)));
    return { outcome: "permit", rules: idsOf(grants), obligations: effectsOf(request, passes), reason: null };
  };

  interface Pass {
    readonly forbids: readonly Said[];
    readonly grants: readonly Said[];
    readonly requires: readonly Said[];
  }

  const pass = (request: RequestDocument, row: Row): Pass => {
    const applies = (rule: Said): boolean => {
      const held = holds(rule.layer === "platform" ? modelRoles : allRoles, request);
      const { statement } = rule;
      if (statement.reach === null || !isReached(made, statement, statement.reach, request, held))
        return false;
      return clausesHold({ model: generated.ir, request, row, lets, holds: held }, statement.clauses);
    };
    const of = (kind: Statement["kind"]) =>
      said.filter((rule) => rule.statement.kind === kind && applies(rule));
    const forbids = of("forbid");
    const home = request.principal.tenant === request.tenant.id;
    const ceiling = !said.some((rule) => rule.statement.kind === "ceiling") || of("ceiling").length > 0;
    return {
      forbids,
      grants: home && ceiling && forbids.length === 0 ? of("permit") : [],
      requires: of("require"),
    };
  };

  const effectsOf = (request: RequestDocument, passes: readonly Pass[]): readonly Obligation[] => {
    const fields = generated.ir.entities.find((e) => e.name === request.resource.type)?.fields ?? [];
    const shown: Obligation[] = [];
    for (const { name } of fields) {
      const masks = passes.map(({ grants, requires }) => {
        const granted = grants.map((rule) => maskIn(rule.statement, name)).reduce(milder);
        return requires.map((rule) => maskIn(rule.statement, name)).reduce(stricter, granted);
      });
      const mask = masks.reduce(stricter);
      if (mask.kind === "hide") shown.push({ type: "hide", field: name });
      else if (mask.kind !== "show") shown.push({ type: "mask", field: name, mask });
    }
    const isEncrypting = said.some(
      ({ statement }) =>
        statement.kind === "require" && callsOf(statement).some((c) => c.name.text === "encrypt"),
    );
    const sealed = isEncrypting
      ? fields.filter((field) => isSealed(generated, field)).map((field) => field.name)
      : [];
    return sealed.length === 0 ? shown : [...shown, { type: "encrypt", fields: sealed }];
  };

  const unmetOf = (statement: Statement, request: RequestDocument): readonly Obligation[] =>
    callsOf(statement).flatMap((call): readonly Obligation[] => {
      const { text } = call.name;
      if (text !== "reason" && text !== "step_up") return [];
      const [factor, within] = call.args.map((argument) => argument.term);
      const name = factor?.kind === "call" ? factor.name.text : "reason";
      const facts = (generated.evidence.find((e) => e.name === name)?.facts ?? []).map((fact) =>
        valueAt(
          request,
          fact.root === "context" ? ["context", fact.name] : ["principal", "attributes", fact.name],
        ),
      );
      const [first, age] = facts.map((fact) => fact ?? undefined);
      if (text === "reason") return first === undefined ? [{ type: "reason" }] : [];
      const limit = within?.kind === "literal" ? durationOf(within.text) : null;
      const met = first === true && (limit === null || (typeof age === "number" && age <= limit));
      return met ? [] : [{ type: "step_up", factor: name, within: limit }];
    });

  return { decide };
}

function rulesIn(file: SourceFile, layer: Said["layer"], owner: string): readonly Said[] {
  const { statements } = parseFile(file).ast;
  return statements
    .filter((statement): statement is Statement =>
      ["permit", "forbid", "require", "ceiling"].includes(statement.kind),
    )
    .map((statement) => ({ id: `${owner}/${statement.name.text}`, layer, statement }));
}

/** The platform's rules first, then by name. */
function idsOf(rules: readonly Said[]): readonly string[] {
  const ids = (layer: Said["layer"]) => rules.filter((rule) => rule.layer === layer).map((rule) => rule.id);
  return [...new Set([...ids("platform").toSorted(), ...ids("tenant").toSorted()])];
}

function rowsOf(kind: "reads" | "creates" | "updates" | "deletes"): readonly Row[] {
  switch (kind) {
    case "reads":
      return ["resource"];
    case "creates":
      return ["next"];
    case "deletes":
      return ["prior"];
    case "updates":
      return ["prior", "next"];
  }
}

function reaches(roles: ReadonlyMap<string, readonly string[]>, from: string, to: string): boolean {
  return (
    (roles.has(from) && from === to) || (roles.get(from) ?? []).some((parent) => reaches(roles, parent, to))
  );
}

function isReached(
  made: Case,
  statement: Statement,
  reach: Reach,
  request: RequestDocument,
  holds: (role: string) => boolean,
): boolean {
  const { ir, groups } = made.generated;
  const { who, actions, types } = reach;
  const isMeant = (name: string) => name === request.principal.type || holds(name);
  const meant =
    who.kind === "anyone" ? !who.except.some((n) => isMeant(n.text)) : who.names.some((n) => isMeant(n.text));
  if (!meant) return false;
  const entity = request.resource.type;
  if (types.kind === "names" && !types.names.some((name) => name.text === entity)) return false;
  if (actions.kind === "act_on") return true;
  const named = actions.names.flatMap(({ text }) => groups.find((g) => g.name === text)?.members ?? [text]);
  if (named.includes(request.action.name)) return true;
  // What is said of `read` binds every action that reads.
  if (statement.kind !== "forbid" && statement.kind !== "require") return false;
  return (
    named.includes("read") &&
    ir.actions.find((action) => action.name === request.action.name)?.kind === "reads"
  );
}

function clausesHold(reader: Reader, clauses: readonly Clause[]): boolean {
  const conditions = (kind: "when" | "unless"): readonly Expression[] =>
    clauses.flatMap((clause) => (clause.kind === kind ? [clause.condition] : []));
  return (
    conditions("when").every((condition) => isTrue(reader, condition)) &&
    !conditions("unless").some((condition) => isTrue(reader, condition))
  );
}

type Call = Extract<Term, { kind: "call" }>;

function callsOf(statement: Statement): readonly Call[] {
  const terms =
    statement.kind === "require"
      ? statement.terms
      : statement.clauses.flatMap((clause) => (clause.kind === "with" ? clause.terms : []));
  return terms.filter((term) => term.kind === "call");
}

/** How a statement shows a field; `show` if it does not name it. */
function maskIn(statement: Statement, field: string): Mask {
  let mask: Mask = { kind: "show" };
  for (const call of callsOf(statement)) {
    const [what, how] = call.args.map((argument) => argument.term);
    const names = call.args.flatMap(({ term }) => (term.kind === "call" ? [term.name.text] : []));
    if (call.name.text === "hide" && names.includes(field)) mask = stricter(mask, { kind: "hide" });
    if (call.name.text === "mask" && what?.kind === "call" && what.name.text === field)
      mask = stricter(mask, maskNamed(how));
  }
  return mask;
}

function maskNamed(term: Term | undefined): Mask {
  if (term?.kind !== "call") throw new TypeError("no mask");
  if (term.name.text === "initials") return { kind: "initials" };
  if (term.name.text === "redact") return { kind: "redact" };
  const [last] = term.args;
  const mask: Mask = {
    kind: "partial",
    last: Number(last?.term.kind === "literal" ? last.term.text : Number.NaN),
  };
  if (Number.isNaN(strictness(mask))) throw new TypeError("no count");
  return mask;
}
