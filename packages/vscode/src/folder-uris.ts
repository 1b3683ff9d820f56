/**
 * The server in a worker has all its files beneath `wardline:///`. There each folder of the workspace, wherever it may
 * be, is one folder, named by its URI.
 */
const root = "wardline:///";

/** The name of a file there: of what folder it is, by the folder's URI, and its path in it. Nothing is escaped as in a URI. */
export function givenName(folder: string, path: string): string {
  return [encodeURIComponent(folder), ...path.split("/").filter((part) => part !== "")].join("/");
}

/** The URI of a name there. */
export function givenUri(name: string): string {
  return root + name.split("/").map(encodeURIComponent).join("/");
}

/** The way back: the folder's URI, and the parts of the path in it. Undefined for a URI of elsewhere. */
export function givenPlace(
  uri: string,
): { readonly folder: string; readonly parts: readonly string[] } | undefined {
  if (!uri.startsWith(root)) return undefined;
  const [folder = "", ...parts] = uri.slice(root.length).split("/").map(decodeURIComponent);
  return { folder: decodeURIComponent(folder), parts };
}
