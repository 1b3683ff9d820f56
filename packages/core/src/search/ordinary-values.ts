/** Plausible values of each type: what a request holds where nothing is asked of it, and the ends of what it may hold. */
import type { ModelIr } from "../ir/model.ts";
import { formatIp, parseNetwork, type IpAddress } from "../value/ip.ts";
import type { ScalarType } from "../value/type.ts";
import type { WireScalar } from "../value/wire.ts";
import { ordinalBounds, valueAtOrdinal } from "../value/ordinal.ts";

/** The time of a request for which nothing asks another: a Monday noon. */
export const ordinaryNow = "2026-01-05T12:00:00.000000Z";

const names = ["ada", "bo", "cy"];

/** The first is the most ordinary. Never empty. */
export function ordinaryValues(model: ModelIr, type: ScalarType): readonly WireScalar[] {
  switch (type.kind) {
    case "bool":
      return [false, true];
    case "int":
    case "decimal":
    case "duration":
    case "date":
    case "time":
      return near(type, [ordinaryOrdinal(type), ordinaryOrdinal(type) + 1n]);
    case "instant":
      return [ordinaryNow, "2026-01-04T12:00:00.000000Z", "2026-01-06T12:00:00.000000Z", ...ends(type)];
    case "string":
      return ["text", "other", ""];
    case "enum":
      return type.values.slice(0, 24);
    case "entity":
      return idsOf(model, type.entity);
    case "uuid":
      return [uuid(0, 1), uuid(0, 2)];
    case "ip":
      return ["192.0.2.1", "198.51.100.7", "2001:db8::1"];
  }
}

/** A few ids of an entity, in the form that its key has. */
export function idsOf(model: ModelIr, name: string): readonly string[] {
  const at = model.entities.findIndex((entity) => entity.name === name);
  return model.entities[at]?.keyType === "text" ? names : names.map((_, i) => uuid(at + 1, i + 1));
}

function uuid(kind: number, count: number): string {
  const hex = (value: number) => value.toString(16).padStart(4, "0");
  return `0198c0de-0000-7000-8000-0000${hex(kind % 65_536)}${hex(count)}`;
}

function ordinaryOrdinal(type: ScalarType): bigint {
  // 2026-01-05, and noon.
  if (type.kind === "date") return 20_458n;
  return type.kind === "time" ? 43_200_000_000n : 0n;
}

function near(type: ScalarType, wanted: readonly bigint[]): readonly WireScalar[] {
  const inside = wanted.flatMap((ordinal) => valueAtOrdinal(ordinal, type) ?? []);
  return [...new Set([...inside, ...ends(type)])];
}

function ends(type: ScalarType): readonly WireScalar[] {
  return (ordinalBounds(type) ?? []).flatMap((ordinal) => valueAtOrdinal(ordinal, type) ?? []);
}

/** The value itself, and those just below and just above it, as far as the type has them. */
export function neighbours(ordinal: bigint, type: ScalarType): readonly WireScalar[] {
  return [ordinal, ordinal - 1n, ordinal + 1n].flatMap((at) => valueAtOrdinal(at, type) ?? []);
}

/** The first and the last address of a network, one in between, and those just outside of it. */
export function networkEdges(text: string): readonly string[] {
  const network = parseNetwork(text);
  if (network === undefined) return [];
  const width = network.version === 4 ? 32 : 128;
  const size = 1n << BigInt(width - network.prefix);
  const most = (1n << BigInt(width)) - 1n;
  const first = (network.bits / size) * size;
  const all = [first + size / 3n, first, first + size - 1n, first - 1n, first + size];
  const addresses = all
    .filter((bits) => bits >= 0n && bits <= most)
    .map((bits): IpAddress => ({ version: network.version, bits }));
  return [...new Set(addresses.map(formatIp))];
}
