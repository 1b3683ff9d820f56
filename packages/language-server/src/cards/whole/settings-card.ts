/** Settings: a line for each, with what is in force where another file is stricter. */
import { unquote, type SettingsStatement, type Term, type TermEntry } from "@wardline/compiler";
import { durationText } from "@wardline/core";
import type { CardContext } from "../card-context.ts";
import { lengthOf, valueAt } from "../condition/value.ts";
import { shownDuration, shownValue } from "../condition/shown.ts";
import { endBefore, tokensBetween } from "../condition/outer.ts";
import type { StatementPlace } from "../rule/rule-card.ts";
import { insertLine } from "../rule/clauses.ts";
import type { Block } from "../text/blocks.ts";
import { refuse, type Change } from "../text/change.ts";
import { Unshown } from "../text/draft.ts";
import { parameterPicker } from "../condition/wanted-picker.ts";
import { settingForm, settingList } from "./setting-pickers.ts";
import { termValue } from "./term-value.ts";

export function addSettings(place: StatementPlace, { entries }: SettingsStatement): void {
  const { ctx, block, draft } = place;
  draft.part({ id: "head", kind: "head" }, ["Settings:"]);
  const taken = new Set<string>();
  for (const { key, value, span } of entries) {
    const removeWhole = (): Change => [{ start: endBefore(block, span.start), end: span.end, text: "" }];
    if (value.kind !== "record") {
      taken.add(key.text);
      addSetting(place, key.text, value, entries.length === 1 ? undefined : removeWhole);
      continue;
    }
    for (const [at, entry] of value.entries.entries()) {
      const path = `${key.text}.${entry.key.text}`;
      taken.add(path);
      const alone = value.entries.length === 1;
      const remove = alone
        ? entries.length === 1
          ? undefined
          : removeWhole
        : () => removeEntry(value.entries, at);
      addSetting(place, path, entry.value, remove);
    }
  }
  draft.addition("setting", "A setting", "entry", settingList(ctx, taken), (choice) => {
    if (choice === null || taken.has(choice)) return refuse("Choose a setting that is not there yet.");
    return addEntry(ctx, block, entries, choice);
  });
}

function addSetting(
  { ctx, draft }: StatementPlace,
  path: string,
  term: Term,
  remove: (() => Change) | undefined,
): void {
  const form = settingForm(ctx, path);
  if (form === null) throw new Unshown(`\`${path}\` is no setting.`);
  const isParameter = term.kind === "call" && ctx.parameters.has(term.name.text);
  const picker = isParameter ? parameterPicker(ctx) : form.picker;
  const value = termValue(term, picker);
  const { start, end } = term.span;
  const label = ctx.lists
    .get(picker.kind === "one" ? picker.options : "")
    ?.find(({ id }) => id === value)?.label;
  const slot = draft.slot({
    id: path,
    label: form.label,
    shown: label ?? shownValue(picker, value),
    picker,
    value,
    start,
    end,
    set: valueAt(ctx, picker, { start, end }),
  });
  const held = inForce(ctx, path, ctx.text.slice(start, end));
  draft.part({ id: path, kind: "entry", depth: 1, ...(remove === undefined ? {} : { remove }) }, [
    form.label,
    slot,
    held,
  ]);
}

/** What is in force for a setting, where another file makes it something else. */
function inForce(ctx: CardContext, path: string, written: string): string {
  if (ctx.role.kind !== "policy") return "";
  const settings: object | undefined = ctx.snapshot.settings(ctx.role.tenant);
  const [group = "", key] = path.split(".");
  const whole: unknown = settings === undefined ? undefined : Reflect.get(settings, group);
  const value: unknown =
    key === undefined || typeof whole !== "object" || whole === null ? whole : Reflect.get(whole, key);
  const held = settingText(value);
  if (held === null || held === plainText(group, written)) return "";
  return `(in force: ${shownDuration(held)}, since another file is stricter)`;
}

/** A value of a program as settings are written. */
export function settingText(value: unknown): string | null {
  if (typeof value === "number") return durationText(value);
  if (typeof value === "boolean") return value ? "on" : "off";
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null) return null;
  return `${String(Reflect.get(value, "count"))}${String(Reflect.get(value, "unit"))}`;
}

/** What is written, in the one way that a program's value is. */
function plainText(group: string, written: string): string {
  const bare = written.replaceAll(/["_]/g, "");
  if (group === "retention") return bare.replace(/^(\d+)w$/, (_, weeks: string) => `${Number(weeks) * 7}d`);
  if (group === "timezone") return unquote(written);
  const micros = lengthOf(written);
  return micros > 0 ? durationText(micros) : written;
}

function removeEntry(entries: readonly TermEntry[], at: number): Change {
  const own = entries[at] as TermEntry;
  const [before, after] = [entries[at - 1], entries[at + 1]];
  if (before !== undefined) return [{ start: before.span.end, end: own.span.end, text: "" }];
  return [{ start: own.span.start, end: after?.span.start ?? own.span.end, text: "" }];
}

function addEntry(
  ctx: CardContext,
  block: Block,
  entries: SettingsStatement["entries"],
  path: string,
): Change {
  const form = settingForm(ctx, path);
  if (form === null) return refuse("There is no such setting.");
  const [group = "", key] = path.split(".");
  const existing = entries.find((entry) => entry.key.text === group);
  if (key !== undefined && existing?.value.kind === "record") {
    const last = existing.value.entries.at(-1);
    const end = last?.span.end ?? existing.value.span.start + 1;
    return [{ start: end, end, text: `${last === undefined ? " " : ", "}${key}: ${form.first}` }];
  }
  const text = key === undefined ? `${group}: ${form.first}` : `${group}: { ${key}: ${form.first} }`;
  const open = tokensBetween(block, block.start, block.end).find(({ token }) => token.image === "{");
  const end = entries.at(-1)?.span.end ?? (open === undefined ? block.end : open.token.startOffset + 1);
  return [insertLine(block, ctx.text, end, `  ${text}`)];
}
