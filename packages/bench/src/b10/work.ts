/** The texts of B10: a library's model, and files of many different rules over it. */
import type { CompileInput } from "@wardline/compiler";
import type { SourceFile } from "@wardline/core";

export const model: SourceFile = {
  name: "library.ward",
  text: `model library

enum Plan { free, pro }

tenant {
  plan: Plan
}

context {
  mfa: Bool
  purpose: String?
}

entity Branch in Branch via parent_id stored in branches {
  name: String
}

principal Member in Branch via session {
  level: Int(0..5)
}

role reader, libraryian, cashier for Member
delegate reader, libraryian, cashier to tenants

entity Loan stored in loans {
  branch: Branch
  borrower: Member?
  name: String #personal
  remark: String? #secret
  rare: Bool
  fee: Decimal(12, 2)
  due: Instant
}

relation guards(Member, Loan) via loan_guards(member_id, loan_id)

action read, list reads Loan
action create creates Loan
action update updates Loan
action delete deletes Loan
`,
};

const openPlatform = "platform for library\n\nceiling all: anyone to act on anything\n";

/** The rule with a number, of five kinds. `trusting`: as the platform writes it. */
function rule(n: number, isPlatform: boolean): string {
  const trusting = (names: string) => (isPlatform ? `\n  trusting ${names}` : "");
  switch (n % 5) {
    case 0:
      return `permit view_${n}: libraryian, reader to read, list Loan
  when principal in resource.branch and principal.level >= ${1 + (n % 4)}
  with mask(name, initials)${trusting("libraryian, reader")}`;
    case 1:
      return `forbid big_${n}: anyone to update Loan
  when resource.fee >= ${n}.00
  because "Too large a fee"`;
    case 2:
      return `permit own_${n}: libraryian to read, update Loan
  when has resource.borrower and resource.borrower == principal and resource.fee < ${n}.50${trusting("libraryian")}`;
    case 3:
      return `permit guard_${n}: cashier to list Loan
  when guards(principal, resource) or (resource.rare and resource.fee > ${n}.75)${trusting("cashier")}`;
    default:
      return `require log_${n}: mask(remark, redact) for anyone except libraryian to read Loan
  when resource.fee > ${n}.25${trusting("libraryian")}`;
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
      text: `${i === 0 ? openPlatform : "platform for library\n"}\n${rules(Math.min(1000, count), true, i * 1000)}`,
    })),
    policy: { name: "north.ward", text: "policy north for library\n" },
    tenant: "north",
  };
}

/** A project's files: a model, a platform and many tenants of `each` rules, with its configuration. */
export function projectWith(tenants: number, each: number): ReadonlyMap<string, string> {
  const names = Array.from({ length: tenants }, (_, i) => `tenant_${i}`);
  const config = {
    model: "library.ward",
    platform: ["platform.ward"],
    tenants: Object.fromEntries(names.map((name) => [name, `${name}.ward`])),
  };
  return new Map([
    ["wardline.config.json", JSON.stringify(config)],
    ["library.ward", model.text],
    ["platform.ward", openPlatform],
    ...names.map((name): [string, string] => [
      `${name}.ward`,
      `policy ${name} for library\n\n${rules(each, false)}`,
    ]),
  ]);
}
