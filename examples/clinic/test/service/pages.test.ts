/** The service as people and programs meet it, on the embedded database. */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openService, type Service } from "../../src/service/open-service.ts";
import type { Credentials } from "../../src/service/sign-in/accounts.ts";
import { beforeIn, Client, codeOf } from "../load/client.ts";

const folder = mkdtempSync(join(tmpdir(), "clinic-service-"));
let service: Service;
let credentials: readonly Credentials[] = [];
const errors: unknown[] = [];
/** Milliseconds that the service's clock is ahead: time goes by without waiting. */
let ahead = 0;
const clock = (): Date => new Date(Date.now() + ahead);

const open = (): Promise<Service> =>
  openService({
    folder,
    port: 0,
    host: "127.0.0.1",
    domain: "localhost",
    size: 120,
    clock,
    onNewAccounts: (told) => {
      credentials = told;
    },
    onError: (error) => errors.push(error),
  });

beforeAll(async () => {
  service = await open();
});
afterAll(async () => {
  await service.close();
  rmSync(folder, { recursive: true, force: true });
  expect(errors).toEqual([]);
});

const of = (id: string): Credentials => credentials.find((one) => one.id === id) ?? expect.fail(`no ${id}`);
const client = (tenant: string): Client => new Client(service.port, tenant);
async function as(id: string): Promise<Client> {
  const person = of(id);
  const one = client(person.tenant);
  expect(await one.signIn(person)).toMatchObject({ status: 303, headers: { location: "/" } });
  return one;
}
interface Listed {
  readonly rows: readonly {
    readonly id: string;
    readonly name: string | null;
    readonly ssn: string | null;
    readonly notes: string | null;
  }[];
  readonly next: string | null;
}
const list = async (one: Client, path = "/api/patients", purpose?: string): Promise<Listed> =>
  JSON.parse(
    (await one.send(path, purpose === undefined ? {} : { headers: { "x-purpose": purpose } })).text,
  ) as Listed;

/** All pages. */
async function everybody(one: Client, purpose?: string): Promise<Listed["rows"]> {
  const all: Listed["rows"][number][] = [];
  for (let path: string | null = "/api/patients"; path !== null;) {
    const { rows, next }: Listed = await list(one, path, purpose);
    all.push(...rows);
    path = next === null ? null : `/api/patients?after=${next}`;
  }
  return all;
}

