/** Where the built application stands and what it may load, for who serves it. */

export { contentSecurityPolicy, type PolicyPlace } from "./content-security-policy.ts";

/** The folder of the static files, with `index.html`. It exists once `vite build` ran. */
export const appFolder: URL = new URL(
  import.meta.url.endsWith("/dist/src/index.js") ? "../app/" : "../dist/app/",
  import.meta.url,
);
