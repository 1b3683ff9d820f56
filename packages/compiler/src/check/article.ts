/** How a type is spoken of: `a Book`, `an Order`. */
export function withArticle(type: string): string {
  return `${/^[AEIOUaeiou]/.test(type) ? "an" : "a"} ${type}`;
}
