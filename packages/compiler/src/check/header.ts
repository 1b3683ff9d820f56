/** What a file may be is chosen by whoever loads it; here the file's first line is held against that. */
import type { FileAst, Header } from "../ast/statement.ts";
import { finding } from "../diagnostics/table.ts";
import type { Report } from "./report.ts";
import { replaceFix } from "./suggest.ts";

/** What a file is loaded as. */
export type Loaded =
  | { readonly kind: "model" }
  | { readonly kind: "pack" }
  | { readonly kind: "platform"; readonly model: string | null }
  /** `model` is null where the model itself did not parse. */
  | { readonly kind: "policy"; readonly model: string | null; readonly tenant: string };

const described: { readonly [Kind in Header["kind"]]: string } = {
  model: "a model",
  platform: "the platform's file",
  pack: "a pack",
  policy: "a tenant's policy",
};

/** The first line that a file must have. */
function formOf(loaded: Loaded): string {
  switch (loaded.kind) {
    case "model":
      return "model NAME";
    case "platform":
      return `platform for ${loaded.model ?? "MODEL"}`;
    case "pack":
      return "pack NAME VERSION";
    case "policy":
      return `policy ${loaded.tenant} for ${loaded.model ?? "MODEL"}`;
  }
}

/** Layers of rule ids that no tenant and no pack may be called. */
const reservedNames: ReadonlySet<string> = new Set(["platform"]);

/** True if the file is what it is loaded as. Else nothing in it may be used. */
export function checkHeader(report: Report, ast: FileAst, loaded: Loaded): boolean {
  const { header } = ast;
  // The parser has said what is wrong with the first line.
  if (header === null) return false;
  if (header.kind !== loaded.kind) {
    report.add(
      finding("file/kind", header.span, {
        loaded: described[loaded.kind],
        says: described[header.kind],
        form: formOf(loaded),
      }),
    );
    return false;
  }
  let right = true;
  if (header.kind === "policy" && loaded.kind === "policy") {
    const reserved = [header.tenant.text, loaded.tenant].find((name) => reservedNames.has(name));
    if (reserved !== undefined) {
      report.add(finding("file/tenant-name", header.tenant.span, { name: reserved }));
      right = false;
    } else if (header.tenant.text !== loaded.tenant) {
      report.add(
        finding("file/tenant", header.tenant.span, { says: header.tenant.text, loaded: loaded.tenant }),
      );
      right = false;
    }
  }
  if (header.kind === "pack" && reservedNames.has(header.name.text)) {
    report.add(finding("pack/name", header.name.span, { name: header.name.text }));
    right = false;
  }
  if (
    (header.kind === "policy" || header.kind === "platform") &&
    (loaded.kind === "policy" || loaded.kind === "platform")
  ) {
    const { model } = loaded;
    if (model !== null && header.model.text !== model) {
      report.add(
        finding(
          "file/model",
          header.model.span,
          { says: header.model.text, loaded: model },
          { fixes: [replaceFix(header.model.span, model)] },
        ),
      );
      right = false;
    }
  }
  return right;
}
