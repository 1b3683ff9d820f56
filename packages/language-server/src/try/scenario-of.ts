/** `wardline/scenario`: what can be chosen in *Try it*, and what a choice changes. Never throws on any parameter. */
import { searchRequests, not, permitGoal } from "@wardline/core/search";
import { instantMicros, instantOfLocal, valueAt, type Program, type Table } from "@wardline/core";
import type { Snapshot } from "../workspace/snapshot.ts";
import { completeRequest, zoneOf } from "./complete-request.ts";
import { asRequest, draftOf, put, putThing, type Draft } from "./document.ts";
import { documentationIn } from "./documentation.ts";
import { factsOf, rowId, type PlacedFact, type Question } from "./facts.ts";
import { peopleOf, thingsOf, type KnownThing } from "./fixtures.ts";
import { withPlainIds } from "./plain-ids.ts";
import { readValue } from "./read-value.ts";
import { isRelated, pairOf, putRelated, relatedFacts, type RelatedFact } from "./related.ts";
import type { Refused } from "../protocol/requests.ts";
import { rolesFor } from "./roles.ts";
import type { Fixture, Choice, Scenario, ScenarioChange, ScenarioFact, ScenarioParams } from "./scenario.ts";
import { opened, type Opened } from "./opened.ts";
import { capital, plain } from "../plain-words.ts";
import { sentenceOf } from "./words.ts";

export function scenarioOf(
  snapshot: Snapshot,
  { tenant, request, change }: ScenarioParams,
): Scenario | Refused {
  const open = opened(snapshot, tenant);
  if ("refused" in open) return open;
  const table = tableFor(open.program, request, change);
  if (table === undefined) return { refused: "The model declares nothing that somebody could ask for." };
  const before = questionOf(snapshot, open, table, completeRequest(open.program, table, request));
  const after = changed(before, change);
  if ("refused" in after) return after;
  return shown(
    snapshot,
    open,
    questionOf(snapshot, open, table, completeRequest(open.program, table, after.draft)),
  );
}

/** The table that is asked: as it was, with what is chosen otherwise. What does not go together gives way. */
function tableFor(program: Program, request: unknown, change: ScenarioChange | undefined): Table | undefined {
  const chosen: Partial<Record<"principal" | "action" | "resource", string>> =
    change?.kind === "question" ? change : {};
  const asked = {
    principal: chosen.principal ?? textAt(request, "principal", "type"),
    action: chosen.action ?? textAt(request, "action", "name"),
    resource: chosen.resource ?? textAt(request, "resource", "type"),
  };
  const parts = ["principal", "action", "resource"] as const;
  // What was chosen now counts more than what was chosen before, a table that grants something more than one that does not.
  const rank = (table: Table) =>
    parts.reduce(
      (sum, part) => sum + (chosen[part] !== undefined && table[part] === chosen[part] ? 100 : 0),
      0,
    ) +
    parts.reduce((sum, part) => sum + (table[part] === asked[part] ? 10 : 0), 0) +
    (table.passes.some(({ grants }) => grants.length > 0) ? 2 : 0) +
    (["read", "list"].includes(table.action) ? 1 : 0);
  return program.tables.toSorted((a, b) => rank(b) - rank(a))[0];
}

function textAt(request: unknown, ...path: readonly string[]): string {
  const value = valueAt(request, path);
  return typeof value === "string" ? value : "";
}

function questionOf(snapshot: Snapshot, { program, tests }: Opened, table: Table, draft: Draft): Question {
  const roles = rolesFor(snapshot, program, table.principal);
  return {
    program,
    table,
    request: asRequest(draft),
    tests,
    roles,
    documentation: documentationIn(snapshot),
  };
}

type Changed = { readonly draft: Draft } | Refused;

function changed(question: Question, change: ScenarioChange | undefined): Changed {
  const { program, table, request, tests, roles } = question;
  const draft = draftOf(request);
  if (change === undefined || change.kind === "question") return { draft };
  const held = new Set(
    relatedFacts(program, table).flatMap((fact) => (isRelated(program, request, fact) ? [fact.id] : [])),
  );
  switch (change.kind) {
    case "person": {
      const found = peopleOf(program, tests, table, roles).find(({ key }) => key === change.key);
      if (found === undefined) return { refused: "There is nobody of that name any more." };
      putThing(draft, "principal", found.thing);
      break;
    }
    case "thing": {
      const found = thingsOf(program, tests, table).find(({ key }) => key === change.key);
      if (found === undefined) return { refused: "There is nothing of that name any more." };
      for (const { row } of table.passes) putThing(draft, row, found.thing);
      break;
    }
    case "example":
      return exampleOf(question, change.permitted);
    case "fact": {
      const fact = factsOf(question).find(({ id }) => id === change.fact);
      if (fact === undefined) return { refused: "This question has no such fact." };
      if (fact.place.kind === "related") {
        const all = relatedFacts(program, table);
        const chosen = all.filter((one) => rowId(one.id) === fact.id);
        // Whatever asks for the same pair has the same answer.
        const pairs = new Set(chosen.map((one) => pairText(program, request, one)));
        for (const one of all)
          if (chosen.includes(one) || pairs.has(pairText(program, request, one)))
            if (change.value === true) held.add(one.id);
            else held.delete(one.id);
        break;
      }
      const refused = putFact(question, draft, fact, change.value);
      if (refused !== null) return refused;
    }
  }
  putRelated(program, draft, table, held);
  return { draft };
}

