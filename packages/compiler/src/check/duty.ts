/** What is done beside a permit: `audit(full)`, `notify(tenant_admins)`. */
import { auditLevels, type Obligation } from "@wardline/core";
import { misformed, type Call } from "./misformed.ts";
import type { Setting } from "./scope.ts";
import { unknownName } from "./suggest.ts";

/** The duties that the calls name, each once. */
export function dutiesOf(setting: Setting, calls: readonly Call[]): readonly Obligation[] {
  const duties = calls.flatMap((call) =>
    call.name.text === "audit" ? auditOf(setting, call) : notifyOf(setting, call),
  );
  return [...new Map(duties.map((duty) => [JSON.stringify(duty), duty])).values()];
}

/** Without a level all is put on record. */
function auditOf(setting: Setting, call: Call): readonly Obligation[] {
  const names = plainNames(call);
  if (names === null || names.length > 1) {
    misformed(setting, call, "`audit` takes how much is put on record: `decision`, `fields` or `full`");
    return [];
  }
  const [name] = names;
  if (name === undefined) return [{ type: "audit", level: "full" }];
  const level = auditLevels.find((known) => known === name.text);
  if (level !== undefined) return [{ type: "audit", level }];
  setting.report.add(unknownName("level", name, auditLevels));
  return [];
}

function notifyOf(setting: Setting, call: Call): readonly Obligation[] {
  const names = plainNames(call);
  if (names === null || names.length === 0) {
    misformed(setting, call, "`notify` says who is told, by names that the application gives a meaning");
    return [];
  }
  return names.map((name) => ({ type: "notify", whom: name.text }));
}

/** The arguments as names; null if one is not a plain name. */
function plainNames(call: Call): readonly Call["name"][] | null {
  const names = call.args.flatMap(({ label, term }) =>
    label === null && term.kind === "call" && term.args.length === 0 ? [term.name] : [],
  );
  return names.length === call.args.length ? names : null;
}
