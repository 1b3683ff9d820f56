/** Answers the requests of the table, each by its handler, over the project that is meant. */
import type { InProject, WardlineMethod } from "../protocol/requests.ts";
import type { LoadedProject } from "../workspace/load-project.ts";
import type { Workspace } from "../workspace/workspace.ts";
import type { ServerContext } from "./feature.ts";
import { handlers, type HandlerContext } from "./handlers.ts";
import type { Snapshot } from "../workspace/snapshot.ts";

type AnyHandler = (snapshot: Snapshot, params: InProject, context: HandlerContext) => unknown;

export function serveRequests({ connection, workspace, answering }: ServerContext): void {
  for (const method of Object.keys(handlers) as WardlineMethod[]) {
    const handler = handlers[method] as AnyHandler;
    const answer = answering<InProject, unknown>(
      (params, token) => {
        const project = projectOf(workspace, params ?? {});
        if (project === undefined) return { refused: "there is no project" };
        return handler(project.snapshot, params ?? {}, {
          uriOf: (file) => workspace.clientUri(project.uriOf(file)),
          isCancelled: () => token.isCancellationRequested,
        });
      },
      { refused: "this could not be answered" },
    );
    connection.onRequest(method, answer);
  }
}

/** The project of a URI, else the one that has the file that is named, else the first. */
function projectOf(
  workspace: Workspace,
  params: InProject & { readonly file?: unknown },
): LoadedProject | undefined {
  if (typeof params.uri === "string") return workspace.projectOf(params.uri);
  const all = workspace.all();
  const { file } = params;
  return all.find(({ snapshot }) => typeof file === "string" && snapshot.files.includes(file)) ?? all[0];
}
