/** What somebody types into a policy: a new rule letter by letter, some of it taken back, a rule that is broken and mended, a line that is pasted. */
export interface Keystroke {
  /** The place and length of what goes, and what comes. */
  readonly start: number;
  readonly length: number;
  readonly text: string;
  /** The text after it. */
  readonly whole: string;
}

/** A number, spread over the rules of the policy, says where it is typed. */
export function keystrokesIn(policy: string, places: number): readonly Keystroke[] {
  const strokes: Keystroke[] = [];
  let whole = policy;
  const change = (start: number, length: number, text: string) => {
    whole = whole.slice(0, start) + text + whole.slice(start + length);
    strokes.push({ start, length, text, whole });
  };
  const rules = [...policy.matchAll(/^permit (\w+)_work:/gm)];
  for (let place = 0; place < places; place += 1) {
    const name = rules[Math.floor(((place + 0.5) / places) * rules.length)]?.[1] as string;
    const anchor = `permit ${name}_work:`;
    const at = () => whole.indexOf(anchor);
    const typed = `permit ${name}_more: cashier to read Loan\n  when resource.pages < 9\n`;
    for (const letter of typed) change(at(), 0, letter);
    for (let back = 0; back < 8; back += 1) change(at() - 1, 1, "");
    change(at() - (typed.length - 8), typed.length - 8, "");
    const keyword = at() + whole.slice(at()).indexOf("when");
    for (let gone = 0; gone < 4; gone += 1) change(keyword, 1, "");
    change(keyword, 0, "when");
    change(
      at(),
      0,
      `forbid ${name}_pasted: reader to read Loan\n  unless resource.pages > 3\n  because "x"\n`,
    );
    change(
      whole.indexOf(`forbid ${name}_pasted`),
      whole.indexOf(anchor) - whole.indexOf(`forbid ${name}_pasted`),
      "",
    );
  }
  return strokes;
}
