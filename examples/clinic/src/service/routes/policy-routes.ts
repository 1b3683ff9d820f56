/** The tenant's own policy, for the tenant's owners: looked at, compared, published. To anybody else there is no such page. */
import type { Reloaded } from "@wardline/sdk";
import { Hono } from "hono";
import { digestOf, longestText } from "../desk/policy-desk.ts";
import { messagePage } from "../pages/patients.ts";
import { policyPage, type PolicyPage } from "../pages/policy.ts";
import type { ServiceEnv, Services } from "../services.ts";
import { viewerOf } from "../viewer.ts";
import { texts } from "./sign-in-routes.ts";

const busy = "Somebody of your hospital is at it: try again in a moment.";
const passed =
  "Not published: somebody of your hospital has published another policy since you opened this page. Open it again.";
const tooMuch = "This policy takes too much time to analyse: make it simpler.";

/** What was published is in force where it was taken; a refusal has told whoever runs the service. */
function inForce(reloaded: Reloaded, revision: string): NonNullable<PolicyPage["said"]> {
  return "loaded" in reloaded
    ? { kind: "fine", text: `Published: revision ${revision} is in force.` }
    : { kind: "error", text: `Published as revision ${revision}, but not in force here yet.` };
}

export function policyRoutes({ desk, wardline }: Services): Hono<ServiceEnv> {
  const app = new Hono<ServiceEnv>();
  app.use("/policy", async (c, next) => {
    const viewer = viewerOf(c);
    if (!viewer.isOwner) return c.html(messagePage(viewer, "Not found", "There is no such page."), 404);
    return next();
  });
  app.get("/policy", (c) => {
    const viewer = viewerOf(c);
    const text = desk.text(viewer.tenant);
    return c.html(policyPage(viewer, { text, before: digestOf(text), findings: null, changes: null }));
  });
  app.post("/policy", async (c) => {
    const viewer = viewerOf(c);
    const form = await texts(c);
    // Browsers send lines with \r\n.
    const text = (form["text"] ?? "").replaceAll("\r\n", "\n");
    const { before = "" } = form;
    const shown = (
      more: Omit<PolicyPage, "text" | "before">,
      status: 200 | 409 | 413 | 422 = 200,
      made = before,
    ) => c.html(policyPage(viewer, { text, before: made, ...more }), status);
    const nothing = { findings: null, changes: null };
    if (text.length > longestText)
      return shown(
        { ...nothing, said: { kind: "error", text: "This is longer than a policy may be." } },
        413,
      );
    const done =
      form["do"] === "publish"
        ? await desk.publish(viewer.tenant, text, before)
        : await desk.look(viewer.tenant, text);
    switch (done.kind) {
      case "busy":
        return shown({ ...nothing, said: { kind: "error", text: busy } }, 409);
      case "passed":
        return shown({ ...nothing, said: { kind: "error", text: passed } }, 409);
      case "too-much":
        return shown({ ...nothing, said: { kind: "error", text: tooMuch } }, 422);
      case "looked":
        return shown({ findings: done.findings, changes: done.changes });
      case "refused": {
        const said = { kind: "error", text: `Not published: ${done.because}.` } as const;
        return shown({ findings: done.findings, changes: null, said }, 422);
      }
      case "published": {
        const said = inForce(await wardline.reload(), done.revision);
        const findings = done.findings.length === 0 ? null : done.findings;
        return shown({ findings, changes: null, said }, 200, digestOf(text));
      }
    }
  });
  return app;
}
