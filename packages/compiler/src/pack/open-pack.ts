/** Opens a pack by itself: all that can be said of it before anyone uses it with a model. */
import type { Finding, SourceFile } from "@wardline/core";
import type { Header } from "../ast/statement.ts";
import { ofKind } from "../check/declare.ts";
import { newReport } from "../check/report.ts";
import { openFile, type OpenedFile } from "../open-file.ts";
import { checkParameterUses } from "./parameter-use.ts";
import { checkParameters, type Parameter } from "./parameter.ts";

export type PackHeader = Extract<Header, { readonly kind: "pack" }>;

export interface OpenedPack {
  readonly file: OpenedFile;
  /** Null if the file is no pack, or one that may not be called so. */
  readonly header: PackHeader | null;
  readonly parameters: ReadonlyMap<string, Parameter>;
  readonly findings: readonly Finding[];
}

export function openPack(source: SourceFile): OpenedPack {
  const report = newReport();
  const file = openFile(report, source, { kind: "pack" });
  const { header } = file.parsed.ast;
  const statements = file.placed?.statements ?? [];
  const parameters = checkParameters(report, ofKind(statements, "parameter"));
  checkParameterUses(report, parameters, statements);
  return {
    file,
    header: file.placed !== null && header?.kind === "pack" ? header : null,
    parameters,
    findings: report.findings(),
  };
}
