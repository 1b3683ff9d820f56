/** All features of the server, a line each. */
import { completionFeature } from "../complete/completion-feature.ts";
import { diagnosticsFeature } from "./diagnostics.ts";
import type { Feature } from "./feature.ts";

export const features: readonly Feature[] = [diagnosticsFeature, completionFeature];
