/** Parses a source once, however many tenants' policies are compiled with it. A source must never be changed in place. */
import type { SourceFile } from "@wardline/core";
import { knownStart, takeOrigin } from "./edited.ts";
import type { TextLimits } from "./limits.ts";
import { parseEdited, parseFile, type ParsedFile } from "./parse-file.ts";

const known = new WeakMap<SourceFile, { readonly limits: TextLimits; readonly parsed: ParsedFile }>();

export function parseOnce(source: SourceFile, limits: TextLimits): ParsedFile {
  const before = known.get(source);
  if (before?.limits === limits) return before.parsed;
  const origin = takeOrigin(source);
  const earlier = origin === undefined ? undefined : known.get(origin);
  const parsed =
    origin !== undefined && earlier?.limits === limits
      ? parseEdited(source, limits, knownStart(origin, earlier.parsed, source))
      : parseFile(source, limits);
  known.set(source, { limits, parsed });
  return parsed;
}
