/** Cells that only the process can show: read back exactly, or not at all. */
import { cellMask, parseSealedCell, type Mask } from "@wardline/core";
import { expect, test } from "vitest";

const masks: readonly Mask[] = [
  { kind: "show" },
  { kind: "initials" },
  { kind: "partial", last: 1 },
  { kind: "partial", last: 64 },
  { kind: "partial_first", first: 1 },
  { kind: "partial_first", first: 64 },
  { kind: "token" },
  { kind: "hash" },
  { kind: "redact" },
];

test("every mask of a text comes back as it was", () => {
  for (const mask of masks)
    for (const state of ["sealed", "plain"] as const) {
      const text = `m:${state}:${cellMask(mask)}:Loan.card:a:b\nc:00ff`;
      expect(parseSealedCell("m", text)).toEqual({
        state,
        mask,
        entity: "Loan",
        field: "card",
        row: "a:b\nc",
        bytes: "00ff",
      });
    }
});

test("an empty text has no bytes", () => {
  expect(parseSealedCell("m", "m:plain:token:Loan.card:1:")?.bytes).toBe("");
});

test.each([
  "n:sealed:show:Loan.card:1:00",
  "m:open:show:Loan.card:1:00",
  "m:sealed:hide:Loan.card:1:00",
  "m:sealed:partial.0:Loan.card:1:00",
  "m:sealed:partial.65:Loan.card:1:00",
  "m:sealed:partial.1.5:Loan.card:1:00",
  "m:sealed:partial:Loan.card:1:00",
  "m:sealed:62:Loan.card:1:00",
  "m:sealed:show:Loan.card:1:0G",
  "m:sealed:show:Loancard:1:00",
  "xm:sealed:show:Loan.card:1:00",
])("%s is none", (text) => {
  expect(parseSealedCell("m", text)).toBeUndefined();
});

test("a mask that no text has is not written", () => {
  for (const mask of [{ kind: "hide" }, { kind: "month" }, { kind: "bucket", size: 2 }] as const)
    expect(() => cellMask(mask)).toThrow(TypeError);
});
