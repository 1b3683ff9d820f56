/** What floors and shares mean, and what tenants can do about them, through the oracle. */
import { expect, test } from "vitest";
import { openPlatform } from "../check/library.ts";
import { ask, outcome, type Asked } from "./asking.ts";

const director: Asked = { roles: ["director"] };
const auditor: Asked = { roles: ["auditor"], home: "south" };
const floor = "floor f: director to read Book\n";

test("a floor grants without a permit, and above every ceiling", () => {
  expect(ask({ policy: "", platform: `${openPlatform}${floor}` }, director)).toEqual({
    outcome: "permit",
    rules: ["platform/f"],
    obligations: [],
    reason: null,
  });
  expect(outcome("", director, `platform for library\nceiling c: anyone to list Book\n${floor}`)).toBe(
    "permit",
  );
  expect(outcome("", { roles: ["reader"] }, `${openPlatform}${floor}`)).toBe("deny");
});

test("a tenant's forbid does not reach what a floor grants, the platform's does", () => {
  const policy = "permit a: reader, director to read Book\nforbid x: anyone to read Book";
  const platform = `${openPlatform}${floor}`;
  expect(ask({ policy, platform }, director)).toMatchObject({ outcome: "permit", rules: ["platform/f"] });
  expect(ask({ policy, platform }, { roles: ["reader"] })).toMatchObject({
    reason: "forbidden",
    rules: ["north/x"],
  });
  const both = `${platform}forbid lost: anyone to read Book when resource.lost\n`;
  expect(ask({ policy, platform: both }, { ...director, row: { lost: true } })).toMatchObject({
    reason: "forbidden",
    rules: ["platform/lost"],
  });
});

test("under a floor a tenant's requires add duties only; the platform's bind", () => {
  const platform = `${openPlatform}${floor}`;
  const policy = "require r: reason, hide(price), limit(1, per: day), audit(fields) for anyone to read Book";
  const spent = { limits: { "north/r": { left: 0 } } };
  expect(ask({ policy, platform }, { ...director, ...spent })).toMatchObject({
    outcome: "permit",
    obligations: [{ type: "audit", level: "fields" }],
  });
  const strict = `${platform}require p: reason, mask(title, redact) for anyone to read Book\n`;
  expect(ask({ policy, platform: strict }, { ...director, ...spent })).toMatchObject({
    outcome: "challenge",
    obligations: [{ type: "reason" }],
  });
  expect(
    ask({ policy, platform: strict }, { ...director, ...spent, context: { purpose: "x" } }).obligations,
  ).toEqual([
    { type: "mask", field: "title", mask: { kind: "redact" } },
    { type: "audit", level: "fields" },
  ]);
});

test("a floor shows what a permit beside it hides", () => {
  const policy = "permit a: director to read Book with hide(price), mask(title, initials)";
  expect(ask({ policy, platform: `${openPlatform}${floor}` }, director)).toMatchObject({
    rules: ["platform/f", "north/a"],
    obligations: [],
  });
});

test("a floor does not spread from read, and holds at home alone", () => {
  const platform = `${openPlatform}${floor}`;
  expect(outcome("", { ...director, action: "list" }, platform)).toBe("deny");
  expect(outcome("", { ...director, home: "south" }, platform)).toBe("deny");
});

test("a floor must hold of both rows of an update", () => {
  const platform = `${openPlatform}floor f: director to update Book when not resource.lost\n`;
  const policy = "permit a: director to update Book\nforbid x: anyone to update Book when resource.lost";
  const update = (prior: boolean, next: boolean) =>
    ask(
      { policy, platform },
      { ...director, action: "update", prior: { lost: prior }, next: { lost: next } },
    );
  expect(update(false, false).outcome).toBe("permit");
  expect(update(true, false)).toMatchObject({ reason: "forbidden", rules: ["north/x"] });
  expect(update(false, true)).toMatchObject({ reason: "forbidden", rules: ["north/x"] });
});

const share = "share s: auditor to read Book\n";

test("a share is the only grant to a principal of another tenant, and none at home", () => {
  const platform = `${openPlatform}${share}permit p: auditor to list Book\nfloor f: auditor to list Book\n`;
  const policy = "permit a: Member to list Book";
  expect(ask({ policy, platform }, auditor)).toMatchObject({ outcome: "permit", rules: ["platform/s"] });
  expect(outcome(policy, { ...auditor, action: "list" }, platform)).toBe("deny");
  expect(outcome(policy, { roles: ["auditor"] }, platform)).toBe("deny");
  expect(outcome(policy, { ...auditor, rowTenant: "south" }, platform)).toBe("deny");
});

test("a share stays below the ceiling, and does not spread from read", () => {
  const platform = `platform for library\nceiling c: anyone to read, list Book when context.mfa\n${share}`;
  expect(outcome("", auditor, platform)).toBe("permit");
  expect(outcome("", { ...auditor, context: { mfa: false } }, platform)).toBe("deny");
  expect(outcome("", { ...auditor, action: "list" }, platform)).toBe("deny");
});

test("the forbids and requires of the tenant and the platform bind who comes by a share", () => {
  const platform = `${openPlatform}share s: auditor to read Book with hide(price), audit(full), notify(tenant_admins)\n`;
  expect(ask({ policy: "forbid x: anyone to read Book", platform }, auditor)).toMatchObject({
    reason: "forbidden",
    rules: ["north/x"],
  });
  const forbidding = `${platform}forbid y: auditor to read Book\n`;
  expect(ask({ policy: "", platform: forbidding }, auditor).rules).toEqual(["platform/y"]);
  const policy = "require r: reason, mask(title, redact) for anyone to read Book";
  expect(ask({ policy, platform }, auditor)).toMatchObject({ outcome: "challenge", rules: ["north/r"] });
  expect(ask({ policy, platform }, { ...auditor, context: { purpose: "x" } }).obligations).toEqual([
    { type: "mask", field: "title", mask: { kind: "redact" } },
    { type: "hide", field: "price" },
    { type: "audit", level: "full" },
    { type: "notify", whom: "tenant_admins" },
  ]);
});

test("a share with a precondition challenges", () => {
  const platform = `${openPlatform}share s: auditor, Scanner to read Book with step_up(mfa, within: 5m)\n`;
  expect(ask({ policy: "", platform }, auditor)).toMatchObject({
    outcome: "challenge",
    rules: ["platform/s"],
  });
  expect(outcome("", { ...auditor, context: { mfa_age: 1 } }, platform)).toBe("permit");
  expect(outcome("", { type: "Scanner", roles: [], home: "south" }, platform)).toBe("challenge");
});
