/** The card of one block: its sentence with what each edit of it does, or why it is locked. */
import type { Statement } from "@wardline/compiler";
import type { CardKind } from "./card.ts";
import type { CardContext } from "./card-context.ts";
import { addAssert, addRequire, addRule, type StatementPlace } from "./rule/rule-card.ts";
import { addLet } from "./whole/let-card.ts";
import { addParameter } from "./whole/parameter-card.ts";
import { addRole } from "./whole/role-card.ts";
import { addSettings } from "./whole/settings-card.ts";
import { addTest } from "./test-statement/test-card.ts";
import { addUse } from "./whole/use-card.ts";
import type { Block } from "./text/blocks.ts";
import { CardDraft, Unshown } from "./text/draft.ts";

export interface BuiltCard {
  readonly block: Block;
  readonly id: string;
  readonly kind: CardKind;
  readonly name: string | null;
  readonly draft: CardDraft;
  /** Why it is locked; null if it is not. */
  readonly locked: string | null;
}

const built = new WeakMap<CardContext, Map<Block, BuiltCard>>();

/** The card of a block, made once in a context. */
export function buildCard(ctx: CardContext, block: Block): BuiltCard {
  let cards = built.get(ctx);
  if (cards === undefined) built.set(ctx, (cards = new Map()));
  let card = cards.get(block);
  if (card === undefined) cards.set(block, (card = build(ctx, block)));
  return card;
}

function build(ctx: CardContext, block: Block): BuiltCard {
  const { statement } = block;
  const [kind, name] =
    statement === null ? (["damaged", null] as const) : [kindOf(statement), nameOf(statement)];
  const id = idOf(block, { kind, name });
  const draft = new CardDraft(ctx.file);
  const empty = () => new CardDraft(ctx.file);
  if (statement === null) return { block, id, kind, name, draft, locked: damageOf(ctx, block) };
  if (ctx.role.kind === "model")
    return {
      block,
      id,
      kind,
      name,
      draft,
      locked: "The model is written as text: applications and databases depend on it.",
    };
  if (!ctx.hasHeader)
    return { block, id, kind, name, draft, locked: "The first line of the text does not say what it is." };
  try {
    const shown = addStatement({ ctx, block, draft }, statement);
    return shown === null
      ? { block, id, kind, name, draft, locked: null }
      : { block, id, kind, name, draft: empty(), locked: shown };
  } catch (error) {
    if (!(error instanceof Unshown)) throw error;
    return { block, id, kind, name, draft: empty(), locked: error.message };
  }
}

/** What names a card of one text in edits. */
export function idOf({ index }: Block, { kind, name }: Pick<BuiltCard, "kind" | "name">): string {
  return `${index}-${kind}-${name ?? ""}`;
}

function damageOf({ blocks }: CardContext, block: Block): string {
  const found = blocks.errors.find(
    ({ labels: [{ span }] }) => span.start >= block.start && span.start <= block.end,
  );
  return `This text has a mistake${found === undefined ? "" : `: ${found.message}`}.`;
}

/** Why a statement is not shown; null if it is. */
function addStatement(place: StatementPlace, statement: Statement): string | null {
  switch (statement.kind) {
    case "permit":
    case "forbid":
    case "ceiling":
    case "floor":
    case "share":
      addRule(place, statement);
      return null;
    case "require":
      addRequire(place, statement);
      return null;
    case "assert":
      addAssert(place, statement);
      return null;
    case "role":
      addRole(place, statement);
      return null;
    case "let":
      addLet(place, statement);
      return null;
    case "settings":
      addSettings(place, statement);
      return null;
    case "use":
      addUse(place, statement);
      return null;
    case "test":
      addTest(place, statement);
      return null;
    case "parameter":
      addParameter(place, statement);
      return null;
    case "enum":
    case "facts":
    case "entity":
    case "principal":
    case "delegate":
    case "evidence":
    case "relation":
    case "action":
    case "group":
      return "Cards do not show this kind of statement.";
  }
}

export function kindOf({ kind }: Statement): CardKind {
  switch (kind) {
    case "permit":
    case "forbid":
    case "require":
    case "ceiling":
    case "floor":
    case "share":
    case "assert":
    case "role":
    case "let":
    case "settings":
    case "use":
    case "parameter":
    case "test":
      return kind;
    case "enum":
    case "facts":
    case "entity":
    case "principal":
    case "delegate":
    case "evidence":
    case "relation":
    case "action":
    case "group":
      return "model";
  }
}

export function nameOf(statement: Statement): string | null {
  switch (statement.kind) {
    case "settings":
    case "facts":
    case "delegate":
      return null;
    case "role":
    case "action":
      return statement.names.map(({ text }) => text).join(", ");
    case "test":
      return statement.title;
    case "permit":
    case "forbid":
    case "require":
    case "ceiling":
    case "floor":
    case "share":
    case "assert":
    case "let":
    case "use":
    case "parameter":
    case "enum":
    case "entity":
    case "principal":
    case "evidence":
    case "relation":
    case "group":
      return statement.name.text;
  }
}

/** How a card of each kind is headed. */
export const headings: Readonly<Record<CardKind, string>> = {
  permit: "Permit",
  forbid: "Forbid",
  require: "Require",
  ceiling: "Ceiling",
  floor: "Floor",
  share: "Share",
  assert: "Assert",
  role: "Role",
  let: "Named condition",
  settings: "Settings",
  use: "Pack",
  parameter: "Parameter",
  test: "Test",
  model: "Model",
  damaged: "Text with a mistake",
};

/** The kinds of cards that have a name of their own. */
export const canRename: ReadonlySet<CardKind> = new Set([
  "permit",
  "forbid",
  "require",
  "ceiling",
  "floor",
  "share",
  "assert",
  "role",
  "let",
] as const);
