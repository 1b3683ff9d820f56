/** Connects the editor with a session: the language server's features, and the commands behind its actions and lenses. */
import type { CodeAction, Command, WorkspaceEdit } from "vscode-languageserver-protocol";
import type { Session } from "../session/session.ts";
import { editsOf } from "../worker/workspace-edit.ts";
import { fileOfUri, markerOf } from "./convert.ts";
import { registerLanguage } from "./language.ts";
import { monaco } from "./monaco.ts";
import { registerChanges } from "./providers/changes.ts";
import { registerCompletion } from "./providers/completion.ts";
import { registerHints } from "./providers/hints.ts";
import { registerNavigation } from "./providers/navigation.ts";
import { applyCommand, runCommand, type ProviderInput } from "./providers/provider-input.ts";
import { runServerCommand } from "./run-command.ts";
import { openTextModels, type TextModels } from "./text-models.ts";
import { defineThemes, followTheme } from "./theme.ts";

/** The editor's features are registered once a page, and ask the session that is open. */
let current: { readonly session: Session; readonly models: TextModels; readonly stop: () => void } | null =
  null;
let prepared = false;
let registered = false;
const changed = new monaco.Emitter<void>();

/** The models of the session's files. Without a language server they are plain texts. */
export async function connectEditor(session: Session): Promise<TextModels> {
  const capabilities = await session.language.ready.then(
    (answer) => answer.capabilities,
    () => null,
  );
  if (current?.session === session) return current.models;
  current?.stop();
  if (!prepared) {
    prepared = true;
    registerLanguage();
    defineThemes();
    followTheme();
  }
  if (!registered && capabilities !== null) {
    registered = true;
    register({ capabilities, ask, apply, revision, run, diagnosticsOf });
  }
  const models = openTextModels(session.store);
  const mark = () => {
    for (const file of session.store.files) {
      const model = models.of(file);
      const found = session.language.diagnostics.get().get(file) ?? [];
      if (model !== undefined) monaco.editor.setModelMarkers(model, "wardline", found.map(markerOf));
    }
    changed.fire();
  };
  mark();
  const unmark = session.language.diagnostics.subscribe(mark);
  current = {
    session,
    models,
    stop: () => {
      unmark();
      models.dispose();
    },
  };
  return models;
}

function register(input: ProviderInput): void {
  registerCompletion(input);
  registerNavigation(input);
  registerChanges(input);
  registerHints(input, changed.event);
  monaco.editor.registerCommand(runCommand, (_, command: Command) => run(command));
  monaco.editor.registerCommand(applyCommand, (_, action: CodeAction) => void applyAction(action));
  monaco.editor.registerEditorOpener({
    openCodeEditor: (_, resource, place) => {
      const file = fileOfUri(resource);
      const model = file === undefined ? undefined : current?.models.of(file);
      if (current === null || file === undefined || model === undefined) return false;
      const range = place === undefined ? null : monaco.Range.isIRange(place) ? place : null;
      const position = monaco.Position.isIPosition(place) ? place : { lineNumber: 1, column: 1 };
      const start = model.getOffsetAt(
        range === null ? position : { lineNumber: range.startLineNumber, column: range.startColumn },
      );
      const end =
        range === null
          ? start
          : model.getOffsetAt({ lineNumber: range.endLineNumber, column: range.endColumn });
      current.session.file.set(file);
      current.session.shown.set({ file, start, end });
      return true;
    },
  });
}

async function ask<Answer>(method: string, params: unknown): Promise<Answer | undefined> {
  try {
    return (await current?.session.language.peer.request(method, params)) as Answer | undefined;
  } catch {
    // A question about a text that has changed meanwhile has no answer; the editor asks again.
    return undefined;
  }
}

function apply(edit: WorkspaceEdit, label: string, made: number | undefined): boolean {
  if (current === null) return false;
  const { store, announced } = current.session;
  const edits = editsOf(store, edit);
  const done = edits !== null && store.edit({ label, edits }, null, made);
  announced.set(done ? `${label}: done` : `${label}: the text has changed meanwhile`);
  return done;
}

const revision = () => current?.session.store.revision;

async function applyAction(action: CodeAction): Promise<void> {
  const made = revision();
  const whole =
    action.edit === undefined && action.data !== undefined
      ? ((await ask<CodeAction>("codeAction/resolve", action)) ?? action)
      : action;
  if (whole.edit !== undefined) apply(whole.edit, whole.title, made);
  if (whole.command !== undefined) run(whole.command);
}

function run(command: Command): void {
  if (current !== null) void runServerCommand(current.session, command);
}

function diagnosticsOf(file: string | undefined) {
  return file === undefined ? [] : (current?.session.language.diagnostics.get().get(file) ?? []);
}
