/** What answers each request of the table. A handler never throws on any text, and refuses with a sentence what it cannot answer. */
import { accessAxes } from "../access/access-axes.ts";
import { accessCells } from "../access/access-cells.ts";
import { searchAccess } from "../access/search-access.ts";
import { reviewAccess } from "../review/review-access.ts";
import { reviewAsserts } from "../review/review-asserts.ts";
import { review } from "../review/review.ts";
import type { ParamsOf, ResultOf, WardlineMethod } from "../protocol/requests.ts";
import { applyTemplateInSteps } from "../templates/apply-template.ts";
import { templatesOf } from "../templates/templates.ts";
import { explainRule, verbalise } from "../lenses/explain-rule.ts";
import { runFileTests } from "../lenses/run-file-tests.ts";
import { whoCanRule } from "../lenses/who-rule.ts";
import { keepAsTest } from "../try/keep-as-test.ts";
import { runPolicyTests } from "../try/run-tests.ts";
import { scenarioOf } from "../try/scenario-of.ts";
import { tryIt, tryRoles } from "../try/try-it.ts";
import { answerCards, answerEdit } from "../cards/requests.ts";
import type { Snapshot } from "../workspace/snapshot.ts";

export interface HandlerContext {
  readonly uriOf: (file: string) => string;
  /** True once the client does not want the answer any more; what takes long asks now and then. */
  readonly isCancelled: () => boolean;
}

export type Handlers = {
  readonly [Method in WardlineMethod]: (
    snapshot: Snapshot,
    params: ParamsOf<Method>,
    context: HandlerContext,
  ) => ResultOf<Method> | Promise<ResultOf<Method>>;
};

const artefacts = () => import("../artefacts/index.ts");

export const handlers: Handlers = {
  "wardline/files": (snapshot, _, { uriOf }) =>
    snapshot.files.flatMap((name) => {
      const role = snapshot.roleOf(name);
      return role === undefined ? [] : [{ name, uri: uriOf(name), role }];
    }),
  "wardline/scenario": scenarioOf,
  "wardline/try": (snapshot, params) => tryIt(snapshot, params),
  "wardline/tryRoles": tryRoles,
  "wardline/keepAsTest": keepAsTest,
  "wardline/runPolicyTests": runPolicyTests,
  "wardline/runTests": runFileTests,
  "wardline/explainRule": explainRule,
  "wardline/verbalise": verbalise,
  "wardline/whoCanRule": whoCanRule,
  "wardline/accessAxes": (snapshot, { tenant }) => accessAxes(snapshot, tenant),
  "wardline/accessCells": (snapshot, { tenant, action, resource }) =>
    accessCells(snapshot, tenant, action, resource),
  "wardline/searchAccess": (snapshot, { tenant, text }) => searchAccess(snapshot, tenant, text),
  "wardline/rego": async (snapshot, { tenant }) => (await artefacts()).regoArtefact(snapshot, tenant),
  "wardline/sql": async (snapshot, { tenant }) => (await artefacts()).sqlText(snapshot, tenant),
  "wardline/sqlFor": async (snapshot, { tenant, request }) =>
    (await artefacts()).sqlArtefact(snapshot, tenant, request),
  "wardline/wasm": async (snapshot, { tenant }) => (await artefacts()).wasmArtefact(snapshot, tenant),
  "wardline/bundle": async (snapshot, { tenant }) => (await artefacts()).bundleArtefact(snapshot, tenant),
  "wardline/bundleFile": async (snapshot, { tenant, name }) =>
    (await artefacts()).fileArtefact(snapshot, tenant, name),
  "wardline/ir": async (snapshot, { tenant }) => (await artefacts()).irArtefact(snapshot, tenant),
  "wardline/review": (snapshot, versions) => review(snapshot, versions),
  "wardline/reviewAsserts": (snapshot, { tenant, from, ...versions }) =>
    reviewAsserts(snapshot, tenant, versions, from),
  "wardline/reviewAccess": (snapshot, { tenant, from, ...versions }) =>
    reviewAccess(snapshot, tenant, versions, from),
  "wardline/cards": answerCards,
  "wardline/editCard": answerEdit,
  "wardline/templates": templatesOf,
  "wardline/applyTemplate": (snapshot, params, { isCancelled }) =>
    applyTemplateInSteps(snapshot, params, isCancelled),
};
