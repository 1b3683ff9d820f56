/** The limits of a case of the corpus of invalid texts: a tenant's, or lower ones that stand beside it. */
import { existsSync, readFileSync } from "node:fs";
import { tenantLimits } from "../../src/index.ts";
import type { TextLimits } from "../../src/index.ts";
import { corpus } from "./texts.ts";

export function limitsOf(name: string): TextLimits {
  const path = `${corpus}invalid/${name.replace(/\.ward$/, ".limits.json")}`;
  if (!existsSync(path)) return tenantLimits;
  return { ...tenantLimits, ...(JSON.parse(readFileSync(path, "utf8")) as Partial<TextLimits>) };
}
