/** What is said of an item when it is looked at: its documentation as the author wrote it, and what it stands for. */
import {
  maskFunctions,
  obligationForms,
  settingKind,
  isMaskName,
  isObligationName,
} from "@wardline/compiler";
import type { Snapshot } from "../workspace/snapshot.ts";
import type { ItemData } from "./item.ts";
import { parentsOf } from "./model-words.ts";
import { namesIn, type Names } from "./names.ts";
import { capital } from "../plain-words.ts";

/** Markdown, or null where there is nothing to say. */
export function documentationOf(snapshot: Snapshot, { file, kind, name, owner }: ItemData): string | null {
  const names = namesIn(snapshot, file);
  if (names === null) return null;
  const parts = partsOf(names, kind, name, owner).filter((part) => part !== null && part !== "");
  return parts.length === 0 ? null : parts.join("\n\n");
}

type Part = string | null | undefined;

function partsOf(
  names: Names,
  kind: ItemData["kind"],
  name: string,
  owner: string | undefined,
): readonly Part[] {
  const { model } = names;
  switch (kind) {
    case "role": {
      const role = names.roles.get(name);
      if (role === undefined) return [];
      const parents = parentsOf(names.roles, name);
      return [
        role.doc,
        parents.length > 0 ? `Counts as ${list(parents)} too.` : null,
        role.types.length > 0
          ? `Held by ${list(role.types)}${role.delegated ? ", assigned by tenants" : role.platform ? ", assigned by the platform alone" : ""}.`
          : null,
      ];
    }
    case "principal":
    case "entity": {
      const entity = model.entities.get(name);
      if (entity === undefined) return [];
      return [
        entity.doc,
        entity.table === null
          ? null
          : `Stored in \`${entity.table}\`${entity.shared ? ", shared by all tenants" : ""}.`,
      ];
    }
    case "enum":
    case "type": {
      const found = model.enums.get(name);
      return found === undefined ? [] : [found.doc, `One of ${list(found.values)}.`];
    }
    case "value":
      return owner === undefined ? [] : [model.enums.get(owner)?.doc];
    case "action": {
      const action = model.actions.get(name);
      return action === undefined ? [] : [action.doc, `${capital(action.kind)} ${list(action.entities)}.`];
    }
    case "group": {
      const group = model.groups.get(name);
      return group === undefined ? [] : [group.doc, `Stands for ${list(group.members)}.`];
    }
    case "relation":
      return [model.relations.get(name)?.doc];
    case "field":
    case "fact": {
      const field =
        owner === "context" || owner === "tenant"
          ? model[owner].get(name)
          : model.entities.get(owner ?? "")?.fields.get(name);
      if (field === undefined) return [];
      return [
        field.doc,
        `\`${name}: ${field.text}\`${field.classes.map((one) => ` \`#${one}\``).join("")}`,
        field.optional ? "May be absent: ask `has` before it is read, or write `?? VALUE`." : null,
      ];
    }
    case "class": {
      const fields = [...model.entities.values()].flatMap((entity) =>
        [...entity.fields.values()].flatMap((field) =>
          field.classes.includes(name) ? [`${entity.name}.${field.name}`] : [],
        ),
      );
      return fields.length === 0 ? [] : [`Carried by ${list(fields)}.`];
    }
    case "let":
      return [names.lets.get(name)?.doc];
    case "rule": {
      const rule = names.rules.find((one) => one.name === name);
      return rule === undefined ? [] : [rule.doc, `\`${rule.kind}\` in ${rule.file}`];
    }
    case "obligation":
      return isObligationName(name)
        ? [capital(obligationForms[name].summary), `\`${obligationForms[name].form}\``]
        : [];
    case "mask":
      return isMaskName(name)
        ? [capital(maskFunctions[name].summary), `For ${maskFunctions[name].takes}.`]
        : [];
    case "setting": {
      const setting = settingKind(name);
      return setting === undefined ? [] : [`Takes ${setting.wanted}.`, `\`${setting.form}\``];
    }
    case "pack": {
      const [pack, version] = name.split(" ");
      const found = names.packs.find((one) => one.name === pack && one.version === version);
      const parameters = found?.parameters.map(
        (one) =>
          `- \`${one.name}: ${one.type}${one.fallback === null ? "" : ` = ${one.fallback}`}\`${one.doc === null ? "" : ` ${one.doc}`}`,
      );
      return [parameters?.join("\n")];
    }
    case "evidence":
      return [model.evidence.get(name)?.doc];
    case "keyword":
    case "operator":
    case "method":
    case "parameter":
    case "literal":
    case "binding":
    case "snippet":
      return [];
  }
}

const list = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(", ");
