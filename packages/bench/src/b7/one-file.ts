/** A script with all that it imports in one file, as an application's bundler makes it. */
import { basename, join } from "node:path";
import { rolldown } from "rolldown";

/** The path of the file that was written into `folder`. */
export async function inOneFile(script: string, folder: string): Promise<string> {
  const made = await rolldown({ input: script, platform: "node" });
  const file = join(folder, `${basename(script, ".js")}.mjs`);
  await made.write({ file, format: "esm", minify: true });
  await made.close();
  return file;
}
