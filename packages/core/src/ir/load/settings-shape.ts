/** The shape of the settings in a serialised program. */
import {
  bool,
  dictionary,
  integer,
  line,
  literal,
  optional,
  record,
  type Decoder,
} from "../../value/decode.ts";
import { maxInt } from "../../value/type.ts";
import type { Period, Settings } from "../settings.ts";

const duration = integer(1, maxInt);
const period = record<Period>({ count: integer(1, 1_000_000), unit: literal("d", "mo", "y") });

export const settingsShape: Decoder<Settings> = record<Settings>({
  timezone: optional(line),
  session: optional(
    record<NonNullable<Settings["session"]>>({ idle: optional(duration), longest: optional(duration) }),
  ),
  keys: optional(record<NonNullable<Settings["keys"]>>({ rotate: optional(duration) })),
  residency: optional(line),
  isolation: optional(literal("pool", "schema", "database")),
  retention: optional(dictionary(period)),
  features: optional(dictionary(bool)),
});
