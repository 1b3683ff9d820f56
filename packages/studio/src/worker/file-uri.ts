/** Files of a project as the language server calls them: `wardline:///policy/north.ward`. */

const scheme = "wardline:///";

export function uriOf(file: string): string {
  return scheme + file.split("/").map(encodeURIComponent).join("/");
}

/** Undefined for what is no file of the project. */
export function fileOf(uri: string): string | undefined {
  if (!uri.startsWith(scheme)) return undefined;
  return uri.slice(scheme.length).split("/").map(decodeURIComponent).join("/");
}
