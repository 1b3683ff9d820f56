/** The clinic's service over HTTP: pages for people, `/api` for programs, and the same rules behind both. */
import { AccessDenied, ChallengeRefused, ChallengeRequired, httpProblem } from "@wardline/sdk";
import { Hono, type Context, type MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { csrf } from "hono/csrf";
import { HTTPException } from "hono/http-exception";
import { secureHeaders } from "hono/secure-headers";
import { enter } from "./entry.ts";
import { icon, style } from "./pages/layout.ts";
import { messagePage } from "./pages/patients.ts";
import { apiRoutes } from "./routes/api-routes.ts";
import { exportRoutes } from "./routes/export-routes.ts";
import { patientRoutes } from "./routes/patient-routes.ts";
import { policyRoutes } from "./routes/policy-routes.ts";
import { askForMore, resumeRoutes } from "./routes/resume-routes.ts";
import { confirmRoutes, publicRoutes } from "./routes/sign-in-routes.ts";
import type { ServiceEnv, Services } from "./services.ts";
import { viewerOf } from "./viewer.ts";

export function clinicApp(services: Services): Hono<ServiceEnv> {
  const app = new Hono<ServiceEnv>();
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
      },
    }),
  );
  app.get("/healthz", (c) => c.text("ok\n"));
  app.get("/readyz", async (c) =>
    (await services.isReady()) ? c.text("ready\n") : c.text("not ready\n", 503),
  );
  app.get("/style.css", (c) =>
    c.body(style, 200, { "content-type": "text/css", "cache-control": "max-age=3600" }),
  );
  app.get("/icon.svg", (c) =>
    c.body(icon, 200, { "content-type": "image/svg+xml", "cache-control": "max-age=3600" }),
  );
  app.use(bodyLimit({ maxSize: 512 * 1024 }));
  // Forms of other sites are refused by what browsers say of where they come from.
  app.use(csrf());
  app.route("/", publicRoutes(services));
  app.use(toSignIn(), enter(services));
  app.route("/", confirmRoutes());
  app.route("/", patientRoutes());
  app.route("/", resumeRoutes());
  app.route("/", exportRoutes());
  app.route("/", policyRoutes(services));
  app.route("/api", apiRoutes());
  app.notFound((c) =>
    isApi(c) ? c.json({ title: "Not Found", status: 404 }, 404) : c.text("not found\n", 404),
  );
  app.onError((error, c) => answerTo(error, c, services));
  return app;
}

const isApi = (c: Context): boolean => c.req.path.startsWith("/api/");

/** A person whose sign-in is missing or over is sent to the form; a program is told. */
function toSignIn(): MiddlewareHandler<ServiceEnv> {
  return async (c, next) => {
    await next();
    if (isApi(c) || (c.res.status !== 401 && c.res.status !== 404) || !isProblem(c)) return;
    const back = c.req.method === "GET" ? `?next=${encodeURIComponent(c.req.path)}` : "";
    c.res = undefined;
    c.res = new Response(null, {
      status: 303,
      headers: { location: `/sign-in${back}`, "cache-control": "private, no-store" },
    });
  };
}

const isProblem = (c: Context): boolean =>
  c.res.headers.get("content-type")?.startsWith("application/problem+json") === true;

function answerTo(error: Error, c: Context<ServiceEnv>, { onError }: Services): Response | Promise<Response> {
  if (error instanceof HTTPException) return error.getResponse();
  const { status, headers, body } = httpProblem(error);
  if (status >= 500) onError(error);
  const asProblem = (): Response => new Response(JSON.stringify(body), { status, headers: { ...headers } });
  // Without a caller there is no page to show.
  if (isApi(c) || c.get("signedIn") === undefined) return asProblem();
  if (error instanceof ChallengeRequired) return askForMore(c, error);
  if (status === 401) return asProblem();
  return c.html(messagePage(viewerOf(c), body.title, textOf(error, body.code)), status);
}

/** Why, in the words of the policy where it has some for everybody. */
function textOf(error: Error, code: string): string {
  if (error instanceof AccessDenied) {
    const because = error.rules.flatMap((rule) => rule.because ?? []);
    return because.length > 0 ? `${because.join(". ")}.` : "Your hospital's policy does not allow it.";
  }
  if (error instanceof ChallengeRefused) return refusedBecause(error.code);
  return `It was not done (${code}).`;
}

/** Why a change that was asked for before does not go on. */
function refusedBecause(code: ChallengeRefused["code"]): string {
  if (code === "challenge/spent") return "It was done already, and was not done again.";
  const isLate = code === "challenge/expired" || code === "challenge/changed";
  const why = isLate ? "since you asked, something has changed or too much time has passed" : code;
  return `It was not done: ${why}. Open the patient and ask for it again.`;
}
