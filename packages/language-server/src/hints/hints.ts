/** What a text does not say and holds nevertheless: who else counts as a role, what a require masks, whose rows, which value of a setting. */
import type { Statement } from "@wardline/compiler";
import { durationText, type Settings } from "@wardline/core";
import { pathsIn } from "../complete/conditions-of.ts";
import { parentsOf } from "../complete/model-words.ts";
import { namesIn, termText, type LetWord, type Names } from "../complete/names.ts";
import { isRule, type AnyRule } from "../actions/add-test.ts";
import { effectsOver } from "./effects.ts";
import type { Snapshot } from "../workspace/snapshot.ts";

/** Which hints are shown. */
export interface HintOptions {
  /** Of rules over shared tables, and of shares: whose rows they are about. */
  readonly tenantScope: boolean;
  /** Roles that extend the one that is named. */
  readonly roles: boolean;
  /** How a require shows a field that a permit lets be read. */
  readonly masks: boolean;
  /** The types of a let's parameters. */
  readonly lets: boolean;
  /** The value in force of a setting that another file overrules. */
  readonly settings: boolean;
}

export const allHints: HintOptions = {
  tenantScope: true,
  roles: true,
  masks: true,
  lets: true,
  settings: true,
};

export interface Hint {
  readonly offset: number;
  readonly text: string;
  readonly tooltip: string;
  readonly kind: keyof HintOptions;
}

/** The hints of a part of a file, in the order of the text. */
export function hintsIn(
  snapshot: Snapshot,
  file: string,
  range: { readonly start: number; readonly end: number },
  options: HintOptions = allHints,
): readonly Hint[] {
  const names = namesIn(snapshot, file);
  if (names === null) return [];
  const shown = names.statements.filter(({ span }) => span.start < range.end && range.start < span.end);
  const hints = shown.flatMap((statement) => hintsOf(snapshot, names, statement, options));
  return hints
    .filter(({ offset }) => offset >= range.start && offset <= range.end)
    .toSorted((a, b) => a.offset - b.offset);
}

function hintsOf(
  snapshot: Snapshot,
  names: Names,
  statement: Statement,
  options: HintOptions,
): readonly Hint[] {
  if (isRule(statement))
    return [
      ...(options.roles ? roleHints(names, statement) : []),
      ...(options.tenantScope ? scopeHints(names, statement) : []),
      ...(options.masks ? maskHints(names, statement) : []),
    ];
  if (statement.kind === "let") {
    const word = names.lets.get(statement.name.text);
    return options.lets && word !== undefined ? letHints(names, statement, word) : [];
  }
  return statement.kind === "settings" && options.settings ? settingHints(snapshot, names, statement) : [];
}

function roleHints({ roles }: Names, { reach }: AnyRule): readonly Hint[] {
  if (reach === null) return [];
  const { who } = reach;
  const named = who.kind === "anyone" ? who.except : who.names;
  const written = new Set(named.map(({ text }) => text));
  return named.flatMap(({ text, span }): readonly Hint[] => {
    if (!roles.has(text)) return [];
    const others = [...roles.keys()].filter(
      (other) => !written.has(other) && parentsOf(roles, other).includes(text),
    );
    if (others.length === 0) return [];
    const label =
      others.length > 3
        ? `${others.slice(0, 2).join(", ")} and ${others.length - 2} more`
        : others.join(", ");
    return [
      {
        offset: span.end,
        text: ` + ${label}`,
        tooltip: `${others.join(", ")} extend ${text}, and count as it.`,
        kind: "roles",
      },
    ];
  });
}

function scopeHints({ model }: Names, { kind, reach }: AnyRule): readonly Hint[] {
  if (reach === null) return [];
  if (kind === "share")
    return [
      {
        offset: reach.who.span.end,
        text: " of other tenants",
        tooltip: "A share is for people of other tenants alone.",
        kind: "tenantScope",
      },
    ];
  if (reach.types.kind === "anything") return [];
  return reach.types.names.flatMap(({ text, span }): readonly Hint[] =>
    model.entities.get(text)?.shared === true
      ? [
          {
            offset: span.end,
            text: " of all tenants",
            tooltip: `${text} is shared: its rows belong to no tenant, and every tenant reads the same.`,
            kind: "tenantScope",
          },
        ]
      : [],
  );
}

