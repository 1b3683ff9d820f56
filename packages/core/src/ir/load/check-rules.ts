/** Checks of the rules by themselves: whose each is, what it is called, and what its owner may write. */
import { refuse, under, type Place } from "../../value/decode.ts";
import type { Program, Rule, RuleKind } from "../program.ts";
import { checkUnique } from "./check-model.ts";

export function checkRules(program: Program, at: Place): void {
  const { tenant, rules } = program;
  // Invariant: an id names its owner. A tenant called like another owner would speak for it in logs.
  if (tenant === platform || tenant.includes("/")) refuse(under(at, "tenant"), "is not the name of a tenant");
  const here = under(at, "rules");
  checkUnique(
    rules.map((rule) => rule.id),
    here,
  );
  const isPlatforms = new Set(rules.flatMap(({ layer, pack }) => (layer === platform ? (pack ?? []) : [])));
  rules.forEach((rule, i) => {
    checkOwner(rule, tenant, isPlatforms, under(here, i));
    checkKind(rule, under(here, i, "kind"));
  });
}

const platform = "platform";

function checkOwner(
  { id, layer, pack }: Rule,
  tenant: string,
  isPlatforms: ReadonlySet<string>,
  at: Place,
): void {
  if (pack === platform || pack === tenant) refuse(under(at, "pack"), "is not the name of a pack");
  const own = layer === platform ? platform : tenant;
  const ofPack = layer !== platform && isPlatforms.has(pack ?? "") ? `${tenant}/${pack}` : pack;
  const owner = ofPack ?? own;
  if (!id.startsWith(`${owner}/`)) refuse(under(at, "id"), `must begin with ${owner}/`);
  if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(id.slice(owner.length + 1)))
    refuse(under(at, "id"), `must be ${owner}/ and a name`);
}

/** What a tenant and a pack may write; the platform may write all but in its packs. */
const ofTenants: readonly RuleKind[] = ["permit", "forbid", "require"];
const ofPacks: readonly RuleKind[] = ["forbid", "require"];

function checkKind({ layer, pack, kind }: Rule, at: Place): void {
  if (pack !== undefined && !ofPacks.includes(kind)) refuse(at, `a pack has no ${kind}`);
  if (layer === "tenant" && !ofTenants.includes(kind)) refuse(at, `a tenant has no ${kind}`);
}
