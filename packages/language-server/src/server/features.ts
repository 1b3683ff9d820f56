/** All features of the server, a line each. */
import { actionFeature } from "../actions/action-feature.ts";
import { completionFeature } from "../complete/completion-feature.ts";
import { hintFeature } from "../hints/hint-feature.ts";
import { lensFeature } from "../lenses/lens-feature.ts";
import { diagnosticsFeature } from "./diagnostics.ts";
import { documentFeatures } from "./document-features.ts";
import type { Feature } from "./feature.ts";
import { hoverFeature } from "./hover.ts";
import { navigationFeature } from "./navigation.ts";
import { renamedFiles } from "./renamed-files.ts";
import { tokensFeature } from "./tokens.ts";

export const features: readonly Feature[] = [
  diagnosticsFeature,
  navigationFeature,
  hoverFeature,
  documentFeatures,
  tokensFeature,
  completionFeature,
  actionFeature,
  hintFeature,
  lensFeature,
  renamedFiles,
];
