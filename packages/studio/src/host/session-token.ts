/** The token of `wardline studio`: it comes in the address once, and stays with this tab. */

const key = "wardline.studio.token";

/** The token, taken out of the address, or that of before a reload; null where the page is served by anything else. */
export function takeToken(): string | null {
  const [, token] = /^#token=([\w-]+)$/.exec(location.hash) ?? [];
  if (token === undefined) return sessionStorage.getItem(key);
  sessionStorage.setItem(key, token);
  // Neither the history nor whoever looks at the address bar has it.
  history.replaceState(null, "", location.pathname);
  return token;
}

/** Another address of the same page loads nothing by itself. */
export function reloadOnToken(): void {
  addEventListener("hashchange", () => {
    if (location.hash.startsWith("#token=")) location.reload();
  });
}
