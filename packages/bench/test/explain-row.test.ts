/** Why a decision is so: told to its principal as far as they may read, to an operator on record, and nothing of what is masked. */
import { randomUUID } from "node:crypto";
import type { AccessDenied, RowExplanation } from "@wardline/sdk";
import { explainFor } from "@wardline/sdk/system";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { crate, openCrates, recorded, worker, type CrateWorld } from "./crate-world.ts";

let world: CrateWorld;
beforeAll(async () => {
  world = await openCrates();
});
afterAll(() => world.close());

const policy = `permit own: packer to read Crate
  when resource.owner == principal
permit light: packer to list Crate
  when resource.weight < 3 and context.mfa
permit writes: packer to update Crate
  when resource.weight < 3
forbid locked: anyone to update Crate
  when resource.label == "never this"
`;

const refusal = (act: Promise<unknown>): Promise<AccessDenied> =>
  act.then(
    () => Promise.reject(new Error("it was not refused")),
    (error: unknown) => error as AccessDenied,
  );
const rule = ({ passes }: RowExplanation, name: string) =>
  passes
    .flatMap(({ grants, forbids }) => [...grants, ...forbids])
    .find((one) => one.rule === `north/${name}`);

describe("for the principal who asks", () => {
  test("a row that is missing from a list is explained by its rules, with values and lines, and what would have to be otherwise", async () => {
    const ada = worker(await world.open(policy), "ada");
    const told = await ada.explain("list", { type: "Crate", id: crate(5) });
    expect(told).toMatchObject({ decision: { outcome: "deny", reason: "not_granted" }, partial: false });
    expect(told.reasons).toMatchObject([{ kind: "no_permit", rules: ["north/light"] }]);
    const light = rule(told, "light");
    expect(light).toMatchObject({ standing: "no_match", file: "north.ward" });
    expect(light?.line).toBeGreaterThan(1);
    expect(JSON.stringify(light?.condition)).toContain('"path":"resource.weight","present":true,"value":5');
    expect(told.misses?.[0]?.text).toContain("would be permitted if `resource.weight < 3` were true");
  });

  test("a row that may not be read is explained like one that does not exist, or is another tenant's, for every action", async () => {
    const ada = worker(await world.open(policy), "ada");
    for (const action of ["read", "list", "update"]) {
      const all = await Promise.all(
        [crate(2), randomUUID(), crate(1, "south"), "no id", "\ud800"].map((id) =>
          ada.explain(action, { type: "Crate", id }),
        ),
      );
      const absent = await ada.explain(action, { type: "Crate", id: randomUUID() });
      for (const told of all) expect(told).toEqual(absent);
      expect(absent).toMatchObject({ passes: [], reasons: [], misses: null });
    }
  });

  test("what reads a masked field is withheld with all that would tell of it: two rows that differ there alone look alike", async () => {
    const masked = `permit own: packer to read Crate
  with hide(weight), hide(label)
permit light: packer to list Crate
  when resource.weight < 3 and context.mfa
permit dark: packer to list Crate
  when resource.weight > 100 or resource.owner == "bob"
permit mid: packer to list Crate
  when resource.weight > 6 and resource.label == "none"
permit dim: packer to list Crate
  when resource.weight < 0
forbid odd: packer to list Crate
  when resource.weight < 0 and resource.label == "north label 5"
`.replace(`resource.owner == "bob"`, `resource.owner == Worker "bob"`);
    const ada = worker(await world.open(masked), "ada");
    // Both are ada's, and neither may be listed: one by its weight, one by more.
    const [five, seven] = await Promise.all(
      [crate(5), crate(7)].map((id) => ada.explain("list", { type: "Crate", id })),
    );
    const blank = (told: RowExplanation | undefined, id: string) => JSON.stringify(told).replaceAll(id, "ID");
    expect(blank(five, crate(5))).toBe(blank(seven, crate(7)));
    expect(five).toMatchObject({ partial: true, misses: null, reasons: [] });
    expect(five?.decision.outcome).toBe("deny");
    expect(rule(five as RowExplanation, "light")).toMatchObject({
      standing: null,
      condition: { value: null },
    });
    // What the facts that are shown give by themselves is told.
    expect(JSON.stringify(five)).toContain('"path":"context.mfa","present":true,"value":true');
    expect(JSON.stringify(five)).not.toContain('"value":5');
    expect(JSON.stringify(five)).not.toMatch(/"path":"resource\.(?:weight|label)","(?:present|value)"/);
  });

  test("draws nothing, and knows of a limit that is exhausted", async () => {
    const limited =
      "permit looks: packer to read Crate\npermit few: packer to list Crate\n  with limit(1, per: hour)\n";
    const ada = worker(await world.open(limited), "ada");
    const ask = () => ada.explain("list", { type: "Crate", id: crate(1) });
    for (let at = 0; at < 3; at += 1) expect((await ask()).decision.outcome).toBe("permit");
    await ada.db.selectFrom("crates").select("id").execute();
    expect(await ask()).toMatchObject({
      decision: { outcome: "deny", rules: ["north/few"] },
      reasons: [{ kind: "limit", rules: ["north/few"] }],
    });
  });

  test("refuses what cannot be asked, and an ended handle", async () => {
    const ada = worker(await world.open(policy), "ada");
    const id = crate(1);
    expect(await refusal(ada.explain("create", { type: "Crate", id }))).toMatchObject({
      code: "write/no-action",
    });
    expect(await refusal(ada.explain("read", { type: "Worker", id }))).toMatchObject({
      code: "query/unknown-table",
    });
    ada.end();
    expect(await refusal(ada.explain("read", { type: "Crate", id }))).toMatchObject({
      code: "handle/revoked",
    });
  });
});

