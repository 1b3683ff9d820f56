/** How names are written: `lower_snake`, `UpperCamel`, `#lower_snake`. */

/** The nearest `lower_snake` name, or null if nothing of the word can be kept. */
export function lowerSnake(word: string): string | null {
  const text = word
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replaceAll(/_+/g, "_")
    .replaceAll(/^_|_$/g, "");
  return /^[a-z][a-z0-9_]*$/.test(text) ? text : null;
}

/** The nearest `UpperCamel` name, or null if nothing of the word can be kept. */
export function upperCamel(word: string): string | null {
  const text = word
    .split("_")
    .map((part) => part.slice(0, 1).toUpperCase() + part.slice(1))
    .join("");
  return /^[A-Z][A-Za-z0-9]*$/.test(text) ? text : null;
}

/** A word in another style, in the style that it comes nearest to. */
export function inStyle(word: string): string | null {
  if (word.startsWith("#")) {
    const name = lowerSnake(word.slice(1));
    return name === null ? null : `#${name}`;
  }
  return /^_*[A-Z]/.test(word) ? upperCamel(word) : lowerSnake(word);
}
