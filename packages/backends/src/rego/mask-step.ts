/** Masks as steps of the ladder: [rung, place on the rung, mask]. The stricter of two is the greater one. */
import { maxPartial, type Mask } from "@wardline/core";

export type MaskStep = readonly [rung: number, place: number, mask: Mask];

export function maskStep(mask: Mask): MaskStep {
  switch (mask.kind) {
    case "show":
      return [0, 0, mask];
    case "initials":
      return [1, 0, mask];
    case "partial":
      return [2, maxPartial - mask.last, mask];
    case "partial_first":
      return [2, maxPartial - mask.first, mask];
    case "bucket":
      return [3, mask.size, mask];
    case "month":
      return [4, 0, mask];
    case "year":
      return [5, 0, mask];
    case "token":
      return [6, 0, mask];
    case "hash":
      return [7, 0, mask];
    case "redact":
      return [8, 0, mask];
    case "hide":
      return [9, 0, mask];
  }
}
