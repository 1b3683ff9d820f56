/** Four times the text takes about four times as long: no step of lexer, hints or recovery is quadratic. */
import { expect, test } from "vitest";
import { parseFile, platformLimits } from "../../src/index.ts";
import { filled, units } from "./units.ts";
import { processorTime } from "@wardline/core/testing";

const timeOf = (text: string) => {
  const start = processorTime();
  parseFile({ name: "x", text }, platformLimits);
  return processorTime() - start;
};

// What is fast enough needs no second look; a machine that is busy for a moment gets another try.
const fast = 80;

test.each(units)("%j", (unit) => {
  const [small, large] = [filled(unit, 30_000), filled(unit, 120_000)];
  const ratios = [];
  for (let tries = 0; tries < 6; tries += 1) {
    const whole = timeOf(large);
    if (whole < fast) return;
    const ratio = whole / timeOf(small);
    if (ratio < 8) return;
    ratios.push(ratio.toFixed(1));
  }
  expect.fail(`four times the text took ${ratios.join(", ")} times as long`);
});
