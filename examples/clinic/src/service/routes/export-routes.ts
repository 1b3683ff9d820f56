/** All patients that may be exported, as a file: behind what the policy asks of an export. */
import { Readable } from "node:stream";
import { revealRow, type Session } from "@wardline/sdk";
import { sessionOf } from "@wardline/sdk/hono";
import { stringify } from "csv-stringify";
import { Hono } from "hono";
import type { Database as Tables } from "../../tables.ts";
import { challengePage, confirmPage } from "../pages/challenge.ts";
import { messagePage } from "../pages/patients.ts";
import type { ServiceEnv } from "../services.ts";
import { viewerOf } from "../viewer.ts";

const columns = ["id", "name", "ssn", "balance", "admitted"] as const;

export function exportRoutes(): Hono<ServiceEnv> {
  const app = new Hono<ServiceEnv>();
  app.on(["GET", "POST"], "/export", async (c) => {
    const session = sessionOf<Tables>(c);
    const { residual } = await session.filter("export", "Patient");
    if (residual.kind !== "never") return file(session);
    const viewer = viewerOf(c);
    // The ways to come to an export: one is shown.
    const [asked = []] = residual.challenge;
    if (asked.some(({ type }) => type === "step_up")) return c.html(confirmPage(viewer, "/export"), 403);
    if (asked.length > 0)
      return c.html(challengePage(viewer, { obligations: asked, action: "/export", carried: {} }), 403);
    // A policy can demand the factor as a condition; then its absence looks like any other denial.
    if (c.get("signedIn").signIn.factorAt === null) return c.html(confirmPage(viewer, "/export"), 403);
    return c.html(messagePage(viewer, "No export", "Your hospital's policy lets you export nothing."), 403);
  });
  return app;
}

/** Row after row, as the database gives them; formulas of spreadsheets are made harmless. */
function file(session: Session<Tables>): Response {
  const rows = Readable.from(pages(session));
  const csv = stringify({ header: true, columns: [...columns], escape_formulas: true });
  rows.on("error", (error) => csv.destroy(error));
  csv.on("close", () => rows.destroy());
  return new Response(Readable.toWeb(rows.pipe(csv)) as ReadableStream, {
    headers: {
      "content-type": "text/csv; charset=utf-8; header=present",
      "content-disposition": 'attachment; filename="patients.csv"',
    },
  });
}

async function* pages(session: Session<Tables>) {
  const query = session.reading("export").selectFrom("patients").select(columns).orderBy("id");
  for await (const row of query.stream(500)) yield revealRow(row);
}
