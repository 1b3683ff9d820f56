/** A case of the corpus, from the files of its folder: what is compiled, and what is asked. Reads no file itself. */
import type { SourceFile } from "../source/span.ts";

/** The files of a folder by their names in it. */
export type CaseFiles = ReadonlyMap<string, string>;

/** The texts of one tenant's policy. */
export interface CaseTexts {
  readonly model: SourceFile;
  readonly platform: readonly SourceFile[];
  readonly policy: SourceFile;
  readonly packs: readonly SourceFile[];
  readonly tenant: string;
}

interface CaseOptions {
  /** The tenant for whom the policy is loaded; else `north`. */
  readonly tenant?: string;
}

/** Whether a file of a folder is one of the texts. */
export const isCaseText = (file: string): boolean =>
  /^(?:model|policy|platform[a-z0-9-]*|packs\/[a-z0-9-]+)\.ward$/.test(file);

/** The texts of a case; those of the library where it has none of its own. Throws if neither has one. */
export function caseTexts(own: CaseFiles, library: CaseFiles): CaseTexts {
  const one = (name: string): SourceFile => {
    const text = own.get(name) ?? library.get(name);
    if (text === undefined) throw new Error(`neither the case nor the library has a ${name}`);
    return { name, text };
  };
  const below = (pattern: RegExp) =>
    [...own].filter(([name]) => pattern.test(name)).map(([name, text]) => ({ name, text }));
  const platform = below(/^platform[a-z0-9-]*\.ward$/);
  const { tenant = "north" } = JSON.parse(own.get("case.json") ?? "{}") as CaseOptions;
  return {
    model: one("model.ward"),
    platform: platform.length > 0 ? platform : [one("platform.ward")],
    policy: one("policy.ward"),
    packs: below(/^packs\//),
    tenant,
  };
}

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

interface Requests {
  /** A part of a request document that holds for all, unless a request says otherwise. */
  readonly given?: Json;
  /** Name → a request document, or the part of it that is not given. */
  readonly requests: { readonly [name: string]: Json };
}

const isObject = (value: Json): value is { readonly [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Objects are merged key by key; anything else is replaced. */
function merge(given: Json, own: Json): Json {
  if (!isObject(given) || !isObject(own)) return own;
  const keys = [...new Set([...Object.keys(given), ...Object.keys(own)])];
  return Object.fromEntries(
    keys.map((key) => {
      const [theirs, ours] = [given[key], own[key]];
      return [key, theirs === undefined ? (ours ?? null) : ours === undefined ? theirs : merge(theirs, ours)];
    }),
  );
}

/** The requests of a case's `requests.json`, whole, by name. Throws on text that is no JSON. */
export function caseRequests(text: string): readonly (readonly [string, unknown])[] {
  const { given = {}, requests } = JSON.parse(text) as Requests;
  return Object.entries(requests).map(([name, own]) => [name, merge(given, own)]);
}
