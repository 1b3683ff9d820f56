/**
 * How a cell that only the process can show leaves a guarded view: as text that only the process that asked can
 * recognise, because `marker` is random and new for each statement. The process opens what is sealed and applies the mask.
 *
 *     marker ":" "sealed" | "plain" ":" mask ":" entity "." field ":" row-id ":" hex(ciphertext, or the text as UTF-8)
 *
 * A row id may hold any character but ":"-splitting stays exact, since what follows it is hex.
 */
import { type Mask, maxPartial } from "../value/mask.ts";

export interface SealedCell {
  /** `plain`: a text that is not sealed, under a mask that needs a key. */
  readonly state: "sealed" | "plain";
  readonly mask: Mask;
  readonly entity: string;
  readonly field: string;
  readonly row: string;
  /** Lower-case hex. */
  readonly bytes: string;
}

/** True if a text is or contains something that bears the marker. */
export function bearsMarker(marker: string, text: string): boolean {
  return text.includes(marker);
}

const form = /^:(sealed|plain):([a-z_0-9.]+):([A-Za-z0-9]+)\.([A-Za-z0-9_]+):(.*):([0-9a-f]*)$/s;

/** The parts of a cell, or undefined if the text is anything else. */
export function parseSealedCell(marker: string, text: string): SealedCell | undefined {
  if (!text.startsWith(marker)) return undefined;
  const parts = form.exec(text.slice(marker.length));
  if (parts === null) return undefined;
  const [, state, word, entity, field, row, bytes] = parts as unknown as [
    string,
    SealedCell["state"],
    string,
    string,
    string,
    string,
    string,
  ];
  const mask = parseCellMask(word);
  return mask === undefined ? undefined : { state, mask, entity, field, row, bytes };
}

/** A mask of a text as one word: `partial.4`. Throws a TypeError for masks that no text has. */
export function cellMask(mask: Mask): string {
  switch (mask.kind) {
    case "show":
    case "initials":
    case "token":
    case "hash":
    case "redact":
      return mask.kind;
    case "partial":
      return `partial.${mask.last}`;
    case "partial_first":
      return `partial_first.${mask.first}`;
    case "bucket":
    case "month":
    case "year":
    case "hide":
      throw new TypeError(`no cell of a text is shown by ${mask.kind}`);
  }
}

function parseCellMask(word: string): Mask | undefined {
  switch (word) {
    case "show":
    case "initials":
    case "token":
    case "hash":
    case "redact":
      return { kind: word };
  }
  const [, kind, digits] = /^(partial|partial_first)\.([1-9]\d?)$/.exec(word) ?? [];
  const count = Number(digits);
  if (kind === undefined || count > maxPartial) return undefined;
  return kind === "partial" ? { kind, last: count } : { kind: "partial_first", first: count };
}
