/** Checks of settings: the zone is one that this runtime knows, no time is zero, and what is retained exists. */
import { isTimeZone } from "../../value/clock.ts";
import { refuse, under, type Place } from "../../value/decode.ts";
import type { ModelIr } from "../model.ts";
import type { Settings } from "../settings.ts";

export function checkSettings(model: ModelIr, { timezone, retention = {} }: Settings, at: Place): void {
  if (timezone !== undefined && !isTimeZone(timezone)) refuse(under(at, "timezone"), "is not a time zone");
  for (const name of Object.keys(retention)) {
    const isKept =
      name === "audit" || model.entities.some((entity) => entity.name === name && entity.shared !== true);
    if (!isKept) refuse(under(at, "retention", name), "is nothing that is kept for a tenant");
  }
}
