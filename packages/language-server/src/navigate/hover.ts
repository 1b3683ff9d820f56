/** What a reader is told of the word under the pointer, as Markdown. */
import {
  classify,
  maskFunctions,
  obligationForms,
  settingKinds,
  tokenize,
  type MaskName,
  type ObligationName,
  type TokenClass,
} from "@wardline/compiler";
import type { Span } from "@wardline/core";
import { symbolIndex } from "../symbols/symbol-index.ts";
import type { Snapshot } from "../workspace/snapshot.ts";
import { describeSymbol } from "./describe-symbol.ts";
import { statementMeanings, wordMeanings } from "./keywords.ts";
import { meaningInPlace, statementPartMeanings, typeMeanings } from "./words-in-place.ts";

export interface HoverText {
  readonly span: Span;
  /** Markdown. */
  readonly text: string;
}

export function hoverAt(snapshot: Snapshot, file: string, offset: number): HoverText | undefined {
  const names = symbolIndex(snapshot);
  const place = names.at(file, offset);
  const described = (place?.keys ?? []).flatMap((key) => {
    const symbol = names.symbols.get(key);
    return symbol === undefined || symbol.kind === "setting" ? [] : [describeSymbol(snapshot, names, symbol)];
  });
  if (place !== undefined && described.length > 0)
    return { span: place.span, text: described.join("\n\n---\n\n") };
  const text = snapshot.text(file);
  if (text === undefined) return undefined;
  const tokens = classify(tokenize({ name: file, text })).filter(
    (one) => one.class !== "comment" && one.class !== "documentation",
  );
  const index = tokens.findIndex(({ start, end }) => start <= offset && offset < end);
  const token = tokens[index];
  if (token === undefined || token.class === "string" || token.class === "number") return undefined;
  const words = tokens.map(({ start, end }) => text.slice(start, end));
  const word = words[index] ?? "";
  const meaning =
    place?.keys[0]?.startsWith("setting ") === true
      ? settingText(place.keys[0].slice("setting ".length))
      : (named(word, meaningInPlace(words, index)) ?? textOf(token.class, word));
  return meaning === undefined
    ? undefined
    : { span: { file, start: token.start, end: token.end }, text: meaning };
}

function textOf(of: TokenClass, word: string): string | undefined {
  if (of === "keyword" || of === "root" || of === "operator") return named(word, known(keywords, word));
  if (of === "type") return named(word, known(typeMeanings, word));
  return of === "name" ? tableText(word) : undefined;
}

const keywords: Readonly<Record<string, string>> = {
  ...statementPartMeanings,
  ...wordMeanings,
  ...statementMeanings,
};

const known = (meanings: Readonly<Record<string, string>>, word: string) =>
  Object.hasOwn(meanings, word) ? meanings[word] : undefined;

const named = (word: string, meaning: string | undefined) =>
  meaning === undefined ? undefined : `**${word}** · ${meaning}`;

function tableText(word: string): string | undefined {
  if (Object.hasOwn(obligationForms, word)) {
    const { form, summary, kind, on } = obligationForms[word as ObligationName];
    return `\`${form}\` · ${summary}\n\nan obligation (${kind}) of ${on.map((rule) => `\`${rule}\``).join(", ")}`;
  }
  if (Object.hasOwn(maskFunctions, word)) {
    const { form, summary, takes } = maskFunctions[word as MaskName];
    return `\`${form}\` · ${summary}\n\na mask of ${takes}`;
  }
  return undefined;
}

const merges = {
  tenant: "the tenant's stands before the platform's, and that before a pack's",
  shortest: "of several files the shortest time counts",
  longest: "of several files the longest time counts",
  furthest: "of several files the one that stands furthest apart counts",
  equal: "all files must say the same",
  off: "off wherever one file says so",
} as const;

function settingText(name: string): string | undefined {
  const [group = ""] = name.split(".");
  const kinds = settingKinds.filter(
    (kind) => kind.name === name || kind.name === group || kind.name.startsWith(`${name}.`),
  );
  if (kinds.length === 0) return undefined;
  return kinds.map(({ form, wanted, merge }) => `\`${form}\` · ${wanted}; ${merges[merge]}`).join("\n\n");
}
