/** Patients and their visits, as pages. */
import type { Session } from "@wardline/sdk";
import { sessionOf } from "@wardline/sdk/hono";
import { Hono, type Context } from "hono";
import type { Database as Tables } from "../../tables.ts";
import { challengePage } from "../pages/challenge.ts";
import { messagePage, patientPage, patientsPage } from "../pages/patients.ts";
import {
  changePatient,
  editableBy,
  editableFields,
  getPatient,
  isId,
  listPatients,
  listVisits,
  type Change,
} from "../patients.ts";
import type { ServiceEnv } from "../services.ts";
import { viewerOf } from "../viewer.ts";
import { texts } from "./sign-in-routes.ts";

export function patientRoutes(): Hono<ServiceEnv> {
  const app = new Hono<ServiceEnv>();
  const session = (c: Context): Session<Tables> => sessionOf<Tables>(c);
  app.get("/", async (c) => {
    const after = c.req.query("after") ?? null;
    if (after !== null && !isId(after))
      return c.html(messagePage(viewerOf(c), "Not found", "There is no such page."), 404);
    return c.html(patientsPage(viewerOf(c), await listPatients(session(c), after)));
  });
  app.get("/patients/:id", (c) => showPatient(c, session(c), c.req.param("id")));
  // The same with a reason, which is in the body: addresses end in logs.
  app.post("/patients/:id/open", (c) => showPatient(c, session(c), c.req.param("id")));
  app.post("/patients/:id", async (c) => {
    const id = c.req.param("id");
    const form = await texts(c);
    const before = isId(id) ? await getPatient(session(c), id) : null;
    if (before === null) return notFound(c);
    const change: Change = Object.fromEntries(
      editableFields.flatMap((field) => {
        const given = form[field]?.trim();
        return given === undefined || given === (before[field] ?? "")
          ? []
          : [[field, given === "" ? null : given]];
      }),
    );
    if (Object.keys(change).length === 0) return showPatient(c, session(c), id, "Nothing was changed.");
    const count = await changePatient(session(c), id, change);
    return count === 0 ? notFound(c) : showPatient(c, session(c), id, "Saved.");
  });
  return app;
}

/** The page of a patient, or what it asks for. */
export async function showPatient(
  c: Context<ServiceEnv>,
  session: Session<Tables>,
  id: string,
  said?: string,
): Promise<Response> {
  if (!isId(id)) return notFound(c);
  const patient = await getPatient(session, id);
  if (patient === null) {
    const { outcome, obligations } = await session.decide("read", { type: "Patient", id });
    if (outcome !== "challenge") return notFound(c);
    return c.html(
      challengePage(viewerOf(c), { obligations, action: `/patients/${id}/open`, carried: {} }),
      403,
    );
  }
  const [visits, editable] = [await listVisits(session, id), await editableBy(session, id)];
  return c.html(
    patientPage(viewerOf(c), { patient, visits, editable, ...(said === undefined ? {} : { said }) }),
  );
}

/** The same for a patient who is not there and for one who may not be seen. */
const notFound = (c: Context<ServiceEnv>): Response | Promise<Response> =>
  c.html(messagePage(viewerOf(c), "Not found", "There is no such patient, or you may not see them."), 404);
