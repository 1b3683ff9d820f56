/** What of a statement is raw SQL, by the names that a tally has for it. */
import { plainTextShapes } from "../make/plain-text.ts";
import type { Query, Statement } from "../statement/language.ts";

/** Counted beside each shape of it, so that a rate of all that is raw can be said. */
export const allRaw = "raw SQL";

const hostileText = "a hostile text";
const hostileFragment = "a hostile fragment";
const fragmentInWrite = "a fragment in a write";

/** Shapes that are to be asked; whether they may end well is not theirs to say. */
export const hostileShapes: readonly string[] = [hostileText, hostileFragment, fragmentInWrite];

/** Where a fragment stands, by the key of the part that it is in. */
const places: ReadonlyMap<string, string> = new Map([
  ["where", "a condition"],
  ["having", "a condition"],
  ["on", "a join"],
  ["select", "a selection"],
  ["order", "an order"],
  ["group", "a group"],
  ["from", "a table"],
  ["joins", "a table"],
]);

const ofFragments = (place: string): string => `a fragment as ${place}`;

const features: Readonly<Record<string, (query: Query) => boolean>> = {
  joins: ({ joins }) => joins.length > 0,
  "a lateral join": ({ joins }) => joins.some(({ kind }) => kind.endsWith("lateral")),
  "common table expressions": ({ with: commons }) => commons.length > 0,
  "a sub-select in FROM": ({ from }) => from.some(({ kind }) => kind === "derived"),
  groups: ({ group }) => group.length > 0,
  "a set operation": ({ arms }) => arms.length > 0,
  "a window": (query) => JSON.stringify(query.select).includes('"over":{'),
  "a sub-select": ({ where }) => JSON.stringify(where).includes('"kind":"select"'),
  "an order": ({ order }) => order.length > 0,
  "a limit": ({ limit, fetch }) => limit !== null || fetch !== undefined,
};

const likeText = (shape: string): string => `a text with ${shape}`;
const ofText = (feature: string): string => `the text of a query with ${feature}`;

/** What a long run must have asked with success. */
export const carriedShapes: readonly string[] = [
  ...new Set([...places.values()].map(ofFragments)),
  ...Object.keys(features).map(ofText),
  ...plainTextShapes.map(likeText),
];

export function rawShapes(statement: Statement): readonly string[] {
  switch (statement.kind) {
    case "text":
      return statement.shape === undefined ? [hostileText] : [allRaw, likeText(statement.shape)];
    case "text of": {
      const { query } = statement;
      return [
        allRaw,
        ...Object.keys(features)
          .filter((name) => features[name]?.(query))
          .map(ofText),
      ];
    }
    case "insert":
    case "update":
    case "delete":
    case "merge": {
      const found = new Set<string>();
      findFragments(statement, "a condition", found);
      return found.size === 0 ? [] : [fragmentInWrite];
    }
    case "select":
    case "stream": {
      const found = new Set<string>();
      findFragments(statement, "a condition", found);
      if (found.size === 0) return [];
      return found.has(hostileFragment) ? [hostileFragment] : [allRaw, ...found];
    }
    case "transaction":
      return statement.statements.flatMap(rawShapes);
  }
}

function findFragments(part: unknown, place: string, found: Set<string>): void {
  if (Array.isArray(part)) {
    for (const item of part) findFragments(item, place, found);
    return;
  }
  if (typeof part !== "object" || part === null) return;
  const { e, kind, hostile } = part as {
    readonly e?: string;
    readonly kind?: string;
    readonly hostile?: boolean;
  };
  if (e === "raw" || kind === "raw") found.add(hostile === true ? hostileFragment : ofFragments(place));
  for (const [key, child] of Object.entries(part)) findFragments(child, places.get(key) ?? place, found);
}
