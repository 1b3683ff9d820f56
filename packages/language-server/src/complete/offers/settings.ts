/** Settings and packs: keys, and values that they take. */
import {
  settingEnums,
  settingGroups,
  settingKind,
  settingNames,
  type Expectation,
  type Frame,
} from "@wardline/compiler";
import { plainSnippet, type Offer } from "../item.ts";
import { before, frameOf, type Place } from "../place.ts";

/** Keys of `settings { … }`, and of a setting that holds others. */
export function settingKeys(place: Place, { frame }: Expectation): readonly Offer[] {
  const record = frameOf(frame, "record");
  if (record === null)
    return settingNames
      .filter((name) => !keysOf(place, "settings", 0).has(name))
      .map((name): Offer => {
        const group = settingGroups.get(name);
        const kind = settingKind(name);
        const form = group?.form ?? kind?.form ?? `${name}: `;
        return {
          label: name,
          kind: "setting",
          rank: 0,
          detail: form,
          ...(group === undefined ? { insert: `${name}: ` } : { snippet: `${name}: { $1 }` }),
        };
      });
  const group = place.tokens[record.start - 2]?.image ?? "";
  const written = keysOf(place, "record", record.start);
  return groupKeys(place, group)
    .filter((key) => !written.has(key))
    .map((key): Offer => ({
      label: key,
      kind: "setting",
      rank: 0,
      detail: settingKind(`${group}.${key}`)?.wanted,
      insert: `${key}: `,
      name: `${group}.${key}`,
    }));
}

function keysOf(place: Place, rule: Frame["rule"], start: number): ReadonlySet<string> {
  return new Set(
    place.tokens.flatMap(({ image }, index) => {
      const frame = place.taken[index];
      return frame?.rule === rule && frame.start === start && place.tokens[index + 1]?.image === ":"
        ? [image]
        : [];
    }),
  );
}

function groupKeys({ names: { model } }: Place, group: string): readonly string[] {
  const known = settingGroups.get(group)?.keys;
  if (known !== undefined && known !== null) return known;
  if (group === "retention") {
    const stored = [...model.entities.values()].filter(({ table }) => table !== null);
    return ["audit", ...stored.map(({ name }) => name)];
  }
  return group === "features" ? (model.enums.get(settingEnums.features)?.values ?? []) : [];
}

/** The value after a setting's key. */
export function settingValues(place: Place, { type, frame }: Expectation): readonly Offer[] {
  const record = frameOf(frame, "record");
  const key = place.tokens[place.at - 2]?.image ?? "";
  if (before(place)?.image !== ":") return [];
  const path = record === null ? key : `${place.tokens[record.start - 2]?.image}.${key}`;
  const kind = settingKind(path);
  if (kind === undefined) return [];
  const words = (list: readonly string[], detail: string) =>
    type.name === "Name" ? list.map((label): Offer => ({ label, kind: "value", rank: 0, detail })) : [];
  const literal = (label: string, snippet = `\${1:${label}}`): readonly Offer[] =>
    type.name === "Scalar" ? [{ label, kind: "literal", rank: 0, snippet, detail: kind.wanted }] : [];
  const parameters = place.names.parameters.map(({ name, type: text }): Offer => ({
    label: name,
    kind: "parameter",
    rank: 0,
    detail: text,
  }));
  switch (kind.name) {
    case "timezone":
      return type.name === "Scalar"
        ? ["UTC", "Europe/Berlin", "America/New_York", "Asia/Tokyo"].map((zone): Offer => ({
            label: `"${zone}"`,
            kind: "literal",
            rank: 0,
            filter: zone,
            detail: "time zone",
          }))
        : [];
    case "isolation":
      return words(["pool", "schema", "database"], "where the tenant's rows are");
    case "residency":
      return words(place.names.model.enums.get(settingEnums.residency)?.values ?? [], settingEnums.residency);
    case "features":
      return words(["on"], "the feature is available")
        .concat(type.name === "word_off" ? [] : [])
        .concat(
          type.name === "Name"
            ? [{ label: "off", kind: "value", rank: 0, detail: "the feature is off" }]
            : [],
        );
    case "retention":
      return [
        ...(settingGroups.has(path) ? [] : literal("6y")),
        ...(type.name === "Name" && !settingGroups.has(path)
          ? parameters.filter(({ detail }) => detail?.startsWith("Period"))
          : []),
      ];
    case "session.idle":
    case "session.longest":
    case "keys.rotate": {
      const sample = kind.name === "session.idle" ? "15m" : kind.name === "session.longest" ? "8h" : "90d";
      return [
        ...literal(sample),
        ...(type.name === "Name" ? parameters.filter(({ detail }) => detail?.startsWith("Duration")) : []),
      ];
    }
  }
  return [];
}

/** Packs that are at hand, with what they need. */
export function packOffers(place: Place, { type }: Expectation): readonly Offer[] {
  const { packs } = place.names;
  const name = place.tokens[1]?.image;
  if (type.name === "Name" && place.at === 1)
    return packs.map(({ name: label, version, parameters }): Offer => {
      const needed = parameters.filter(({ fallback }) => fallback === null);
      const entries = needed.map(
        (one, index) =>
          `\n  ${one.name}: ${one.isClass ? `#\${${index + 1}:class}` : `\${${index + 1}:value}`}`,
      );
      const isWritten = place.tokens.length > 1;
      const text = `${label} ${version}`;
      return {
        label,
        kind: "pack",
        rank: 0,
        detail: `pack ${version}`,
        name: text,
        ...(isWritten
          ? {}
          : needed.length === 0
            ? { insert: text }
            : { snippet: `${plainSnippet(text)} {${entries.join("")}\n}` }),
      };
    });
  if (type.name !== "Decimal" && type.name !== "Version3") return [];
  const pattern = type.name === "Decimal" ? /^\d+\.\d+$/ : /^\d+\.\d+\.\d+$/;
  return packs.flatMap((pack): readonly Offer[] =>
    pack.name === name && pattern.test(pack.version)
      ? [{ label: pack.version, kind: "literal", rank: 0, detail: `of ${pack.name}` }]
      : [],
  );
}

function usedPack(place: Place) {
  const [, name, version] = place.tokens;
  return place.names.packs.find((pack) => pack.name === name?.image && pack.version === version?.image);
}

/** Parameters of a pack that are not given yet. */
export function packKeys(place: Place): readonly Offer[] {
  const written = keysOf(place, "use", 0);
  return (usedPack(place)?.parameters ?? [])
    .filter(({ name }) => !written.has(name))
    .map(({ name, type, fallback }): Offer => ({
      label: name,
      kind: "parameter",
      rank: fallback === null ? 0 : 1,
      detail: fallback === null ? `${type}, needed` : `${type}, ${fallback} without it`,
      insert: `${name}: `,
    }));
}

/** What a parameter takes. */
export function packValues(place: Place, { type }: Expectation): readonly Offer[] {
  const key = place.tokens[place.at - 2]?.image;
  const parameter = usedPack(place)?.parameters.find(({ name }) => name === key);
  if (parameter === undefined || before(place)?.image !== ":") return [];
  if (parameter.isClass)
    return type.name === "Class"
      ? [...place.names.model.classes].map((one): Offer => ({
          label: `#${one}`,
          kind: "class",
          rank: 0,
          detail: "class",
          name: one,
        }))
      : [];
  if (type.name !== "Scalar") return [];
  const bound = /\(\.\.(.*)\)/.exec(parameter.type)?.[1];
  const sample = parameter.fallback ?? bound;
  return sample === undefined ? [] : [{ label: sample, kind: "literal", rank: 0, detail: parameter.type }];
}
