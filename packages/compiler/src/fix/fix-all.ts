/**
 * Applies the fixes of findings: a round at a time, each checked before the next. What would leave more errors than
 * there were is left out.
 */
import type { Finding, Fix, TextEdit } from "@wardline/core";
import { applyEdits, areApart, touches } from "./apply-edits.ts";

/** The texts of files, by name. */
export type Texts = ReadonlyMap<string, string>;

/** A fix that was carried out, with the finding that offered it. Its place is in the text of its round. */
export interface AppliedFix {
  readonly finding: Finding;
  readonly fix: Fix;
  /** The texts that its spans point into. */
  readonly before: Texts;
}

export interface Fixed {
  readonly texts: Texts;
  readonly applied: readonly AppliedFix[];
  /** Fixes that were left out, since the result would have had more errors. */
  readonly refused: readonly Finding[];
  /** What is found in the texts as they are now. */
  readonly findings: readonly Finding[];
}

interface Offer {
  readonly finding: Finding;
  readonly fix: Fix;
}

/** One fix may bring to light what the next one mends; more rounds than this serve nobody. */
const maxRounds = 10;

/**
 * Fixes what `check` finds and `wanted` asks for. A choice, and a finding with several fixes, which differ in what they
 * mean, are left to people.
 */
export function fixAll(
  texts: Texts,
  check: (texts: Texts) => readonly Finding[],
  wanted: (finding: Finding) => boolean = () => true,
): Fixed {
  let now = texts;
  let findings = check(now);
  const applied: AppliedFix[] = [];
  const refused = new Map<string, Finding>();
  const seen = new Set([stateOf(now)]);
  for (let round = 0; round < maxRounds; round += 1) {
    const current = now;
    const atMost = errorsIn(findings);
    const offers = apart(
      findings
        .filter(wanted)
        .flatMap((finding) => offerOf(finding, current) ?? [])
        .filter((offer) => !refused.has(keyOf(offer, current))),
    );
    const errorsAfter = (some: readonly Offer[]) => errorsIn(check(carryOut(current, some)));
    let chosen = offers;
    // Together they may hide that one of them does harm, unless each error is gone.
    if (errorsAfter(offers) > atMost - errorsIn(offers.map(({ finding }) => finding))) {
      chosen = offers.filter((offer) => errorsAfter([offer]) <= atMost);
      for (const offer of offers)
        if (!chosen.includes(offer)) refused.set(keyOf(offer, current), offer.finding);
      if (errorsAfter(chosen) > atMost) chosen = chosen.slice(0, 1);
    }
    const next = carryOut(current, chosen);
    if (chosen.length === 0 || seen.has(stateOf(next))) break;
    for (const { finding, fix } of chosen) applied.push({ finding, fix, before: current });
    seen.add(stateOf(next));
    now = next;
    findings = check(now);
  }
  return { texts: now, applied, refused: [...refused.values()], findings };
}

/** The fix of a finding that can be carried out unasked, if it has one. */
export function fixOf({ fixes }: Finding): Fix | undefined {
  const [fix, ...others] = fixes;
  return others.length > 0 || fix?.choice === true ? undefined : fix;
}

/** The fix of a finding, if it can be carried out on these texts. */
function offerOf(finding: Finding, texts: Texts): Offer | undefined {
  const fix = fixOf(finding);
  const isInside = ({ span }: TextEdit) =>
    span.start >= 0 && span.start <= span.end && span.end <= (texts.get(span.file)?.length ?? -1);
  if (fix === undefined || fix.edits.length === 0) return undefined;
  return fix.edits.every(isInside) && areApart(fix.edits) ? { finding, fix } : undefined;
}

/** The fixes that can be carried out together: of two that touch the first. */
function apart(offers: readonly Offer[]): readonly Offer[] {
  const taken: TextEdit[] = [];
  return offers.filter(({ fix }) => {
    if (fix.edits.some((edit) => touches(edit, taken))) return false;
    taken.push(...fix.edits);
    return true;
  });
}

function carryOut(texts: Texts, offers: readonly Offer[]): Texts {
  const edits = Map.groupBy(
    offers.flatMap(({ fix }) => fix.edits),
    ({ span }) => span.file,
  );
  return new Map([...texts].map(([name, text]) => [name, applyEdits(text, edits.get(name) ?? [])] as const));
}

function stateOf(texts: Texts): string {
  return JSON.stringify([...texts.values()]);
}

/** What makes a fix the same in a later round, when its place may have moved. */
function keyOf({ finding, fix }: Offer, texts: Texts): string {
  const edits = fix.edits.map(({ span, text }) => [
    span.file,
    texts.get(span.file)?.slice(span.start, span.end),
    text,
  ]);
  return JSON.stringify([finding.code, finding.message, edits]);
}

function errorsIn(findings: readonly Finding[]): number {
  return findings.filter((finding) => finding.severity === "error").length;
}
