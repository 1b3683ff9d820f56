/** What a page hears of the project while it saves: answers may overtake each other, and an old one must not pass for what another wrote. */
import { afterEach, expect, test, vi } from "vitest";
import { servedHost } from "../../src/host/served-host.ts";

afterEach(() => vi.unstubAllGlobals());

/** Answers in the order that the test lets them through. */
function network() {
  const waiting: { readonly what: string; readonly answer: (body: unknown) => void }[] = [];
  vi.stubGlobal("fetch", (path: string, { method = "GET" }: RequestInit) => {
    const { promise, resolve } = Promise.withResolvers<Response>();
    waiting.push({
      what: `${method} ${path}`,
      answer: (body) => resolve(new Response(JSON.stringify(body), { headers: { etag: '"x"' } })),
    });
    return promise;
  });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    asked: () => waiting.map(({ what }) => what),
    answer: async (what: string, body: unknown) => {
      const at = waiting.findIndex((one) => one.what === what);
      waiting.splice(at, 1)[0]?.answer(body);
      await settle();
    },
    settle,
  };
}

const project = (text: string) => ({
  name: "a project",
  config: null,
  files: [{ name: "a", text, digest: text, readOnly: null }],
  lacking: [],
  newPolicies: null,
});

test("a project that is read during a save is read after it", async () => {
  const { asked, answer, settle } = network();
  const host = servedHost("token");
  const saved = host.save("a", "new", "old");
  const read = host.open();
  await settle();
  expect(asked()).toEqual(["PUT /api/files/a"]);
  await answer("PUT /api/files/a", { digest: "new" });
  await answer("GET /api/project", project("new"));
  expect(await saved).toEqual({ kind: "saved", version: "new" });
  expect((await read).files[0]?.text).toBe("new");
});

test("what was read as a save began is read again", async () => {
  const { asked, answer } = network();
  const host = servedHost("token");
  const read = host.open();
  await Promise.resolve();
  const saved = host.save("a", "new", "old");
  await answer("PUT /api/files/a", { digest: "new" });
  await saved;
  await answer("GET /api/project", project("old"));
  expect(asked()).toEqual(["GET /api/project"]);
  await answer("GET /api/project", project("new"));
  expect((await read).files[0]?.text).toBe("new");
});

test("half of a sign, which would be saved as another one, is not sent", async () => {
  const { asked } = network();
  const host = servedHost("token");
  expect(await host.save("a", "an emoji \uD83D and its half", "old")).toMatchObject({
    kind: "refused",
    reason: expect.stringContaining("half of a sign"),
  });
  expect(asked()).toEqual([]);
});
