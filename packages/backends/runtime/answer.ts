// The answer as JSON. Entrypoint 0 gives the decision, 1 whether it is a permit.
import { findAlternatives, kept, keptCount, obligationAt, placeAt } from "./alternatives";
import { asks, ASKS, conclude, COUNTS, exhausted, FORBIDS, level, passAt, SPENT, unknown, wait } from "./found";
import { ANSWERS, config, DRAWS, ENTRIES, TOLD } from "./host";
import { markOf } from "./masks";
import {
  DRAW_COUNT, DRAW_LIST, DUTIES, DUTIES_LENGTH, ENTRY_COUNT, entryAt, FIELD_COUNT, FIELDS, flagsOf, GRANT, MARKS_OF,
  passOf, ruleText, TOLD_COUNT, TOLD_LIST, word,
} from "./table";
import { finishAnswer, partAt, startAnswer, writeItem, writeNoted, writeNumber, writePart } from "./write";

@inline const NO: u32 = 3;
@inline const YES: u32 = 4;

// The parts that src/wasm/answers.ts writes.
@inline const DENY: u32 = 0;
@inline const FORBIDDEN: u32 = 1;
@inline const LIMITED: u32 = 2;
@inline const RETRY_AFTER: u32 = 3;
@inline const CHALLENGE: u32 = 4;
@inline const PERMIT: u32 = 5;
@inline const WITH: u32 = 6;
@inline const NO_REASON: u32 = 7;
@inline const ALTERNATIVES: u32 = 8;
@inline const OR: u32 = 9;
@inline const LAST_ALTERNATIVE: u32 = 10;
@inline const END: u32 = 11;
/** With the levels of audit after it. */
@inline const AUDIT: u32 = 11;

@inline function fixed(index: u32): u32 {
  return load<u32>(config(ANSWERS) + (index << 2));
}

/** 0 invalid_input, 1 out_of_scope, 2 not_granted. */
export function deny(entrypoint: u32, reason: u32): u32 {
  return fixed(entrypoint != 0 ? NO : reason);
}

/** The rules of the entries that have the bit, each once: entries stand in the order of their rules. */
function writeRules(bit: u32): void {
  const states = config(ENTRIES);
  const count = word(ENTRY_COUNT);
  let last: u32 = -1;
  for (let i: u32 = 0; i < count; i++) {
    // Most entries have found nothing: the state goes on for eight bytes at the least.
    if (load<u64>(states + i) == 0) {
      i += 7;
      continue;
    }
    let bits: u32 = load<u8>(states + i);
    const entry = entryAt(i);
    if (flagsOf(entry) & GRANT) bits &= ~load<u32>(passAt(passOf(entry)));
    const rule = load<u32>(entry);
    if ((bits & bit) == 0 || rule == last) continue;
    last = rule;
    writeItem(load<u32>(ruleText(rule)), load<u32>(ruleText(rule), 4));
  }
}

export function forbidden(entrypoint: u32): u32 {
  if (entrypoint != 0) return fixed(NO);
  const start = startAnswer();
  writePart(DENY);
  writeRules(FORBIDS);
  writePart(FORBIDDEN);
  writePart(END);
  return finishAnswer(start);
}

/** The answer where nothing forbids and every pass has a grant, be it spent. */
export function answer(entrypoint: u32): u32 {
  conclude();
  if (entrypoint != 0) return fixed(exhausted || asks ? NO : YES);
  return exhausted ? limited() : asks ? challenge() : permit();
}

export function limited(): u32 {
  const start = startAnswer();
  writePart(DENY);
  writeRules(SPENT);
  writePart(LIMITED);
  if (!unknown) {
    writePart(RETRY_AFTER);
    writeNumber(wait);
  }
  writePart(END);
  return finishAnswer(start);
}

export function challenge(): u32 {
  findAlternatives();
  const start = startAnswer();
  writePart(CHALLENGE);
  writeRules(ASKS);
  writePart(WITH);
  writeAlternative(load<u32>(kept));
  writePart(NO_REASON);
  if (keptCount > 1) {
    for (let i: u32 = 0; i < keptCount; i++) {
      writePart(i == 0 ? ALTERNATIVES : OR);
      writeAlternative(load<u32>(kept + (i << 2)));
    }
    writePart(LAST_ALTERNATIVE);
  }
  writePart(END);
  return finishAnswer(start);
}

/** In the order of their places. */
function writeAlternative(alternative: u32): void {
  const count = load<u32>(alternative);
  // Places from here on are to be written.
  let from: u32 = 0;
  for (let written: u32 = 0; written < count; written++) {
    let next: u32 = -1;
    for (let i: u32 = 0; i < count; i++) {
      const place = placeAt(alternative, i);
      if (place >= from && place < next) next = place;
    }
    from = next + 1;
    writeItem(load<u32>(obligationAt(next)), load<u32>(obligationAt(next), 4));
  }
}

function permit(): u32 {
  const start = startAnswer();
  writePart(PERMIT);
  writeRules(COUNTS);
  writePart(WITH);
  const fields = word(FIELD_COUNT);
  for (let i: u32 = 0; i < fields; i++) {
    const mark = markOf(i);
    const text = word(MARKS_OF) + (mark << 3);
    if (mark != load<u32>(word(FIELDS) + i * 12)) writeItem(load<u32>(text), load<u32>(text, 4) & 0x7fffffff);
  }
  if (word(DUTIES_LENGTH) != 0) writeItem(word(DUTIES), word(DUTIES_LENGTH));
  if (level != 0) {
    const audit = partAt(AUDIT + level);
    writeItem(load<u32>(audit), load<u32>(audit, 4));
  }
  writeNoted(config(TOLD), word(TOLD_LIST), word(TOLD_COUNT));
  writeNoted(config(DRAWS), word(DRAW_LIST), word(DRAW_COUNT));
  writePart(NO_REASON);
  writePart(END);
  return finishAnswer(start);
}
