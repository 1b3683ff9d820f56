/** The files of the repository that are made from the sources: what each must hold. Nothing is written here. */
import { readFileSync } from "node:fs";
import { doctorPage } from "./doctor-page.ts";
import { settingsValidator } from "./settings-validator.ts";
import { renderPages } from "../packages/compiler/src/diagnostics/pages/index.ts";
import { monarchTokens, textMateGrammar } from "../packages/compiler/src/index.ts";

export interface GeneratedFile {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
}

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

export function generatedFiles(): readonly GeneratedFile[] {
  return [
    { path: "grammar/wardline.tmLanguage.json", text: json(textMateGrammar()) },
    { path: "grammar/wardline.monarch.json", text: json(monarchTokens()) },
    { path: "packages/compiler/src/settings/document-problems.ts", text: settingsValidator() },
    { path: "packages/language-server/src/version.ts", text: versionText() },
    { path: "docs/doctor.md", text: doctorPage() },
    ...renderPages().map(({ path, text }) => ({ path: `docs/diagnostics/${path}`, text })),
  ];
}

/** What runs in a browser cannot read its manifest. */
function versionText(): string {
  const manifest = new URL("../packages/language-server/package.json", import.meta.url);
  const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { readonly version: string };
  return `/** Made by \`pnpm generate\` from the manifest. */\nexport const version = ${JSON.stringify(version)};\n`;
}
