/** Policies of 20 rules of their own, in the shapes of B1 with attributes, under a platform that all share. */
import { loadProgram, type Program } from "@wardline/core";
import { abacTexts } from "../b1/abac.ts";
import { compileTexts, tenant as north } from "../ours/compile-texts.ts";
import { seeded } from "../random.ts";

/** So many are compiled from texts; the tenants' own differ from these in names and in the values that they compare with. */
export const variants = 20;

const platform = `platform for bench
forbid sealed_off: anyone to act on Doc when resource.level > 8
ceiling reading: anyone to read Doc
ceiling changing: anyone to update, delete, approve Doc
`;

/** Ten rules of B1, and ten that name values of the tenant. */
function policyText(variant: number): string {
  const random = seeded(800 + variant);
  const more = Array.from({ length: 10 }, (_, n) => {
    const role = random.pick(["manager", "editor", "viewer"]);
    const action = random.pick(["read", "update", "approve"]);
    const status = random.pick(["draft", "review", "published"]);
    const level = 1 + random.below(7);
    const dept = `resource.dept == "dept-${n}"`;
    const kind = n === 9 ? "forbid" : "permit";
    return `${kind} own_${n}: ${role} to ${action} Doc when ${dept} and resource.status == ${status} and resource.level <= ${level}\n`;
  });
  return abacTexts.policy + more.join("");
}

export function compileVariants(): readonly Program[] {
  return Array.from({ length: variants }, (_, n) =>
    compileTexts({ model: abacTexts.model, platform, policy: policyText(n) }),
  );
}

export const tenantName = (number: number): string => `t${String(number).padStart(5, "0")}`;

/** The program of one tenant; no two are equal. */
export function programOf(all: readonly Program[], number: number): Program {
  const tenant = tenantName(number);
  const text = JSON.stringify(all[number % all.length])
    .replaceAll(`"${north}/`, `"${tenant}/`)
    .replaceAll(`"${north}.ward"`, `"${tenant}.ward"`)
    .replaceAll(`"tenant":"${north}"`, `"tenant":"${tenant}"`)
    .replaceAll('"dept-', `"dept-${number}-`);
  const loaded = loadProgram(JSON.parse(text));
  if ("error" in loaded) throw new Error(loaded.error);
  return loaded.program;
}
