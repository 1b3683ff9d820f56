/** Code actions over LSP. Edits are made when an action is chosen, where the client can wait for them. */
import { CodeActionKind, type CodeAction, type Diagnostic } from "vscode-languageserver";
import type { Finding } from "@wardline/core";
import { improper, stretchIn, type Feature, type ServerContext } from "../server/feature.ts";
import type { Placed } from "../workspace/workspace.ts";
import type { Action } from "./action.ts";
import { actionsAt } from "./actions-at.ts";

/** What an action carries until it is resolved: which one it is among those at its place. */
interface Carried {
  readonly uri: string;
  readonly start: number;
  readonly end: number;
  readonly only: readonly string[] | null;
  readonly index: number;
  readonly title: string;
}

export const actionFeature: Feature = {
  capabilities: () => ({
    codeActionProvider: {
      codeActionKinds: [
        CodeActionKind.QuickFix,
        CodeActionKind.RefactorExtract,
        CodeActionKind.RefactorInline,
        CodeActionKind.RefactorRewrite,
        "source.fixAll.wardline",
      ],
      resolveProvider: true,
    },
  }),
  register: (context) => {
    const { connection, answering, at, workspace, client } = context;
    const resolves = client.textDocument?.codeAction?.resolveSupport?.properties.includes("edit") === true;
    connection.onCodeAction(
      answering((params): CodeAction[] | null => {
        const placed = at(params);
        if (placed === undefined) return null;
        const { start, end } = stretchIn(placed, params.range);
        if (!Array.isArray(params.context?.diagnostics)) throw improper("`context.diagnostics` is a list");
        const only = params.context.only ?? null;
        return actionsAt(placed.project.snapshot, placed.file, { start, end }, only).flatMap(
          (action, index) => {
            const data: Carried = {
              uri: params.textDocument.uri,
              start,
              end,
              only,
              index,
              title: action.title,
            };
            const made = { ...shownAs(action, params.context.diagnostics), data };
            if (resolves) return [made];
            const edit = editOf(context, placed, action);
            return edit === null ? [] : [{ ...made, edit }];
          },
        );
      }, null),
    );
    connection.onCodeActionResolve(
      answering(
        (action): CodeAction => {
          const data = action.data as Carried | undefined;
          const placed = data === undefined ? undefined : workspace.at(data.uri);
          if (data === undefined || placed === undefined) return action;
          const found = actionsAt(placed.project.snapshot, placed.file, data, data.only)[data.index];
          if (found?.title !== data.title) return action;
          const edit = editOf(context, placed, found);
          if (edit === null)
            connection.window.showInformationMessage(
              `${found.title}: this cannot be done here without a change of what the policy decides.`,
            );
          return { ...action, edit: edit ?? { changes: {} } };
        },
        { title: "" },
      ),
    );
  },
};

function shownAs(
  { title, kind, finding, isPreferred }: Action,
  diagnostics: readonly Diagnostic[],
): CodeAction {
  const own = finding === undefined ? [] : diagnostics.filter((one) => isOf(one, finding));
  return {
    title,
    kind,
    ...(own.length === 0 ? {} : { diagnostics: own }),
    ...(isPreferred === true ? { isPreferred: true } : {}),
  };
}

const isOf = ({ code, message }: Diagnostic, finding: Finding) =>
  code === finding.code && typeof message === "string" && message.startsWith(finding.message);

function editOf(context: ServerContext, placed: Placed, action: Action) {
  const edits = action.edits();
  return edits === null ? null : context.edits({ project: placed.project, edits });
}
