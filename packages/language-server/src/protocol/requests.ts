/**
 * The requests beside LSP: one line for each. Params and results are plain JSON; file names are those of the project,
 * places are UTF-16 offsets.
 */
import type { TriedRole, TryAnswer, TryParams } from "../try/answer.ts";
import type { KeepParams, KeptTest } from "../try/keep-as-test.ts";
import type { RanTest, RunTestsParams } from "../try/run-tests.ts";
import type { Scenario, ScenarioParams } from "../try/scenario.ts";
import type { FileRole } from "../workspace/snapshot.ts";

/** What every request may say: which project is meant, by the URI of any of its files. Needed only where a workspace has several. */
export interface InProject {
  readonly uri?: string;
}

/** Why a request is not answered: a sentence for people. */
export interface Refused {
  readonly refused: string;
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
  /** The tests of a policy and its platform, run. */
  "wardline/runPolicyTests": {
    readonly params: RunTestsParams & InProject;
    readonly result: readonly RanTest[];
  };
}

export type WardlineMethod = keyof WardlineRequests;
export type ParamsOf<Method extends WardlineMethod> = WardlineRequests[Method]["params"];
export type ResultOf<Method extends WardlineMethod> = WardlineRequests[Method]["result"] | Refused;
