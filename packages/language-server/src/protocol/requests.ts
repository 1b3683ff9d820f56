/**
 * The requests beside LSP: one line for each. Params and results are plain JSON; file names are those of the project,
 * places are UTF-16 offsets.
 */
import type {
  AppliedTemplate,
  ApplyTemplateParams,
  OfferedTemplate,
  TemplatesParams,
} from "../templates/template.ts";
import type { TriedRole, TryAnswer, TryParams } from "../try/answer.ts";
import type { KeepParams, KeptTest } from "../try/keep-as-test.ts";
import type { ExplainedRule, RuleParams, VerbalisedRule } from "../lenses/explain-rule.ts";
import type { FileTests, FileTestsParams } from "../lenses/run-file-tests.ts";
import type { WhoCanRule } from "../lenses/who-rule.ts";
import type { RanTest, RunTestsParams } from "../try/run-tests.ts";
import type { Scenario, ScenarioParams } from "../try/scenario.ts";
import type { RequestDocument } from "@wardline/core";
import type { AccessAxes } from "../access/access-axes.ts";
import type { AccessCells } from "../access/access-cells.ts";
import type { AccessSearch } from "../access/search-access.ts";
import type { BundleArtefact, FileArtefact } from "../artefacts/bundle-artefact.ts";
import type { TextArtefact } from "../artefacts/rego-artefact.ts";
import type { SqlArtefact } from "../artefacts/sql-artefact.ts";
import type { WasmArtefact } from "../artefacts/wasm-artefact.ts";
import type { AccessReview } from "../review/review-access.ts";
import type { AssertReview } from "../review/review-asserts.ts";
import type { Review } from "../review/review.ts";
import type { Versions } from "../review/versions.ts";
import type { CardsAnswer, CardsParams, EditCardParams, EditedCard } from "../cards/requests.ts";
import type { FileRole } from "../workspace/snapshot.ts";

/** What every request may say: which project is meant, by the URI of any of its files. Needed only where a workspace has several. */
export interface InProject {
  readonly uri?: string;
}

/** Why a request is not answered: a sentence for people. */
export interface Refused {
  readonly refused: string;
}

export interface OfTenant {
  readonly tenant: string;
}

export interface ProjectFile {
  readonly name: string;
  readonly uri: string;
  readonly role: FileRole;
}

export interface WardlineRequests {
  /** The files of a project and what each is loaded as. */
  "wardline/files": { readonly params: InProject; readonly result: readonly ProjectFile[] };
  /** What can be asked of a tenant's policy: who, what, which, when, and what a choice changes. */
  "wardline/scenario": { readonly params: ScenarioParams & InProject; readonly result: Scenario };
  /** What is decided, why, what the person would see, and what would change it. */
  "wardline/try": { readonly params: TryParams & InProject; readonly result: TryAnswer };
  /** The same question of one person for each role. */
  "wardline/tryRoles": { readonly params: TryParams & InProject; readonly result: readonly TriedRole[] };
  /** What was asked and decided as a test of the policy: edits of it. */
  "wardline/keepAsTest": { readonly params: KeepParams & InProject; readonly result: KeptTest };
  /** What a policy can begin with: packs of the project, and rules for common needs. */
  "wardline/templates": {
    readonly params: TemplatesParams & InProject;
    readonly result: readonly OfferedTemplate[];
  };
  /** What a template makes of the policy: edits, and what access changes. */
  "wardline/applyTemplate": {
    readonly params: ApplyTemplateParams & InProject;
    readonly result: AppliedTemplate;
  };
  /** The tests of a policy and its platform, run. */
  "wardline/runPolicyTests": {
    readonly params: RunTestsParams & InProject;
    readonly result: readonly RanTest[];
  };
  /** The tests of one file, or one of them, run. */
  "wardline/runTests": { readonly params: FileTestsParams & InProject; readonly result: FileTests };
  /** What a rule means in plain sentences, and a request that it decides. */
  "wardline/explainRule": { readonly params: RuleParams & InProject; readonly result: ExplainedRule };
  /** The rules of a file, or one of them, in plain sentences. */
  "wardline/verbalise": {
    readonly params: InProject & { readonly file: string; readonly rule?: string };
    readonly result: readonly VerbalisedRule[];
  };
  /** Who can do what a rule is about, by all rules together. */
  "wardline/whoCanRule": { readonly params: RuleParams & InProject; readonly result: WhoCanRule };
  /** The rows and columns of who can do what. */
  "wardline/accessAxes": { readonly params: InProject & OfTenant; readonly result: AccessAxes };
  /** One column of who can do what: what takes long is asked for piece by piece. */
  "wardline/accessCells": {
    readonly params: InProject & OfTenant & { readonly action: string; readonly resource: string };
    readonly result: AccessCells;
  };
  /** What of who can do what a question in words asks for. */
  "wardline/searchAccess": {
    readonly params: InProject & OfTenant & { readonly text: string };
    readonly result: AccessSearch;
  };
  /** What a policy becomes, one artefact at a time. */
  "wardline/rego": { readonly params: InProject & OfTenant; readonly result: TextArtefact };
  "wardline/sql": { readonly params: InProject & OfTenant; readonly result: TextArtefact };
  /** The SQL of who asks, with what is known of them folded in; of a request the rows do not matter. */
  "wardline/sqlFor": {
    readonly params: InProject & OfTenant & { readonly request: RequestDocument };
    readonly result: SqlArtefact;
  };
  "wardline/wasm": { readonly params: InProject & OfTenant; readonly result: WasmArtefact };
  "wardline/bundle": { readonly params: InProject & OfTenant; readonly result: BundleArtefact };
  /** A file of the bundle, or its archive. */
  "wardline/bundleFile": {
    readonly params: InProject & OfTenant & { readonly name: string };
    readonly result: FileArtefact;
  };
  "wardline/ir": { readonly params: InProject & OfTenant; readonly result: { readonly text: string } };
  /** What two versions differ in, but for access. A file that a version leaves out reads as it does now. */
  "wardline/review": { readonly params: InProject & Versions; readonly result: Review };
  /** What the asserts come to in both versions; to be asked on from `next` until that is null. */
  "wardline/reviewAsserts": {
    readonly params: InProject & OfTenant & Versions & { readonly from?: number };
    readonly result: AssertReview;
  };
  /** What access changes for one tenant; to be asked on from `next` until that is null. */
  "wardline/reviewAccess": {
    readonly params: InProject & OfTenant & Versions & { readonly from?: number };
    readonly result: AccessReview;
  };
  /** A file as cards; to a client that has those of an earlier text what changed since. */
  "wardline/cards": { readonly params: CardsParams & InProject; readonly result: CardsAnswer };
  /** An edit of a card as edits of the text. */
  "wardline/editCard": { readonly params: EditCardParams & InProject; readonly result: EditedCard };
}

export type WardlineMethod = keyof WardlineRequests;
export type ParamsOf<Method extends WardlineMethod> = WardlineRequests[Method]["params"];
export type ResultOf<Method extends WardlineMethod> = WardlineRequests[Method]["result"] | Refused;
