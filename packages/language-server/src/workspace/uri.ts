/** URIs as one spelling each, so that those of clients and those of the server can be compared. */

/** The one spelling of a URI: `file:///c%3A/a b` and `file:///C:/a%20b` are the same place. One that is none stays as it is. */
export function normalUri(uri: string): string {
  const match = /^([a-z][a-z0-9+.-]*):(?:\/\/([^/?#]*))?([^?#]*)(.*)$/is.exec(uri);
  if (match === null) return uri;
  const [, scheme = "", authority, path = "", rest = ""] = match;
  const parts = path.split("/").map((part) => encodeURIComponent(decoded(part)).replaceAll("%3A", ":"));
  const drive = parts[1] !== undefined && /^[a-z]:$/i.test(parts[1]) ? parts[1].toLowerCase() : parts[1];
  const spelt = drive === undefined ? parts : [parts[0] as string, drive, ...parts.slice(2)];
  const host = authority === undefined ? "" : `//${authority.toLowerCase()}`;
  return `${scheme.toLowerCase()}:${host}${spelt.join("/")}${rest}`;
}

/** The folder of a file, with `/` at its end; of a URI without folders, such as `untitled:Untitled-1`, what stands before its name. */
export function folderOfUri(uri: string): string {
  const slash = uri.lastIndexOf("/");
  return slash < 0 ? uri.slice(0, uri.indexOf(":") + 1) : uri.slice(0, slash + 1);
}

/** The folder above one, or undefined at the top. */
export function folderAbove(folder: string): string | undefined {
  if (!/^[^/]*\/\/[^/]*\/./.test(folder)) return undefined;
  return folderOfUri(folder.slice(0, -1));
}

/** The URI of a file name from a folder: `../a.ward`, `policy/b.ward`. A name may use `\` where its system does. */
export function uriOfName(folder: string, name: string): string {
  const absolute = /^(?:\/|[a-z]:[\\/])/i.test(name);
  const root = /^[^/:]*:(?:\/\/[^/]*)?/.exec(folder)?.[0] ?? folder;
  const slash = absolute || folder.startsWith("/", root.length) ? "/" : "";
  const parts = absolute
    ? []
    : folder
        .slice(root.length)
        .split("/")
        .filter((part) => part !== "");
  for (const part of name.split(/[\\/]/)) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(encodeURIComponent(part).replaceAll("%3A", ":"));
  }
  return normalUri(`${root}${slash}${parts.join("/")}`);
}

/** The name of a file from a folder, `/` between its parts: what projects call it. */
export function nameOfUri(folder: string, uri: string): string {
  const from = folder.split("/").slice(0, -1);
  const to = uri.split("/");
  let same = 0;
  while (same < from.length && same < to.length - 1 && from[same] === to[same]) same += 1;
  if (same === 0) return decoded(uri.slice(uri.indexOf(":") + 1));
  return [...from.slice(same).map(() => ".."), ...to.slice(same).map(decoded)].join("/");
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
