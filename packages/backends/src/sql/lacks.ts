/** What the views lack of the language: nothing. What no view can say is refused where it is met, with its reason. */
import type { Construct } from "../beyond.ts";

export const lacks: ReadonlySet<Construct> = new Set();