function pairText(program: Program, request: unknown, fact: RelatedFact): string {
  return JSON.stringify([fact.relation, pairOf(program, request, fact) ?? fact.id]);
}

function putFact(
  { program, table, request }: Question,
  draft: Draft,
  fact: PlacedFact,
  value: unknown,
): Refused | null {
  const { place, label } = fact;
  switch (place.kind) {
    case "related":
      return null;
    case "abroad": {
      const tenant = value === true ? `not_${program.tenant}` : program.tenant;
      const rows = place.path[0] === "principal" ? ["principal"] : table.passes.map(({ row }) => row);
      for (const root of rows) put(draft, [root, "tenant"], tenant);
      return null;
    }
    case "moment": {
      const parts = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)$/.exec(typeof value === "string" ? value.trim() : "");
      const isTime = parts !== null && instantMicros(`${parts[1]}T${parts[2]}:00.000000Z`) !== undefined;
      if (!isTime) return { refused: `${label}: write a day and a time such as 2026-01-05 22:30.` };
      put(draft, ["now"], instantOfLocal(parts[1] as string, `${parts[2]}:00.000000`, zoneOf(program)));
      return null;
    }
    case "path": {
      const read = value === null || (value === "" && fact.optional) ? null : readValue(place.type, value);
      if (read !== null && "wanted" in read) return { refused: `${label}: write ${read.wanted}.` };
      const before = valueAt(request, place.path) ?? null;
      put(draft, place.path, read?.value ?? null);
      // What an update leaves alone stays as the row is.
      if (place.path[0] === "prior" || place.path[1]?.startsWith("prior") === true) {
        const next = place.path.map((key, at) => (at < 2 ? key.replace(/^prior(?=$|\.)/, "next") : key));
        if (JSON.stringify(valueAt(request, next) ?? null) === JSON.stringify(before))
          put(draft, next, read?.value ?? null);
      }
      return null;
    }
  }
}

/** A request that is decided so, found by trying. */
function exampleOf({ program, table }: Question, permitted: boolean): Changed {
  const permit = permitGoal(program, table);
  const target = { principal: table.principal, action: table.action, resource: table.resource };
  const found = searchRequests(
    program,
    { ...target, goal: permitted ? permit : not(permit) },
    { seed: 1, tries: 24 },
  );
  const [request] = found.requests;
  if (request !== undefined) return { draft: draftOf(withPlainIds(program, request)) };
  return {
    refused: permitted
      ? "No request was found that is allowed: perhaps nothing grants this."
      : "No request was found that is refused: perhaps everybody may do this.",
  };
}

function shown(snapshot: Snapshot, { program, tests }: Opened, question: Question): Scenario {
  const { table, request, roles } = question;
  const documentation = documentationIn(snapshot);
  const options = (names: Iterable<string>, label: (name: string) => string): readonly Choice[] =>
    [...new Set(names)].map((value) => ({ value, label: label(value), documentation: documentation(value) }));
  const ofPrincipal = program.tables.filter((one) => one.principal === table.principal);
  const ofAction = ofPrincipal.filter((one) => one.action === table.action);
  const bare = ({ key, label, from }: KnownThing): Fixture => ({ key, label, from });
  return {
    tenant: program.tenant,
    request,
    sentence: sentenceOf(program, request),
    principals: options(
      program.tables.map(({ principal }) => principal),
      (name) => name,
    ),
    actions: options(
      ofPrincipal.map(({ action }) => action),
      (name) => capital(plain(name)),
    ),
    types: options(
      ofAction.map(({ resource }) => resource),
      (name) => name,
    ),
    people: peopleOf(program, tests, table, roles).map(bare),
    things: thingsOf(program, tests, table).map(bare),
    facts: factsOf(question).map(bareFact),
  };
}

/** Where a fact stands in the request is nobody else's to know. */
function bareFact({
  id,
  of,
  label,
  path,
  documentation,
  decides,
  optional,
  picker,
  value,
}: PlacedFact): ScenarioFact {
  return { id, of, label, path, documentation, decides, optional, picker, value };
}
