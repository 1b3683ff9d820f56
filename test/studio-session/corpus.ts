/** Stories in which something was lost once, or was shown as it was not. */
import type { Fate } from "./network.ts";
import type { Deed } from "./story.ts";

const edit = (deed: "line" | "delete" | "type", file = 0, place = 0): Deed => ({
  do: "edit",
  deed,
  file,
  place,
});
const other = (deed: "insert" | "replace" | "remove" | "rename" | "rewrite", file = 0, place = 0): Deed => ({
  do: "other",
  deed,
  file,
  place,
});
const settle = (by: "mine" | "theirs" | "both"): Deed => ({ do: "settle", by, which: 0 });
const network = (fate: Fate, which = 0): Deed => ({ do: "network", fate, which });
const [undo, redo, save, poll, look, quiet, reopen] = (
  ["undo", "redo", "save", "poll", "look", "quiet", "reopen"] as const
).map((one): Deed => ({ do: one })) as [Deed, Deed, Deed, Deed, Deed, Deed, Deed];

const stories: Readonly<Record<string, readonly Deed[]>> = {
  "a save whose answer is lost is no other's work": [
    edit("line"),
    save,
    network("cut after"),
    edit("type"),
    save,
  ],
  "what is undone while its save is not answered stays undone": [
    edit("delete"),
    save,
    network("handle"),
    other("insert"),
    undo,
    network("cut after"),
  ],
  "a save that arrives late does not take back what was decided since": [
    edit("line"),
    other("insert"),
    quiet,
    settle("mine"),
    network("late"),
    settle("theirs"),
    quiet,
  ],
  "a save that arrives after the next one is no other's work": [
    edit("line"),
    save,
    undo,
    save,
    network("late"),
    network("handle", 1),
    edit("line"),
    quiet,
  ],
  "who undoes the taking of theirs is asked again before it is written over": [
    other("insert"),
    edit("line"),
    quiet,
    settle("theirs"),
    undo,
    redo,
    undo,
    save,
    quiet,
  ],
  "what is not known of a save stays so through undo and redo": [
    other("insert"),
    edit("line"),
    quiet,
    save,
    settle("theirs"),
    network("cut before"),
    undo,
  ],
  "who undoes the keeping of both is asked again": [
    other("insert", 0, 3),
    edit("line"),
    quiet,
    settle("both"),
    undo,
    save,
    quiet,
  ],
  "what was told before another decision is not merged any more": [
    other("insert"),
    edit("line"),
    quiet,
    save,
    settle("mine"),
    quiet,
    settle("both"),
    quiet,
  ],
  "a file that was let go and comes back is shown as it is": [
    other("rename"),
    edit("line"),
    quiet,
    settle("theirs"),
    other("rename"),
  ],
  "undo leaves what others did to the same place": [
    edit("line", 0, 1),
    edit("line", 1, 1),
    edit("line", 0, 4),
    save,
    quiet,
    other("replace", 0, 1),
    quiet,
    undo,
    undo,
    undo,
    redo,
    redo,
  ],
  "a conflict that undo ends is taken as what others did": [
    edit("line"),
    other("insert", 0, 2),
    quiet,
    undo,
    quiet,
  ],
  "a removed file that undo leaves without edits is told to be gone": [
    edit("line"),
    other("remove"),
    quiet,
    reopen,
    quiet,
    undo,
    quiet,
  ],
  "what is edited after its file went is told": [other("remove"), quiet, edit("line"), quiet],
  "answers that overtake each other bring nothing old": [
    other("insert"),
    poll,
    network("handle"),
    other("insert"),
    look,
    network("handle", 1),
    network("answer", 1),
    network("answer"),
  ],
  "what is heard while the project is opened anew is heard again": [
    other("rewrite", 2),
    quiet,
    poll,
    reopen,
    network("handle", 1),
    other("insert"),
    network("handle"),
    network("answer", 1),
    network("answer"),
    quiet,
  ],
};

export const corpus: readonly { readonly name: string; readonly deeds: readonly Deed[] }[] = Object.entries(
  stories,
).map(([name, deeds]) => ({ name, deeds: [...deeds, quiet, { do: "rest", choices: ["mine", "theirs"] }] }));
