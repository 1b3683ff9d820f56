/** Conditions as text that fail, or hold, on rows with a value that the asker may not see, and on no other. */
import type { Plain } from "../statement/language.ts";
import type { Maker, Secret } from "./maker.ts";

/** A text with a value between each two parts. */
export interface Parts {
  readonly text: readonly string[];
  readonly values: readonly Plain[];
}

export function failingOn(maker: Maker, cell: string, { kind, value }: Secret): Parts {
  const { random } = maker;
  const roll = random.below(100);
  const is = (text: readonly string[], ...values: readonly Plain[]): Parts => ({ text, values });
  if (kind === "text" && typeof value === "string" && value.length > 1 && roll < 40) {
    const start = value.slice(0, random.between(1, value.length - 1)).replaceAll(/[\\%_]/g, "_");
    // A pattern that ends in its escape fails where it is reached.
    return is([`${cell} ${random.pick(["like", "not like", "ilike", "not ilike"])} `, ""], `${start}\\`);
  }
  if ((kind === "whole" || kind === "number") && roll < 45)
    return random.pick([
      is([`1 / (${cell} - `, ") > 0"], value),
      is([`1 % (${cell} - `, ") is not null"], value),
      is([`mod(1, ${cell} - `, ") >= 0"], value),
    ]);
  const pattern = String(value).replaceAll(/[\\%_]/g, (sign) => `\\${sign}`);
  const same = `${cell}::text like `;
  if (roll < 65) return is([`(case when ${same}`, ` then 'x' else '1' end)::int = 1`], pattern);
  if (roll < 80)
    return is(
      [`case when ${same}`, ` then 1 / (length(${cell}::text) - length(${cell}::text)) else 1 end = 1`],
      pattern,
    );
  if (roll < 90) return is([`(${same}`, ") is not true"], pattern);
  return is([same, ""], pattern);
}