describe("signing in", () => {
  test("is asked for, and leads back", async () => {
    const one = client("acme");
    expect(await one.get("/export")).toMatchObject({
      status: 303,
      headers: { location: "/sign-in?next=%2Fexport" },
    });
    expect((await one.get("/sign-in")).text).toContain("Sign in to acme");
    expect(await one.get("/api/patients")).toMatchObject({
      status: 401,
      headers: { "www-authenticate": "Bearer" },
    });
    const answer = await one.post("/sign-in", {
      account: "ada.berg",
      password: of("ada.berg").password,
      next: "/export",
    });
    expect(answer).toMatchObject({ status: 303, headers: { location: "/export" } });
    expect(answer.headers["set-cookie"]?.[0]).toMatch(
      /^__Host-clinic=[\w-]{43}; Max-Age=\d+; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    for (const next of ["//evil.example", "https://evil.example", "/\\evil.example"])
      expect(
        await one.post("/sign-in", { account: "ada.berg", password: of("ada.berg").password, next }),
      ).toMatchObject({ headers: { location: "/" } });
  });

  test("fails alike for a wrong password, nobody, and a person of the other hospital, and only a few times", async () => {
    const one = client("globex");
    const [wrong, nobody, other] = [
      await one.post("/sign-in", { account: "pia.lund", password: "wrong" }),
      await one.post("/sign-in", { account: "nobody", password: "wrong" }),
      await one.post("/sign-in", { account: "ada.berg", password: of("ada.berg").password }),
    ];
    for (const answer of [wrong, nobody, other])
      expect([answer.status, answer.text]).toEqual([401, wrong.text]);
    for (let tries = 1; tries < 5; tries += 1)
      await one.post("/sign-in", { account: "pia.lund", password: "wrong" });
    expect(await one.signIn(of("pia.lund"))).toMatchObject({ status: 429 });
    expect(one.cookie).toBeUndefined();
  });

  test("gives whoever knows the password no more tries at the second factor for it", async () => {
    const hana = of("hana.weber");
    const code = codeOf(hana, new Date(0));
    const statuses: number[] = [];
    for (let tries = 0; tries < 6; tries += 1) {
      const one = await as(hana.id);
      statuses.push((await one.post("/confirm", { code, next: "/" })).status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
  });

  test("V84: is of one host, ends for good, and no answer is kept by a cache", async () => {
    const ada = await as("ada.berg");
    const page = await ada.get("/");
    expect(page.headers).toMatchObject({ "cache-control": "private, no-store" });
    expect(page.headers["vary"]).toMatch(/Cookie/);
    expect(page.headers["content-security-policy"]).toContain("default-src 'none'");
    const elsewhere = client("globex");
    elsewhere.cookie = ada.cookie;
    expect(await elsewhere.get("/")).toMatchObject({
      status: 303,
      headers: { location: "/sign-in?next=%2F" },
    });
    const kept = ada.cookie;
    await ada.post("/sign-out", {});
    ada.cookie = kept;
    expect(await ada.get("/")).toMatchObject({ status: 303 });
  });

  test("what is no form is refused, with and without a sign-in, and no trouble of the service", async () => {
    const headers = { "content-type": "multipart/form-data; boundary=x" };
    for (const one of [client("acme"), await as("ada.berg")])
      for (const path of ["/sign-in", "/confirm"]) {
        const sent = { ...headers, origin: `http://${one.host}`, "sec-fetch-site": "same-origin" };
        expect(await one.send(path, { method: "POST", body: "--y", headers: sent })).toMatchObject({
          status: 400,
        });
      }
    expect(errors).toEqual([]);
  });

  test("a form of another site does nothing", async () => {
    const ada = await as("ada.berg");
    const foreign = { origin: "http://evil.example", "sec-fetch-site": "cross-site" };
    expect(await ada.post("/sign-out", {}, foreign)).toMatchObject({ status: 403 });
    // The cookie alone changes nothing, unless a page of this very origin asked.
    const [row] = (await list(ada)).rows;
    for (const from of [foreign, { origin: "http://globex.localhost" }, {}]) {
      const sent = { "content-type": "application/json", ...from };
      const change = { method: "PATCH", body: '{"notes":"x"}', headers: sent };
      const answer = await ada.send(`/api/patients/${row?.id ?? ""}`, change);
      expect([answer.status, answer.text]).toEqual([403, expect.stringContaining("identity/cross-site")]);
    }
    expect(await ada.get("/")).toMatchObject({ status: 200 });
  });
});

describe("patients", () => {
  test("are those that the policy shows, page by page, each once", async () => {
    const bo = await as("bo.lindqvist");
    const rows = await everybody(bo);
    for (const row of rows)
      expect(row).toMatchObject({ notes: null, name: expect.stringMatching(initials) as string });
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
    expect(rows.length).toBeGreaterThan(100);
    expect((await (await as("omar.said")).get("/")).text).toContain("nothing here that you may see");
  });

  test("of the other hospital are not there, as those who are nowhere", async () => {
    const [ada, gil] = [await as("ada.berg"), await as("gil.tanaka")];
    const foreign = (await list(gil)).rows[0]?.id ?? expect.fail("gil sees nobody");
    const nowhere = "01990000-0000-7000-8000-000000000000";
    for (const path of ["/patients/ID", "/api/patients/ID"]) {
      const [one, none] = [
        await ada.get(path.replace("ID", foreign)),
        await ada.get(path.replace("ID", nowhere)),
      ];
      expect([one.status, one.text]).toEqual([404, none.text]);
    }
    expect(JSON.parse((await ada.get(`/api/patients/${foreign}/visits`)).text)).toEqual({ rows: [] });
    expect(await ada.post(`/patients/${foreign}`, { name: "Gone" })).toMatchObject({ status: 404 });
    expect(await ada.patch(`/api/patients/${foreign}`, { name: "Gone" })).toMatchObject({ status: 404 });
    expect(JSON.parse((await gil.get(`/api/patients/${foreign}`)).text)).not.toMatchObject({ name: "Gone" });
  });

  test("are changed where the policy allows it, in fields that are shown as they are", async () => {
    const ada = await as("ada.berg");
    const { rows } = await list(ada);
    const details = await Promise.all(
      rows.map(
        async ({ id }) =>
          JSON.parse((await ada.get(`/api/patients/${id}`)).text) as {
            id: string;
            discharged: boolean;
            balance: string | null;
          },
      ),
    );
    const here =
      details.find(({ discharged, balance }) => !discharged && balance === null) ??
      expect.fail("nobody is here");
    const closed = details.find(({ discharged }) => discharged) ?? expect.fail("nobody is discharged");
    const page = (await ada.get(`/patients/${here.id}`)).text;
    expect(page).toContain('name="name"');
    expect(page).not.toContain('name="balance"');
    const saved = await ada.post(`/patients/${here.id}`, { name: "<b>Ann</b> Example" });
    expect(saved.text).toContain("Saved.");
    expect(saved.text).toContain("&lt;b&gt;Ann&lt;/b&gt; Example");
    expect(saved.text).not.toContain("<b>Ann");
    const refused = await ada.post(`/patients/${closed.id}`, { name: "Ann Example" });
    expect(refused).toMatchObject({ status: 403 });
    expect(refused.text).toContain("chart is closed");
    expect(await ada.patch(`/api/patients/${here.id}`, { tenant_id: "globex" })).toMatchObject({
      status: 422,
    });
  });

  test("who ask for a reason are opened with one", async () => {
    const bo = await as("bo.lindqvist");
    const known = new Set((await everybody(bo)).map(({ id }) => id));
    const vip =
      (await everybody(bo, "invoice 17")).find(({ id }) => !known.has(id))?.id ??
      expect.fail("nobody is important");
    const asked = await bo.get(`/patients/${vip}`);
    expect(asked).toMatchObject({ status: 403 });
    expect(asked.text).toContain("Reason, for the record");
    expect((await bo.post(`/patients/${vip}/open`, { purpose: "invoice 17" })).text).toContain(
      "<h2>Visits</h2>",
    );
    expect(await bo.get(`/api/patients/${vip}`)).toMatchObject({ status: 404 });
    expect(await bo.send(`/api/patients/${vip}`, { headers: { "x-purpose": "invoice 17" } })).toMatchObject({
      status: 200,
    });
  });
});

describe("an export", () => {
  test("asks for the second factor, once, and gives a file of what may be exported", async () => {
    const eve = await as("eve.adler");
    const asked = await eve.get("/export");
    expect(asked).toMatchObject({ status: 403 });
    expect(asked.text).toContain("Code of your authenticator");
    expect(await eve.post("/confirm", { code: "000000", next: "/export" })).toMatchObject({ status: 401 });
    const code = codeOf(of("eve.adler"), clock());
    expect(await eve.post("/confirm", { code, next: "/export" })).toMatchObject({
      status: 303,
      headers: { location: "/export" },
    });
    const file = await eve.get("/export");
    expect(file).toMatchObject({ status: 200, headers: { "cache-control": "private, no-store" } });
    expect(file.headers["content-disposition"]).toContain("patients.csv");
    const lines = file.text.trim().split("\n");
    expect(lines[0]).toBe("id,name,ssn,balance,admitted");
    expect(lines.length).toBeGreaterThan(100);
    for (const line of lines.slice(1)) expect(line.split(",")[2]).toMatch(/^\*{3}\d{4}$/);
    // The code was used: nobody who looked over her shoulder uses it again.
    const again = await as("eve.adler");
    expect(await again.post("/confirm", { code, next: "/export" })).toMatchObject({ status: 401 });
  });

  test("is nobody's whom the policy does not allow one, factor or not", async () => {
    const gil = await as("gil.tanaka");
    expect(await gil.post("/confirm", { code: codeOf(of("gil.tanaka"), clock()), next: "/" })).toMatchObject({
      status: 303,
    });
    expect((await gil.get("/export")).text).toContain("lets you export nothing");
  });
});

describe("a change that asks for more", () => {
  interface Known {
    readonly id: string;
    readonly name: string;
    readonly notes: string | null;
    readonly discharged: boolean;
  }
  const known = async (one: Client, id: string): Promise<Known> =>
    JSON.parse((await one.get(`/api/patients/${id}`)).text) as Known;
  /** No code is taken twice: this one is of a time after all others. */
  const nextCode = (id: string): string => {
    ahead += 60_000;
    return codeOf(of(id), clock());
  };
  const carried = (page: string): string =>
    /name="continuation" value="([^"]+)"/.exec(page)?.[1] ?? expect.fail("nothing goes on from here");
  /** Of those whom ada may change, with a balance that asks for a second factor. */
  async function owing(ada: Client): Promise<readonly string[]> {
    const balances = JSON.stringify(await everybody(await as("bo.lindqvist")));
    const isLarge = (id: string): boolean => new RegExp(`"id":"${id}"[^}]*"balance":"\\d{5}`).test(balances);
    const ids = (await list(ada)).rows.map(({ id }) => id).filter(isLarge);
    const found = await Promise.all(ids.map((id) => known(ada, id)));
    return found.filter(({ discharged }) => !discharged).map(({ id }) => id);
  }

  test("goes on from the page with the right code, once, and for nobody else", async () => {
    const ada = await as("ada.berg");
    const id = (await owing(ada)).at(0) ?? expect.fail("nobody owes much");
    const { name } = await known(ada, id);
    const asked = await ada.post(`/patients/${id}`, { name: "Ann Example" });
    expect(asked).toMatchObject({ status: 403 });
    expect(asked.text).toContain("One more step");
    const continuation = carried(asked.text);
    const wrong = await ada.post("/resume", { continuation, code: "000000" });
    expect(wrong).toMatchObject({ status: 401 });
    expect(wrong.text).toContain("not the code of now");
    expect(carried(wrong.text)).toBe(continuation);
    // With a factor of their own, another person, the other hospital, and the same person elsewhere go on with nothing.
    for (const who of ["bo.lindqvist", "gil.tanaka", "ada.berg"]) {
      const other = await as(who);
      const answer = await other.post("/resume", { continuation, code: nextCode(who) });
      expect([answer.status, answer.text]).toEqual([403, expect.stringContaining("challenge/invalid")]);
    }
    expect(await known(ada, id)).toMatchObject({ name });
    const form = { continuation, code: nextCode("ada.berg") };
    const done = await ada.post("/resume", form);
    expect([done.status, done.text]).toEqual([200, expect.stringContaining("Saved.")]);
    expect(await known(ada, id)).toMatchObject({ name: "Ann Example" });
    // The factor was shown just now: this one asks for nothing.
    expect(await ada.patch(`/api/patients/${id}`, { name: "Ben Example" })).toMatchObject({ status: 204 });
    const again = await ada.post("/resume", form);
    expect([again.status, again.text]).toEqual([409, expect.stringContaining("done already")]);
    expect(await known(ada, id)).toMatchObject({ name: "Ben Example" });
    ahead += 300_000;
    expect(await ada.post(`/patients/${id}`, { name: "Ann Example" })).toMatchObject({ status: 403 });
  });

  test("goes on for programs too, unless the row changed in between", async () => {
    const [ada, elsewhere] = [await as("ada.berg"), await as("ada.berg")];
    const id = (await owing(ada)).at(-1) ?? expect.fail("nobody owes much");
    const resume = (given: unknown) => ada.ask("POST", "/api/resume", given);
    const challenge = async (notes: string): Promise<string> => {
      const answer = await ada.patch(`/api/patients/${id}`, { notes });
      expect(answer).toMatchObject({
        status: 401,
        headers: {
          "content-type": "application/problem+json",
          "www-authenticate": 'Bearer error="insufficient_user_authentication", max_age=300',
        },
      });
      return (JSON.parse(answer.text) as { readonly continuation: string }).continuation;
    };
    const late = await challenge("late");
    expect(await resume({ continuation: late })).toMatchObject({ status: 401 });
    expect(await resume({ continuation: late, code: "000000" })).toMatchObject({ status: 401 });
    expect(await resume({ continuation: 1 })).toMatchObject({ status: 422 });
    expect(await resume(null)).toMatchObject({ status: 422 });
    await elsewhere.post("/confirm", { code: nextCode("ada.berg"), next: "/" });
    expect(await elsewhere.patch(`/api/patients/${id}`, { notes: "between" })).toMatchObject({ status: 204 });
    const right = await challenge("right");
    const changed = await resume({ continuation: late, code: nextCode("ada.berg") });
    expect([changed.status, JSON.parse(changed.text)]).toMatchObject([409, { code: "challenge/changed" }]);
    expect(await known(ada, id)).toMatchObject({ notes: "between" });
    const done = await resume({ continuation: right });
    expect([done.status, JSON.parse(done.text)]).toEqual([
      200,
      { action: "update", entity: "Patient", ids: [id] },
    ]);
    expect(await known(ada, id)).toMatchObject({ notes: "right" });
    const again = await resume({ continuation: right });
    expect([again.status, JSON.parse(again.text)]).toMatchObject([409, { code: "challenge/spent" }]);
  });
});

describe("the policy", () => {
  test("is a page of the owners alone", async () => {
    const ada = await as("ada.berg");
    expect(await ada.get("/policy")).toMatchObject({ status: 404 });
    expect(await ada.post("/policy", { text: "", do: "publish" })).toMatchObject({ status: 404 });
  });

  test("is checked, compared and published, and in force for the next request", async () => {
    const [nora, hana, ada] = [await as("nora.diaz"), await as("hana.weber"), await as("ada.berg")];
    const before = await list(ada);
    const page = (await nora.get("/policy")).text;
    expect(page).toContain("permit front_desk");
    const text = textIn(page);
    const broken = text.replace("hide(balance)", "hide(balanc)");
    const found = (await nora.publish(broken)).text;
    expect(found).toContain("unknown field `balanc`");
    expect(found).toContain("did you mean `balance`?");
    expect((await list(hana)).rows.every(({ name }) => initials.test(name ?? ""))).toBe(true);
    const better = text.replace("mask(name, initials), ", "").replaceAll("\n", "\r\n");
    const checked = (await nora.post("/policy", { text: better, do: "check" })).text;
    expect(checked).toContain("shows more of name");
    expect((await list(hana)).rows.every(({ name }) => initials.test(name ?? ""))).toBe(true);
    const published = (await nora.publish(better)).text;
    expect(published).toMatch(/revision \d+ is in force/);
    expect((await list(hana)).rows.some(({ name }) => !initials.test(name ?? ""))).toBe(true);
    // Nobody else's changed.
    expect(await list(ada)).toEqual(before);
    // What the platform forbids stays forbidden, whatever a tenant writes.
    const all = `${better}\npermit everything: anyone to export Patient\n`;
    const tried = (await nora.publish(all)).text;
    expect(tried).toContain("guardrail/beyond-ceiling");
    expect(await hana.get("/export")).toMatchObject({ status: 403 });
  });

  test("is published by nobody over a text that another owner has published meanwhile", async () => {
    const [omar, second] = [await as("omar.said"), await as("omar.said")];
    const page = (await omar.get("/policy")).text;
    const text = textIn(page);
    expect((await second.publish(`${text}\n// A second window's.\n`)).text).toMatch(
      /revision \d+ is in force/,
    );
    const form = { text: `${text}\n// The first's.\n`, do: "publish" };
    const passed = await omar.post("/policy", { ...form, before: beforeIn(page) });
    expect(passed).toMatchObject({ status: 409 });
    expect(passed.text).toContain("somebody of your hospital has published another policy");
    expect(await omar.post("/policy", form)).toMatchObject({ status: 409 });
    expect(textIn((await omar.get("/policy")).text)).toContain("A second window's.");
  });

  test("that does not hold its own tests keeps no other hospital from publishing, and is shown to nobody of it", async () => {
    const [nora, omar] = [await as("nora.diaz"), await as("omar.said")];
    const [theirs, ours] = [
      textIn((await nora.get("/policy")).text),
      textIn((await omar.get("/policy")).text),
    ];
    const failing = `${ours}\ntest "canary of acme" {\n  let ada = User "ada" { roles: [clinician] }\n  let p = Patient {}\n  expect permit ada to delete p\n}\n`;
    // Whichever of the two is looked at first.
    for (let round = 0; round < 2; round += 1) {
      const answers = [() => nora.publish(`${theirs}\n// Round ${round}.\n`), () => omar.publish(failing)];
      const [first, last] = await Promise.all(
        (round === 0 ? answers : answers.toReversed()).map((publish) => publish()),
      );
      const [fine, refused] = round === 0 ? [first, last] : [last, first];
      expect(fine?.text).toMatch(/revision \d+ is in force/);
      expect(fine?.text).not.toContain("canary of acme");
      expect(refused?.text).toContain("Not published: ");
    }
    expect(textIn((await omar.get("/policy")).text)).toBe(ours);
    expect(textIn((await nora.get("/policy")).text)).toContain("Round 1.");
  });

  test("that would keep the service busy costs its author an answer, and nobody else anything", async () => {
    const nora = await as("nora.diaz");
    const text = `policy globex for clinic\n\npermit a: viewer to read Patient when ${"(".repeat(60_000)}true`;
    const [answer, other] = await Promise.all([nora.publish(text), (await as("ada.berg")).get("/")]);
    expect(answer.text).toMatch(/error/);
    expect(other).toMatchObject({ status: 200 });
  });
});

test("it stops when what is under way has ended, and goes on where it was", async () => {
  const eve = await as("eve.adler");
  const bo = await as("bo.lindqvist");
  const clients = Array.from({ length: 8 }, () => Object.assign(client("acme"), { cookie: bo.cookie }));
  const under = clients.map((one) => one.get("/"));
  const first = await Promise.race(under);
  const [answers] = await Promise.all([Promise.allSettled(under), service.close()]);
  expect(first.status).toBe(200);
  // What had come is answered whole; what had not finds nobody.
  for (const answer of answers)
    if (answer.status === "fulfilled")
      expect([answer.value.status, answer.value.text]).toEqual([200, first.text]);
  await expect(eve.get("/healthz")).rejects.toThrow();
  const told = credentials;
  // As an end in the midst of a publication leaves it.
  mkdirSync(join(folder, "trials", "cut-off"), { recursive: true });
  service = await open();
  expect(existsSync(join(folder, "trials"))).toBe(false);
  expect(credentials).toBe(told);
  const back = new Client(service.port, "acme");
  back.cookie = eve.cookie;
  expect(await back.get("/")).toMatchObject({ status: 200 });
  expect(await back.get("/readyz")).toMatchObject({ status: 200, text: "ready\n" });
});

/** As a mask shows a name. */
const initials = /^\S\.( \S\.)*$/;

const textIn = (page: string): string =>
  unescape(/<textarea[^>]*>([\s\S]*?)<\/textarea>/.exec(page)?.[1] ?? "");

const unescape = (text: string): string =>
  text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");
