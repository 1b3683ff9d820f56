/** Commands that code lenses and actions name: the server carries them out, and what it says is shown. */
import type { Command } from "vscode-languageserver-protocol";
import type { Session } from "../session/session.ts";

interface Answer {
  readonly text?: string;
  readonly refused?: string;
}

/** Never rejects: what goes wrong is said. */
export async function runServerCommand({ language, said }: Session, command: Command): Promise<void> {
  const { title } = command;
  try {
    const answer = (await language.peer.request("workspace/executeCommand", {
      command: command.command,
      arguments: command.arguments ?? [],
    })) as Answer | null;
    const text = answer?.text ?? answer?.refused;
    if (text !== undefined) said.set({ title, text });
  } catch (error) {
    said.set({ title, text: error instanceof Error ? error.message : String(error) });
  }
}
