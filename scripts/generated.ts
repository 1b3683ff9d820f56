/** The files of the repository that are made from the sources: what each must hold. Nothing is written here. */
import { renderPages } from "../packages/compiler/src/diagnostics/pages/index.ts";

export interface GeneratedFile {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
}

export function generatedFiles(): readonly GeneratedFile[] {
  return renderPages().map(({ path, text }) => ({ path: `docs/diagnostics/${path}`, text }));
}
