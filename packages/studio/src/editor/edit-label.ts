/** What a change of the editor is called in the history: by what the editor says that made it. */

/** Where a change came from, as the editor tells it. Its types leave this out; without it a change is an edit of the text. */
interface EditSource {
  readonly metadata?: {
    readonly source?: string;
    readonly kind?: string;
    readonly detailedSource?: string | null;
    readonly name?: string;
  };
}

const typed = "Edit the text";

/** By the editor's names of its commands. */
const commands: Readonly<Record<string, string>> = {
  "editor.action.commentLine": "Comment or uncomment lines",
  "editor.action.addCommentLine": "Comment lines",
  "editor.action.removeCommentLine": "Uncomment lines",
  "editor.action.blockComment": "Comment or uncomment",
  "editor.action.moveLinesUpAction": "Move lines",
  "editor.action.moveLinesDownAction": "Move lines",
  "editor.action.copyLinesUpAction": "Copy lines",
  "editor.action.copyLinesDownAction": "Copy lines",
  "editor.action.deleteLines": "Delete lines",
  "editor.action.joinLines": "Join lines",
  "editor.action.indentLines": "Indent lines",
  "editor.action.outdentLines": "Outdent lines",
  "editor.action.sortLinesAscending": "Sort lines",
  "editor.action.sortLinesDescending": "Sort lines",
  "editor.action.trimTrailingWhitespace": "Trim the ends of lines",
  replace: "Replace",
  replaceAll: "Replace all",
};

/** A label for the history. `sources`: the editor's `detailedReasons`. */
export function editLabel(sources: readonly unknown[]): string {
  const { source, kind, detailedSource, name } = (sources[0] as EditSource | undefined)?.metadata ?? {};
  if (source === "suggest" || source === "snippet") return "Complete a word";
  if (kind === "paste") return "Paste";
  if (kind === "cut") return "Cut";
  return commands[detailedSource ?? name ?? ""] ?? typed;
}
