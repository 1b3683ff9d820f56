/** What a reader is told of the word under the pointer, as Markdown. */
import {
  classify,
  maskFunctions,
  obligationForms,
  settingKinds,
  tokenize,
  type MaskName,
  type ObligationName,
} from "@wardline/compiler";
import type { Span } from "@wardline/core";
import { symbolIndex } from "../symbols/symbol-index.ts";
import type { Snapshot } from "../workspace/snapshot.ts";
import { describeSymbol } from "./describe-symbol.ts";
import { statementMeanings, wordMeanings } from "./keywords.ts";

export interface HoverText {
  readonly span: Span;
  /** Markdown. */
  readonly text: string;
}

export function hoverAt(snapshot: Snapshot, file: string, offset: number): HoverText | undefined {
  const index = symbolIndex(snapshot);
  const place = index.at(file, offset);
  const described = (place?.keys ?? []).flatMap((key) => {
    const symbol = index.symbols.get(key);
    return symbol === undefined || symbol.kind === "setting" ? [] : [describeSymbol(snapshot, index, symbol)];
  });
  if (place !== undefined && described.length > 0)
    return { span: place.span, text: described.join("\n\n---\n\n") };
  const text = snapshot.text(file);
  if (text === undefined) return undefined;
  const token = classify(tokenize({ name: file, text })).find(
    ({ start, end }) => start <= offset && offset < end,
  );
  if (token === undefined) return undefined;
  const word = text.slice(token.start, token.end);
  const meaning =
    place?.keys[0]?.startsWith("setting ") === true
      ? settingText(place.keys[0].slice("setting ".length))
      : token.class === "keyword" || token.class === "root" || token.class === "operator"
        ? wordText(word)
        : token.class === "name" || token.class === "type"
          ? tableText(word)
          : undefined;
  return meaning === undefined
    ? undefined
    : { span: { file, start: token.start, end: token.end }, text: meaning };
}

function wordText(word: string): string | undefined {
  const meanings: Readonly<Record<string, string>> = { ...wordMeanings, ...statementMeanings };
  const meaning = Object.hasOwn(meanings, word) ? meanings[word] : undefined;
  return meaning === undefined ? undefined : `**${word}** · ${meaning}`;
}

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
