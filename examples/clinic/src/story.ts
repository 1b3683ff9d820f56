/** The story: two tenants' policies over one database, and what becomes of their keys. Sets exit code 1 if anything is not as it should be. */
import { asStored, auditChain, otherTenant, sameQuery, writes } from "./demonstration.ts";
import { rotation, shredding } from "./keys.ts";
import { signIn } from "./people.ts";
import { heading, line } from "./print.ts";
import { openClinic } from "./setup.ts";

export async function tellStory(): Promise<void> {
  const started = performance.now();
  const bundles = new URL("../../../.wardline/clinic", import.meta.url).pathname;
  const clinic = await openClinic({ bundles, size: 5000 });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  line(
    `Two tenants, ${[...clinic.hospitals.values()].reduce((sum, h) => sum + h.patients.length, 0)} patients, ready in ${seconds} s.`,
  );

  const people = signIn(clinic);
  const parts = [
    await sameQuery(people),
    await writes(people),
    await otherTenant(clinic, people),
    await asStored(clinic),
    await auditChain(clinic),
    await rotation(clinic, people),
    await shredding(clinic, people),
  ];
  await clinic.wardline.close();
  await clinic.database.close();

  heading(parts.every(Boolean) ? "All as it should be." : "Something is not as it should be.");
  parts.forEach((holds, index) => {
    if (!holds) line(`  part ${index + 1} did not hold`);
  });
  process.exitCode = parts.every(Boolean) ? 0 : 1;
}
