/** Findings that are known and wait to be mended: written once, and left out of later checks. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import type { Finding } from "@wardline/core";
import { UsageError } from "../exit-code.ts";
import { refuseSource } from "../files/no-source.ts";
import { writeFileAtomically } from "../files/write-file.ts";

export interface BaselineEntry {
  /** Relative to the baseline's folder, with `/`. */
  readonly file: string;
  readonly code: string;
  readonly fingerprint: string;
}

export interface Baseline {
  readonly path: string;
  readonly entries: readonly BaselineEntry[];
}

/** What a baseline made of findings. */
export interface BaselineOutcome {
  readonly known: ReadonlySet<Finding>;
  /** Entries whose finding no longer occurs in a file that was checked, or whose file is gone. */
  readonly gone: readonly BaselineEntry[];
}

type Fingerprints = ReadonlyMap<Finding, string>;

/** Reads a baseline. Throws {@link UsageError} if it is not one. */
export function readBaseline(cwd: string, name: string): Baseline {
  const path = resolve(cwd, name);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new UsageError(
      `the baseline ${name} cannot be read: ${(error as Error).message}`,
      "write it with `wardline check --write-baseline FILE`",
    );
  }
  const { formatVersion, findings } = (value ?? {}) as { formatVersion?: unknown; findings?: unknown };
  if (formatVersion !== 1 || !Array.isArray(findings) || !findings.every(isEntry))
    throw new UsageError(`${name} is not a baseline`, "write it with `wardline check --write-baseline FILE`");
  return { path, entries: findings.map(({ file, code, fingerprint }) => ({ file, code, fingerprint })) };
}

function isEntry(value: unknown): value is BaselineEntry {
  const entry = (value ?? {}) as Record<string, unknown>;
  return ["file", "code", "fingerprint"].every((key) => typeof entry[key] === "string");
}

/** Writes all findings as known. */
export function writeBaseline(
  cwd: string,
  file: string,
  findings: readonly Finding[],
  fingerprints: Fingerprints,
): void {
  refuseSource("--write-baseline", file);
  const path = resolve(cwd, file);
  const entries = findings
    .map((finding) => ({ ...entryOf(cwd, path, finding, fingerprints), message: finding.message }))
    .toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  writeFileAtomically(path, `${JSON.stringify({ formatVersion: 1, findings: entries }, null, 2)}\n`);
}

/** Which findings a baseline knows. `checked` holds the names of the files that were looked at. */
export function compareBaseline(
  cwd: string,
  baseline: Baseline,
  findings: readonly Finding[],
  fingerprints: Fingerprints,
  checked: Iterable<string>,
): BaselineOutcome {
  const entries = new Set(baseline.entries.map(keyOf));
  const occurring = new Set<string>();
  const known = new Set<Finding>();
  for (const finding of findings) {
    const key = keyOf(entryOf(cwd, baseline.path, finding, fingerprints));
    occurring.add(key);
    if (entries.has(key)) known.add(finding);
  }
  const looked = new Set([...checked].map((name) => nameFrom(cwd, baseline.path, name)));
  const gone = baseline.entries.filter(
    (entry) =>
      !occurring.has(keyOf(entry)) &&
      (looked.has(entry.file) || !existsSync(join(dirname(baseline.path), entry.file))),
  );
  return { known, gone };
}

function entryOf(cwd: string, path: string, finding: Finding, fingerprints: Fingerprints): BaselineEntry {
  return {
    file: nameFrom(cwd, path, finding.labels[0].span.file),
    code: finding.code,
    fingerprint: fingerprints.get(finding) as string,
  };
}

function nameFrom(cwd: string, path: string, name: string): string {
  return relative(dirname(path), resolve(cwd, name)).split(sep).join("/");
}

function keyOf({ file, code, fingerprint }: BaselineEntry): string {
  return JSON.stringify([file, code, fingerprint]);
}
