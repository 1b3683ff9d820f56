/** What a text may be at most. The depth bounds the parser's stack, so no text can overflow it. */

export interface TextLimits {
  /** Bytes of UTF-8. */
  readonly bytes: number;
  /** Brackets and `not`s inside one another. */
  readonly depth: number;
  /** Findings that one file reports. */
  readonly findings: number;
}

/** For text that a tenant wrote. */
export const tenantLimits: TextLimits = { bytes: 64 * 1024, depth: 16, findings: 100 };

/** For the model and the platform's own files. */
export const platformLimits: TextLimits = { bytes: 1024 * 1024, depth: 16, findings: 100 };

/** The bytes that a text takes in UTF-8. A lone surrogate counts as three. */
export function bytesOf(text: string): number {
  let bytes = 0;
  for (const char of text) {
    const point = char.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x1_0000 ? 3 : 4;
  }
  return bytes;
}
