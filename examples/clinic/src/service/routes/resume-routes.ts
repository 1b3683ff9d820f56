/** What the policy asks for before a change, and the change itself once it was shown: carried out once, as it was asked for. */
import { ChallengeRequired, type ResumeEvidence } from "@wardline/sdk";
import { sessionOf } from "@wardline/sdk/hono";
import { Hono, type Context } from "hono";
import type { Database as Tables } from "../../tables.ts";
import { challengePage } from "../pages/challenge.ts";
import { messagePage } from "../pages/patients.ts";
import type { ServiceEnv } from "../services.ts";
import { viewerOf } from "../viewer.ts";
import { showPatient } from "./patient-routes.ts";
import { codeProblems, texts } from "./sign-in-routes.ts";

export function resumeRoutes(): Hono<ServiceEnv> {
  const app = new Hono<ServiceEnv>();
  app.post("/resume", async (c) => {
    const { continuation = "", purpose } = await texts(c);
    const session = sessionOf<Tables>(c);
    try {
      const { entity, ids } = await session.resume(continuation, reasonOf(purpose));
      const [id] = ids;
      return entity === "Patient" && id !== undefined
        ? await showPatient(c, session, id, "Saved.")
        : c.redirect("/", 303);
    } catch (error) {
      if (error instanceof ChallengeRequired) return askForMore(c, error);
      throw error;
    }
  });
  return app;
}

export const reasonOf = (purpose: string | undefined): ResumeEvidence =>
  purpose === undefined || purpose.trim() === "" ? {} : { reason: purpose.trim() };

/** The page *One more step*, with what goes on from there. A code that was just given was not enough: it says why. */
export function askForMore(
  c: Context<ServiceEnv>,
  { obligations, continuation }: ChallengeRequired,
): Response | Promise<Response> {
  const viewer = viewerOf(c);
  if (continuation === null)
    return c.html(messagePage(viewer, "Not done", "It asks for more than can be shown here."), 403);
  const { factor } = c.get("signedIn");
  const problem = factor === "unknown" || factor === "wait" ? { problem: codeProblems[factor] } : {};
  const page = challengePage(viewer, {
    obligations,
    action: "/resume",
    carried: { continuation },
    ...problem,
  });
  return c.html(page, factor === "wait" ? 429 : factor === "unknown" ? 401 : 403);
}
