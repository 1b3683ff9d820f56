/** The bytes of a text in UTF-8 (RFC 3629). Throws if it is not well formed: it could never be told from another. */
export function utf8(text: string): readonly number[] {
  if (!text.isWellFormed()) throw new TypeError("a text of the program is not well-formed Unicode");
  return Array.from(text, (character) => bytesOf(character.codePointAt(0) as number)).flat();
}

function bytesOf(point: number): readonly number[] {
  const tail = (shift: number) => 0x80 | ((point >> shift) & 63);
  if (point < 0x80) return [point];
  if (point < 0x800) return [0xc0 | (point >> 6), tail(0)];
  if (point < 0x10000) return [0xe0 | (point >> 12), tail(6), tail(0)];
  return [0xf0 | (point >> 18), tail(12), tail(6), tail(0)];
}
