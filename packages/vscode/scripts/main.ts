/** `pnpm --filter @wardline/vscode run package`: writes `dist/wardline.vsix`. */
import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { packageExtension } from "./package-extension.ts";

const path = await packageExtension(fileURLToPath(new URL("../dist", import.meta.url)));
console.log(`${path}: ${Math.round(statSync(path).size / 1024)} KB`);
