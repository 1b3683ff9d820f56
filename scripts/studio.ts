/** `npm start -- studio`: builds the studio's application where its sources are newer, and runs `wardline studio` with the given arguments. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const room = fileURLToPath(new URL("../packages/studio/", import.meta.url));
execFileSync(process.execPath, ["scripts/build-app.ts"], { cwd: room, stdio: "inherit" });
process.argv.splice(2, 0, "studio");
await import("../packages/cli/src/main.ts");
