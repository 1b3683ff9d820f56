/** What must hold of every edit, however it was made: it parses, and nothing but the edited statement has changed. */
import type { Finding, TextEdit } from "@wardline/core";
import { applyEdits, check, compilePack, compilePlatform, editedFile } from "@wardline/compiler";
import { withFiles, type Project } from "@wardline/compiler/project";
import type { FileRole, Snapshot } from "../../workspace/snapshot.ts";
import { blocksOf, type Block, type BlockFile } from "../text/blocks.ts";
import { refuse, type Refused } from "../text/change.ts";

/** What an edit is meant to do with the statements of its file. */
export type Meant =
  | { readonly kind: "change"; readonly index: number }
  | { readonly kind: "add"; readonly index: number }
  | { readonly kind: "remove"; readonly index: number }
  | { readonly kind: "swap"; readonly index: number };

/** The blocks of the text after the edits if it is what was meant, else why it is not. */
export function verify(
  before: BlockFile,
  edits: readonly TextEdit[],
  meant: Meant,
  trusted: boolean,
): BlockFile | Refused {
  const text = applyEdits(before.source.text, edits);
  const after = blocksOf(editedFile(before.source, text), trusted);
  const [old, now] = [before.blocks, after.blocks];
  const expected = placesOf(old, meant);
  const fails =
    after.header === null ||
    now.length !== expected.length ||
    after.errors.length > before.errors.length ||
    expected.some((index, at) => index !== null && !isSame(before, old[index], after, now[at]));
  return fails ? refuse("The text would not be what is meant. Edit it as text.") : after;
}

/** Which of the old blocks stands at each place; null for one that is new or changed. */
function placesOf(old: readonly Block[], { kind, index }: Meant): readonly (number | null)[] {
  const all: (number | null)[] = old.map((_, at) => at);
  switch (kind) {
    case "change":
      return all.with(index, null);
    case "add":
      return all.toSpliced(index, 0, null);
    case "remove":
      return all.toSpliced(index, 1);
    case "swap":
      return all.toSpliced(index, 2, index + 1, index);
  }
}

function isSame(
  before: BlockFile,
  old: Block | undefined,
  after: BlockFile,
  now: Block | undefined,
): boolean {
  if (old === undefined || now === undefined || (old.statement === null) !== (now.statement === null))
    return false;
  return before.source.text.slice(old.from, old.to) === after.source.text.slice(now.from, now.to);
}

/** The first error that edits bring; null if they bring none. */
export function newError(snapshot: Snapshot, file: string, edits: readonly TextEdit[]): Finding | null {
  const role = snapshot.roleOf(file);
  if (role === undefined) return null;
  const left = new Map<string, number>();
  for (const found of snapshot.findings()) left.set(keyOf(found), (left.get(keyOf(found)) ?? 0) + 1);
  const texts = new Map<string, string>();
  for (const name of new Set(edits.map(({ span }) => span.file))) {
    const own = edits.filter(({ span }) => span.file === name);
    texts.set(name, applyEdits(snapshot.text(name) ?? "", own));
  }
  const edited = withFiles(snapshot.project, (one) => editedFile(one, texts.get(one.name) ?? one.text));
  for (const found of distinct(errorsOf(edited, role))) {
    const count = left.get(keyOf(found)) ?? 0;
    if (count === 0) return found;
    left.set(keyOf(found), count - 1);
  }
  return null;
}

const keyOf = ({ code, message }: Finding) => `${code} ${message}`;

/** What is shared is checked with each tenant's policy, and found as often. */
function distinct(errors: readonly Finding[]): readonly Finding[] {
  const key = ({ code, message, labels: [{ span }] }: Finding) =>
    [code, message, span.file, span.start, span.end].join(" ");
  return [...new Map(errors.map((found) => [key(found), found])).values()];
}

/** Errors of all that a file has a part in: of a shared file with so many tenants' policies. */
const mostTenants = 16;

function errorsOf({ model, platform, packs, tenants }: Project, role: FileRole): readonly Finding[] {
  if (model === null) return [];
  const named = role.kind === "policy" ? [role.tenant] : [...tenants.keys()].slice(0, mostTenants);
  const ofTenants = named.flatMap((tenant) => {
    const policy = tenants.get(tenant);
    return policy === undefined ? [] : check({ model, platform, packs, policy, tenant }).findings;
  });
  const alone = named.length === 0 ? compilePlatform({ model, platform, packs }).findings : [];
  const ofPacks = role.kind === "pack" ? packs.flatMap((pack) => compilePack(pack).findings) : [];
  return [...ofPacks, ...alone, ...ofTenants].filter(({ severity }) => severity === "error");
}
