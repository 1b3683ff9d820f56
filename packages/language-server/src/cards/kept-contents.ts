/**
 * What cards say, kept from text to text: a card whose words stand in the same surroundings says the same. What a card is made
 * of beyond them, such as another statement or a compiled program, is noticed as it is read, and such a card is made anew.
 */
import type { SourceFile } from "@wardline/core";
import { buildCard, kindOf, type BuiltCard } from "./build-card.ts";
import type { Card, CardKind, ListName, Option } from "./card.ts";
import type { CardContext } from "./card-context.ts";
import type { Block } from "./text/blocks.ts";

/** A card without what depends on where it stands and on what is found in it. */
export type CardContent = Omit<Card, "id" | "span" | "statement" | "findings" | "can">;

interface Kept {
  /** What all contents were made of, beside their words and the model. */
  readonly surroundings: string;
  readonly contents: ReadonlyMap<string, CardContent>;
  /** The lists that the contents name. */
  readonly lists: Map<ListName, readonly Option[]>;
  /** Kinds of which some card read more than its words and surroundings. */
  readonly wide: Set<CardKind>;
}

/** Of the last text of each file, by its model. */
const known = new WeakMap<SourceFile, Map<string, Kept>>();

/** The contents of all blocks of a file, in order; their lists stand in the context. */
export function contentsOf(
  ctx: CardContext,
  contentOf: (ctx: CardContext, built: BuiltCard) => CardContent,
): readonly CardContent[] {
  const { model } = ctx.snapshot.project;
  const fromBlock = (block: Block) => contentOf(ctx, buildCard(ctx, block));
  if (model === null || ctx.role.kind === "model" || !ctx.hasHeader) return ctx.blocks.blocks.map(fromBlock);
  const files = known.get(model) ?? new Map<string, Kept>();
  known.set(model, files);
  const surroundings = surroundingsOf(ctx);
  const before = files.get(ctx.file);
  const kept: Kept =
    before?.surroundings === surroundings
      ? before
      : { surroundings, contents: new Map(), lists: new Map(), wide: new Set() };
  const narrow = narrowContext(ctx, kept.lists);
  const contents = new Map<string, CardContent>();
  const all = ctx.blocks.blocks.map((block) => {
    if (block.statement === null) return fromBlock(block);
    const text = ctx.text.slice(block.from, block.to);
    const same = contents.get(text) ?? kept.contents.get(text);
    const made = same ?? contentWithin(narrow, kept, block, contentOf);
    if (made === null) return fromBlock(block);
    contents.set(text, made);
    return made;
  });
  files.set(ctx.file, { ...kept, contents });
  for (const [name, options] of kept.lists) ctx.lists.set(name, options);
  return all;
}

/** Null of a card that is made of more than its words and surroundings. */
function contentWithin(
  { ctx, readsMore }: NarrowContext,
  { lists, wide }: Kept,
  block: Block,
  contentOf: (ctx: CardContext, built: BuiltCard) => CardContent,
): CardContent | null {
  // What such a card would name in the narrow context would be kept beyond what it was made of.
  if (block.statement === null || wide.has(kindOf(block.statement))) return null;
  const named = new Set(lists.keys());
  readsMore.now = false;
  const built = buildCard(ctx, block);
  const content = contentOf(ctx, built);
  if (!readsMore.now) return content;
  wide.add(built.kind);
  for (const name of lists.keys()) if (!named.has(name)) lists.delete(name);
  return null;
}

interface NarrowContext {
  readonly ctx: CardContext;
  readonly readsMore: { now: boolean };
}

/** The context without what other statements and files say, which is noticed when it is read all the same. */
function narrowContext(whole: CardContext, lists: Map<ListName, readonly Option[]>): NarrowContext {
  const readsMore = { now: false };
  const { file, text, role, hasHeader, words, roles, holders, lets, sealed, parameters } = whole;
  // A field that is added to the context is to be part of the surroundings, or noticed.
  const ctx: CardContext = {
    file,
    text,
    role,
    hasHeader,
    words,
    roles,
    holders,
    lets,
    sealed,
    parameters,
    lists,
    get snapshot() {
      readsMore.now = true;
      return whole.snapshot;
    },
    get blocks() {
      readsMore.now = true;
      return whole.blocks;
    },
  };
  return { ctx, readsMore };
}

/** What a card may be made of, as a text. Who can hold a role is said by the words of roles. */
function surroundingsOf({ role, roles, lets, sealed, parameters, blocks, text }: CardContext): string {
  const ofRoles = blocks.blocks.flatMap(({ statement, start, end }) =>
    statement?.kind === "role" ? [text.slice(start, end)] : [],
  );
  return JSON.stringify([role, roles, lets, [...sealed], [...parameters], ofRoles]);
}
