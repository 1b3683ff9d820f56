/** Markdown in which nothing is loaded: anybody may have written the documentation of a policy, and an editor fetches the pictures that it shows. */
export function withoutPictures(markdown: string): string {
  return markdown.replaceAll("![", "! [");
}
