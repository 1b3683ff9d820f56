/**
 * How a sealed field leaves a guarded view: as text that only the process that asked can recognise, because `marker`
 * is random and new for each statement. The process opens the ciphertext and applies the mask.
 *
 *     marker ":" mask-step ":" entity "." field ":" row-id ":" hex(ciphertext)
 *
 * A row id may hold any character but ":"-splitting stays exact, since the ciphertext is the last part and is hex.
 */
export interface SealedCell {
  readonly step: number;
  readonly entity: string;
  readonly field: string;
  readonly row: string;
  /** Lower-case hex. */
  readonly ciphertext: string;
}

/** True if a text is or contains something that bears the marker. */
export function bearsMarker(marker: string, text: string): boolean {
  return text.includes(marker);
}

const form = /^:(\d+):([A-Za-z0-9]+)\.([A-Za-z0-9_]+):(.*):([0-9a-f]+)$/s;

/** The parts of a cell, or undefined if the text is anything else. */
export function parseSealedCell(marker: string, text: string): SealedCell | undefined {
  if (!text.startsWith(marker)) return undefined;
  const parts = form.exec(text.slice(marker.length));
  if (parts === null) return undefined;
  const [, step, entity, field, row, ciphertext] = parts as unknown as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  return { step: Number(step), entity, field, row, ciphertext };
}
