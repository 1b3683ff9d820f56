/** `pnpm load:clinic`: the load run over a Postgres of its own. Exits 1 if anything of another tenant was shown, or an answer was an error of the service. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startPostgres } from "@wardline/database-testing";
import { line } from "../../src/print.ts";
import { loadRun } from "./load-run.ts";

const { values } = parseArgs({
  options: {
    responses: { type: "string", default: "100000" },
    visitors: { type: "string", default: "32" },
    size: { type: "string", default: "500" },
    seed: { type: "string", default: String(Date.now() % 2 ** 31) },
  },
});
const folder = mkdtempSync(join(tmpdir(), "clinic-load-"));
const server = await startPostgres({ settings: { max_connections: "200" } });
try {
  const { host, port, user, password, database } = server;
  const report = await loadRun({
    folder,
    databaseUrl: `postgres://${user}:${password}@${host}:${port}/${database}`,
    responses: Number(values.responses),
    visitors: Number(values.visitors),
    size: Number(values.size),
    seed: Number(values.seed),
  });
  const { responses, seconds, answers, own, foreign, published, p50, p99 } = report;
  line(
    `${responses} answers in ${seconds.toFixed(1)} s (${Math.round(responses / seconds)} a second), seed ${values.seed}`,
  );
  line(
    `half within ${p50.toFixed(1)} ms, 99 in 100 within ${p99.toFixed(1)} ms; ${published} policies published meanwhile`,
  );
  for (const [what, statuses] of Object.entries(answers))
    line(`  ${what.padEnd(16)} ${JSON.stringify(statuses)}`);
  line(`${own} rows of their own were shown, ${foreign.length} of others`);
  for (const found of foreign.slice(0, 20)) line(`  LEAK ${found}`);
  const errors = Object.values(answers).some((of) => Object.keys(of).some((status) => Number(status) >= 500));
  if (errors) line("some answers were errors of the service");
  process.exitCode = foreign.length > 0 || errors || own === 0 ? 1 : 0;
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
