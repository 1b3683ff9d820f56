/** The texts of B10: a clinic's model, and files of many different rules over it. */
import type { CompileInput } from "@wardline/compiler";
import type { SourceFile } from "@wardline/core";

export const model: SourceFile = {
  name: "clinic.ward",
  text: `model clinic

enum Plan { free, pro }

tenant {
  plan: Plan
}

context {
  mfa: Bool
  purpose: String?
}

entity Department in Department via parent_id stored in departments {
  name: String
}

principal User in Department via session {
  clearance: Int(0..5)
}

role viewer, clinician, billing for User
delegate viewer, clinician, billing to tenants

entity Patient stored in patients {
  department: Department
  attending: User?
  name: String #pii
  notes: String? #phi
  vip: Bool
  balance: Decimal(12, 2)
  admitted: Instant
}

relation treats(User, Patient) via patient_care(user_id, patient_id)

action read, list reads Patient
action create creates Patient
action update updates Patient
action delete deletes Patient
`,
};

const openPlatform = "platform for clinic\n\nceiling all: anyone to act on anything\n";

/** The rule with a number, of five kinds. `trusting`: as the platform writes it. */
function rule(n: number, isPlatform: boolean): string {
  const trusting = (names: string) => (isPlatform ? `\n  trusting ${names}` : "");
  switch (n % 5) {
    case 0:
      return `permit view_${n}: clinician, viewer to read, list Patient
  when principal in resource.department and principal.clearance >= ${1 + (n % 4)}
  with mask(name, initials)${trusting("clinician, viewer")}`;
    case 1:
      return `forbid big_${n}: anyone to update Patient
  when resource.balance >= ${n}.00
  because "Too large a balance"`;
    case 2:
      return `permit own_${n}: clinician to read, update Patient
  when has resource.attending and resource.attending == principal and resource.balance < ${n}.50${trusting("clinician")}`;
    case 3:
      return `permit care_${n}: billing to list Patient
  when treats(principal, resource) or (resource.vip and resource.balance > ${n}.75)${trusting("billing")}`;
    default:
      return `require log_${n}: mask(notes, redact) for anyone except clinician to read Patient
  when resource.balance > ${n}.25${trusting("clinician")}`;
  }
}

function rules(count: number, isPlatform: boolean, from = 0): string {
  return Array.from({ length: count }, (_, i) => `${rule(from + i, isPlatform)}\n`).join("\n");
}

/**
 * A tenant without rules under a platform with `count` of them, 1,000 to a file: a tenant's own text may not have so
 * many.
 */
export function platformWith(count: number): CompileInput {
  const files = Math.ceil(count / 1000);
  return {
    model,
    platform: Array.from({ length: files }, (_, i) => ({
      name: `platform-${i}.ward`,
      text: `${i === 0 ? openPlatform : "platform for clinic\n"}\n${rules(Math.min(1000, count), true, i * 1000)}`,
    })),
    policy: { name: "acme.ward", text: "policy acme for clinic\n" },
    tenant: "acme",
  };
}

/** A project's files: a model, a platform and many tenants of `each` rules, with its configuration. */
export function projectWith(tenants: number, each: number): ReadonlyMap<string, string> {
  const names = Array.from({ length: tenants }, (_, i) => `tenant_${i}`);
  const config = {
    model: "clinic.ward",
    platform: ["platform.ward"],
    tenants: Object.fromEntries(names.map((name) => [name, `${name}.ward`])),
  };
  return new Map([
    ["wardline.config.json", JSON.stringify(config)],
    ["clinic.ward", model.text],
    ["platform.ward", openPlatform],
    ...names.map((name): [string, string] => [
      `${name}.ward`,
      `policy ${name} for clinic\n\n${rules(each, false)}`,
    ]),
  ]);
}
