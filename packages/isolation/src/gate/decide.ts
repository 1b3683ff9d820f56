/** Asks the policy about rows, with every fact that its rules read. A fact that is missing is the policy's to deny. */
import type { Attributes, Decision, KnownFacts, RequestDocument, Row } from "@wardline/core";
import type { PolicyGuard, SqlSession } from "../contracts.ts";
import type { StoredEntity } from "./catalogue.ts";
import { withRelations, type RowFacts } from "./facts.ts";
import type { RowSource } from "./load-rows.ts";

/** One question about one row: the row as it is asked about, before a write and after it. */
export type Asked = Readonly<Partial<Record<Row, RowFacts>>>;

/** The decisions, in the order of the questions. `facts` are closed over the database already. */
export async function decideAll(
  session: SqlSession,
  source: RowSource,
  guard: PolicyGuard,
  facts: KnownFacts,
  action: string,
  entity: StoredEntity,
  questions: readonly Asked[],
): Promise<readonly Decision[]> {
  const requests = await requestsFor(session, source, facts, action, entity, questions);
  return requests.map((request) => guard.decide(request));
}

/** What the policy is to be asked, in the order of the questions. */
export function requestsFor(
  session: SqlSession,
  source: RowSource,
  facts: KnownFacts,
  action: string,
  entity: StoredEntity,
  questions: readonly Asked[],
): Promise<readonly RequestDocument[]> {
  const requests = questions.map((question) => requestOf(facts, action, entity.name, question));
  return withRelations(session, source, requests);
}

function requestOf(facts: KnownFacts, action: string, entity: string, question: Asked): RequestDocument {
  const ancestors: Record<string, Readonly<Record<string, readonly string[]>>> = { ...facts.ancestors };
  const references: Record<string, Attributes> = { ...facts.references };
  for (const [root, found] of Object.entries(question)) {
    for (const [path, ids] of found.ancestors) ancestors[path === null ? root : `${root}.${path}`] = ids;
    for (const [path, values] of found.references) references[`${root}.${path}`] = values;
  }
  const { resource, prior, next } = question;
  return {
    ...facts,
    action: { name: action },
    resource: { ...resource?.row, type: entity },
    ...(prior === undefined ? {} : { prior: prior.row }),
    ...(next === undefined ? {} : { next: next.row }),
    ancestors,
    ...(Object.keys(references).length === 0 ? {} : { references }),
  };
}
