/** The same for programs, as JSON. Errors are problems as RFC 9457 has them. */
import { sessionOf } from "@wardline/sdk/hono";
import { Hono, type Context } from "hono";
import type { Database as Tables } from "../../tables.ts";
import { changePatient, editableFields, getPatient, isId, listPatients, listVisits } from "../patients.ts";
import type { ServiceEnv } from "../services.ts";
import { reasonOf } from "./resume-routes.ts";

export function apiRoutes(): Hono<ServiceEnv> {
  const app = new Hono<ServiceEnv>();
  app.get("/patients", async (c) => {
    const after = c.req.query("after") ?? null;
    if (after !== null && !isId(after)) return absent(c);
    return c.json(await listPatients(sessionOf<Tables>(c), after));
  });
  app.get("/patients/:id", async (c) => {
    const id = c.req.param("id");
    const patient = isId(id) ? await getPatient(sessionOf<Tables>(c), id) : null;
    return patient === null ? absent(c) : c.json(patient);
  });
  app.get("/patients/:id/visits", async (c) => {
    const id = c.req.param("id");
    if (!isId(id)) return absent(c);
    return c.json({ rows: await listVisits(sessionOf<Tables>(c), id) });
  });
  app.patch("/patients/:id", async (c) => {
    const id = c.req.param("id");
    const given: unknown = await c.req.json().catch(() => null);
    const change = typeof given === "object" && given !== null ? Object.entries(given) : [];
    const isFine = change.every(
      ([name, value]) =>
        (editableFields as readonly string[]).includes(name) && (value === null || typeof value === "string"),
    );
    if (change.length === 0 || !isFine)
      return problem(
        c,
        422,
        "Unprocessable Content",
        `a change is an object of texts: ${editableFields.join(", ")}`,
      );
    if (!isId(id)) return absent(c);
    const count = await changePatient(sessionOf<Tables>(c), id, Object.fromEntries(change));
    return count === 0 ? absent(c) : c.body(null, 204);
  });
  // A change that was challenged; what it asked for comes along, or was shown since.
  app.post("/resume", async (c) => {
    const given: unknown = await c.req.json().catch(() => null);
    const { continuation, purpose } = { ...(given as Readonly<Record<string, unknown>> | null) };
    if (typeof continuation !== "string")
      return problem(c, 422, "Unprocessable Content", "continuation, and code or purpose, are texts");
    if (c.get("signedIn").factor === "wait")
      return problem(c, 429, "Too Many Requests", "too many wrong codes");
    const reason = reasonOf(typeof purpose === "string" ? purpose : undefined);
    return c.json(await sessionOf<Tables>(c).resume(continuation, reason));
  });
  return app;
}

const absent = (c: Context): Response => problem(c, 404, "Not Found");

function problem(c: Context, status: 404 | 422 | 429, title: string, detail?: string): Response {
  return c.json({ title, status, ...(detail === undefined ? {} : { detail }) }, status, {
    "content-type": "application/problem+json",
    ...(status === 429 ? { "retry-after": "60" } : {}),
  });
}
