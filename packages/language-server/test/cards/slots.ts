import type { Segment, Slot } from "../../src/cards/card.ts";

export const isSlot = (segment: Segment): segment is Slot => segment.kind === "slot";
