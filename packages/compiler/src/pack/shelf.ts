/** The packs that are at hand, by name and version. A version is text: 1.10 is not 1.1. */
import type { SourceFile } from "@wardline/core";
import type { UseStatement } from "../ast/statement.ts";
import type { Report } from "../check/report.ts";
import { replaceFix, unknownName } from "../check/suggest.ts";
import { finding } from "../diagnostics/table.ts";
import { tenantLimits } from "../parse/limits.ts";
import { parseOnce } from "../parse/parse-once.ts";
import { openPack, type OpenedPack, type PackHeader } from "./open-pack.ts";

interface Shelved {
  readonly source: SourceFile;
  readonly header: PackHeader;
}

export interface Shelf {
  /** The pack that a `use` names, or null if it was reported. */
  readonly find: (report: Report, use: UseStatement) => OpenedPack | null;
}

/** A file whose header is damaged or another's is on no shelf; it is reported where it is checked by itself. */
export function newShelf(sources: readonly SourceFile[]): Shelf {
  let shelved: readonly Shelved[] | null = null;
  const all = () =>
    (shelved ??= sources.flatMap((source) => {
      const { header } = parseOnce(source, tenantLimits).ast;
      return header?.kind === "pack" ? [{ source, header }] : [];
    }));
  return {
    find: (report, use) => {
      const found = findPack(report, all(), use);
      return found === null ? null : openOnce(found.source);
    },
  };
}

const opened = new WeakMap<SourceFile, OpenedPack>();

/** A pack is opened once for all tenants that use it. */
function openOnce(source: SourceFile): OpenedPack {
  const pack = opened.get(source) ?? openPack(source);
  opened.set(source, pack);
  return pack;
}

function findPack(
  report: Report,
  packs: readonly Shelved[],
  { name, version, versionSpan }: UseStatement,
): Shelved | null {
  const named = packs.filter(({ header }) => header.name.text === name.text);
  if (named.length === 0) {
    const names = packs.map(({ header }) => header.name.text);
    const found = unknownName("pack", name, names);
    const help = "no packs are at hand: name their files in the configuration of the project";
    report.add(names.length === 0 ? { ...found, help } : found);
    return null;
  }
  const [first, second] = named.filter(({ header }) => header.version === version);
  if (first === undefined) {
    const versions = [...new Set(named.map(({ header }) => header.version))].toSorted(byNumbers);
    const [only, ...more] = versions;
    report.add(
      finding(
        "pack/version",
        versionSpan,
        { pack: name.text, version, versions: versions.join(", ") },
        // Another version may ask for less.
        {
          fixes:
            only !== undefined && more.length === 0
              ? [{ ...replaceFix(versionSpan, only), choice: true as const }]
              : [],
        },
      ),
    );
    return null;
  }
  if (second === undefined) return first;
  const related = [first, second].map(({ header }) => ({ span: header.span, message: "one of them" }));
  report.add(finding("pack/ambiguous", name.span, { pack: name.text, version }, { related }));
  return null;
}

/** 1.2 before 1.10. */
function byNumbers(a: string, b: string): number {
  const [x, y] = [a, b].map((version) => version.split(".").map(Number));
  for (let i = 0; i < Math.max(x?.length ?? 0, y?.length ?? 0); i += 1) {
    const difference = (x?.[i] ?? -1) - (y?.[i] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}
