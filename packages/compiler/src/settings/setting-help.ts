/** What to do about a value that a setting does not take. */
import type { Term, TermRecord } from "../ast/statement.ts";
import { nearest, replaceFix } from "../check/suggest.ts";
import type { FindingExtras } from "../diagnostics/table.ts";
import { unquote } from "../parse/literals.ts";
import type { SettingKind } from "./setting-table.ts";
import { documentValue } from "./setting-value.ts";

export function settingHelp({ name, form }: SettingKind, value: Term | TermRecord): FindingExtras {
  const plain = { help: `write \`${form}\`` };
  if (value.kind === "record") return plain;
  const written = documentValue(value);
  const isQuoted = value.kind === "literal" && value.type === "string";
  if (name === "timezone") return isQuoted ? zoneHelp(value) : quoted(value, plain);
  if (isQuoted) {
    const bare = unquote(value.text);
    return /^[a-z0-9_]+$/.test(bare)
      ? { help: "write it without quotes", fixes: [replaceFix(value.span, bare)] }
      : plain;
  }
  if (name === "features" && typeof written === "boolean") {
    const word = written ? "on" : "off";
    return { help: `write \`${word}\``, fixes: [replaceFix(value.span, word)] };
  }
  if (name === "isolation" && typeof written === "string") {
    const near = nearest(written, ["pool", "schema", "database"]);
    return near === undefined
      ? plain
      : { label: `did you mean \`${near}\`?`, fixes: [replaceFix(value.span, near)] };
  }
  if (value.kind !== "literal") return plain;
  if (/^[0_]+[a-z]*$/.test(value.text)) return { help: "leave it out, or write how long" };
  if (typeof written === "number") return { help: `say the unit, as in \`${form}\`` };
  if (value.type === "period" && name !== "retention")
    return { help: "months and years have no length of their own: write days, as in `90d`" };
  if (value.type === "duration" && name === "retention")
    return { help: "write days, weeks, months or years, as in `30d` or `6y`" };
  return plain;
}

function quoted(value: Term, plain: FindingExtras): FindingExtras {
  if (value.kind !== "call" || value.args.length > 0) return plain;
  const text = `"${value.name.text}"`;
  return { help: `write ${text} in quotes`, fixes: [replaceFix(value.span, text)] };
}

function zoneHelp(value: Term): FindingExtras {
  const written = String(documentValue(value));
  const near = nearest(written, Intl.supportedValuesOf("timeZone"));
  return near === undefined
    ? { help: "the names are those of the IANA time zone database, such as `Europe/Berlin` or `UTC`" }
    : { label: `did you mean \`${near}\`?`, fixes: [replaceFix(value.span, `"${near}"`)] };
}
