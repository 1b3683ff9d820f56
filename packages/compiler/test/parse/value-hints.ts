import type { Hint } from "./hint-case.ts";

const texts = "ask a text with `.starts_with(…)`, `.ends_with(…)` or `.contains(…)`";

/** Ranges, times, texts and what `now` is moved by. */
export const valueHints: readonly Hint[] = [
  {
    text: "let a = now - ⟪1mo⟫ < resource.added",
    help: "months and years have no fixed length: count days, as in `now - 30d`",
  },
  { text: "let a = now - ⟪5⟫ < resource.added", help: "say the unit, as in `5m`" },
  {
    text: "let a = now + ⟪resource⟫.span < resource.added",
    help: "`now` is moved by a duration that is written out, as in `now - 5m`",
  },
  {
    text: "let a = clock.time in 22:00⟪-⟫06:00",
    help: "a range of times is written `22:00..06:00`",
    fixed: "let a = clock.time in 22:00..06:00",
  },
  {
    code: "syntax/bad-value",
    text: "let a = clock.time in 22:00..⟪24:00⟫",
    help: "midnight is `00:00`",
  },
  {
    text: "let a = clock.weekday in monday⟪..⟫friday",
    help: "list the values, as in `in [monday, tuesday]`",
  },
  { text: "let a = clock.hour in 8⟪..⟫18", help: "write both bounds, as in `x >= 1 and x <= 5`" },
  {
    text: 'let a = (resource.note ?? "x")⟪.⟫contains("y")',
    help: "a method is asked of a path; what may be absent is guarded, as in `has x and x.contains(…)`",
  },
  { text: 'let a = resource.title ⟪like⟫ "x%"', help: texts },
  { text: 'let a = resource.title ⟪matches⟫ "x.*"', help: texts },
  { text: "let a = context.ip in ⟪10.0.0⟫", help: "an address has four parts, as in `10.20.0.0/16`" },
];
