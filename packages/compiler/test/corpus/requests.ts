/** `requests.json` of a case: what is given to all requests, and the requests by name. */

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

/** The requests of a case, whole, by name. */
export function readRequests(text: string): readonly (readonly [string, unknown])[] {
  const { given = {}, requests } = JSON.parse(text) as Requests;
  return Object.entries(requests).map(([name, own]) => [name, merge(given, own)]);
}
