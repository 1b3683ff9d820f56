/** A name as the language writes it, made of what a person calls something. */

/**
 * `No exports on weekends` is `no_exports_on_weekends`: small letters, digits and `_`. Marks on letters are left out. Where
 * nothing is left, or a digit comes first, the name is none, and whoever takes it says so.
 */
export function writtenName(words: string): string {
  if (/^[a-z][a-z0-9_]*$/.test(words)) return words;
  return words
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll("ß", "ss")
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replaceAll(/^_+|_+$/g, "");
}

/** What a field says of the name that is made of what is typed; null where it is typed as it is written. */
export function writtenAs(words: string): string | null {
  const name = writtenName(words);
  return name === "" || name === words ? null : `Written as \`${name}\``;
}