/** What requires show of the fields of the types that a permit reaches. */
function maskHints(names: Names, statement: AnyRule): readonly Hint[] {
  if (statement.kind !== "permit" || statement.reach === null) return [];
  const effects = effectsOver(names, statement);
  if (effects.size === 0) return [];
  const words = [...effects].map(([field, how]) => `${field} ${how}`);
  const label =
    words.length > 3 ? `${words.slice(0, 2).join(", ")} and ${words.length - 2} more` : words.join(", ");
  return [
    {
      offset: statement.reach.span.end,
      text: ` (${label})`,
      tooltip: `A require shows less to those that this permit is for: ${words.join("; ")}.`,
      kind: "masks",
    },
  ];
}

function letHints(
  names: Names,
  { parameters }: Extract<Statement, { kind: "let" }>,
  word: LetWord,
): readonly Hint[] {
  return (parameters ?? []).flatMap(({ text, span }): readonly Hint[] => {
    const type = parameterType(names, word, text);
    return type === null
      ? []
      : [{ offset: span.end, text: `: ${type}`, tooltip: `By how \`${text}\` is used.`, kind: "lets" }];
  });
}

/** The entity that a relation takes where the parameter is given to it. */
function parameterType({ model }: Names, { value }: LetWord, parameter: string): string | null {
  for (const path of pathsIn(value)) {
    const relation = path.root.kind === "name" ? model.relations.get(path.root.name.text) : undefined;
    const at =
      path.args?.findIndex(
        (one) =>
          one.kind === "path" &&
          one.root.kind === "name" &&
          one.root.name.text === parameter &&
          one.steps.length === 0,
      ) ?? -1;
    if (relation !== undefined && at >= 0) return at === 0 ? relation.from : relation.to;
  }
  return null;
}

/** The value in force, where it is another than what is written. */
function settingHints(
  snapshot: Snapshot,
  { tenant }: Names,
  statement: Extract<Statement, { kind: "settings" }>,
): readonly Hint[] {
  const settings = tenant === null ? undefined : snapshot.settings(tenant);
  if (settings === undefined) return [];
  return statement.entries.flatMap(({ key, value }): readonly Hint[] => {
    if (value.kind !== "record") return hintOn(settings, key.text, null, termText(value), value.span.end);
    return value.entries.flatMap((entry) =>
      hintOn(settings, key.text, entry.key.text, termText(entry.value), entry.value.span.end),
    );
  });
}

function hintOn(
  settings: Settings,
  key: string,
  inner: string | null,
  written: string,
  offset: number,
): readonly Hint[] {
  const inForce = valueInForce(settings, key, inner);
  if (inForce === null || isSameValue(written, inForce)) return [];
  return [
    {
      offset,
      text: ` in force: ${inForce}`,
      tooltip: "The platform or a pack asks for more; the strictest holds.",
      kind: "settings",
    },
  ];
}

function valueInForce(settings: Settings, key: string, inner: string | null): string | null {
  const value = (settings as Readonly<Record<string, unknown>>)[key];
  const found = inner === null ? value : (value as Readonly<Record<string, unknown>> | undefined)?.[inner];
  if (typeof found === "number") return durationText(found);
  if (typeof found === "boolean") return found ? "on" : "off";
  if (typeof found === "string") return found;
  if (typeof found === "object" && found !== null && "count" in found && "unit" in found)
    return `${String(found.count)}${String(found.unit)}`;
  return null;
}

const units: Readonly<Record<string, number>> = {
  us: 1,
  ms: 1e3,
  s: 1e6,
  m: 6e7,
  h: 3.6e9,
  d: 8.64e10,
  w: 6.048e11,
};

/** `90m` and `1h 30m`, `2w` and `14d`, `"UTC"` and `UTC` say the same. */
function isSameValue(written: string, inForce: string): boolean {
  const plain = (text: string) => {
    const parts = [...text.replaceAll('"', "").matchAll(/(\d[\d_]*)\s*(us|ms|s|m|h|d|w)(?![a-z])/g)];
    if (parts.length === 0) return text.replaceAll(/["_]/g, "");
    return String(
      parts.reduce(
        (sum, [, count = "0", unit = ""]) => sum + Number(count.replaceAll("_", "")) * (units[unit] ?? 0),
        0,
      ),
    );
  };
  return plain(written) === plain(inForce);
}
