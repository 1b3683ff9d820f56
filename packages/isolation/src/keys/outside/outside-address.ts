/**
 * The address of a provider outside. Keys go over it in clear, so another machine is reached by TLS unless the caller says that the way
 * to it is safe by itself.
 */
export function outsideAddress(given: string, option: string, insecure: boolean): URL {
  let url: URL;
  try {
    url = new URL(given);
  } catch {
    throw new TypeError(`${option} is no URL`);
  }
  if (url.protocol !== "https:" && url.protocol !== "http:")
    throw new TypeError(`${option} is reached by https`);
  if (url.username !== "" || url.password !== "" || url.hash !== "" || url.search !== "")
    throw new TypeError(`${option} holds no user, no password, no query and no fragment`);
  const isHere = ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  if (url.protocol === "http:" && !isHere && !insecure)
    throw new TypeError(`${option}, ${url.host}, is on another machine and is reached by https`);
  return url;
}