describe("for an operator", () => {
  const asked = {
    tenant: "north",
    as: { type: "Worker", id: "root" },
    reason: "ticket 4711",
    principal: { type: "Worker", id: "ada", roles: ["packer"], attributes: { level: 1 } },
    context: { mfa: true },
    action: "read",
    resource: { type: "Crate", id: crate(2) },
  } as const;

  test("says all of a row that the principal may not read but its values, and is on record before", async () => {
    const wardline = await world.open(policy);
    const told = await explainFor(wardline, asked);
    expect(told.decision).toMatchObject({ outcome: "deny", reason: "not_granted" });
    expect(rule(told, "own")).toMatchObject({ standing: "no_match", condition: { value: false } });
    expect(told.misses?.length).toBeGreaterThan(0);
    expect(JSON.stringify(told)).not.toContain("bob");
    expect(await recorded(world, "north", 1)).toMatchObject([
      { kind: "operation", action: "system.explain", entity: "Crate", rules: ["platform/system"] },
    ]);
    // What stands in clear does not say whose row, or why.
    expect(JSON.stringify(await recorded(world, "north", 1))).not.toMatch(/4711|00020000/);
  });

  test("shows values that the principal may read, and none that is masked", async () => {
    const masked = policy.replace(
      "when resource.owner == principal",
      "when resource.owner == principal\n  with hide(weight)",
    );
    const resource = { type: "Crate", id: crate(5) };
    const whole = await explainFor(await world.open(policy), { ...asked, action: "list", resource });
    expect(JSON.stringify(whole)).toContain('"path":"resource.weight","present":true,"value":5');
    const hidden = await explainFor(await world.open(masked), { ...asked, action: "list", resource });
    expect(JSON.stringify(hidden)).toContain('"path":"resource.weight","withheld":true');
    expect(rule(hidden, "light")).toMatchObject({ standing: "no_match" });
  });

  test("needs a reason, and is of its tenant alone", async () => {
    const wardline = await world.open(policy);
    for (const reason of ["", " ", "x".repeat(501), undefined as never])
      expect(await refusal(explainFor(wardline, { ...asked, reason }))).toMatchObject({
        code: "handle/no-reason",
      });
    const told = await explainFor(wardline, { ...asked, resource: { type: "Crate", id: crate(1, "south") } });
    expect(told.passes).toEqual([]);
  });
});
