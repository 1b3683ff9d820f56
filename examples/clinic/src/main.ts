/** `npm start` tells the story, `npm start -- serve` runs the service, `npm start -- studio` opens the policies in the studio. */
import { line } from "./print.ts";

const [command, ...rest] = process.argv.slice(2);
if (command === "studio") {
  const { studio } = await import("./studio.ts");
  process.exitCode = await studio(rest);
} else if (rest.length > 0 || (command !== undefined && command !== "serve")) {
  line("npm start              two tenants' policies over one database, checked");
  line("npm start -- serve     the clinic as a service over HTTP");
  line("npm start -- studio    its policies in the studio, in a browser");
  process.exitCode = 2;
} else if (command === "serve") {
  const { serve } = await import("./service/serve.ts");
  await serve();
} else {
  const { tellStory } = await import("./story.ts");
  await tellStory();
}
