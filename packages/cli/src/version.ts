import { readFileSync } from "node:fs";

/** The manifest is above the sources, and two folders above what is built from them. */
const folder = import.meta.url.includes("/dist/src/") ? "../../" : "../";
const manifest = readFileSync(new URL(`${folder}package.json`, import.meta.url), "utf8");

export const { version } = JSON.parse(manifest) as { readonly version: string };
