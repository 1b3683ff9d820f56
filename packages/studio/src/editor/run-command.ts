/** Commands that code lenses and actions name: the server carries them out, and says what came of it. */
import type { Command } from "vscode-languageserver-protocol";
import type { Session } from "../session/session.ts";

/** Never rejects: what goes wrong is said. */
export async function runServerCommand({ language, announced }: Session, command: Command): Promise<void> {
  try {
    await language.peer.request("workspace/executeCommand", {
      command: command.command,
      arguments: command.arguments ?? [],
    });
  } catch (error) {
    announced.set(`${command.title}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
