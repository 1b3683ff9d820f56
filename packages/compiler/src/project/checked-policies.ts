/**
 * What was found in a tenant's policy, kept with its text: checked again beside the same files it is the same, so that a
 * change of one tenant's policy costs no other tenant's check. A source is never changed in place.
 */
import type { Finding, Settings, SourceFile } from "@wardline/core";
import { check, type CompileInput } from "../compile.ts";

export interface CheckedPolicyFile {
  readonly findings: readonly Finding[];
  readonly settings: Settings | undefined;
  /** True if no finding is an error. */
  readonly isFine: boolean;
}

interface Remembered {
  readonly input: CompileInput;
  readonly checked: CheckedPolicyFile;
}

const remembered = new WeakMap<SourceFile, readonly Remembered[]>();

/** One policy is looked at with lints and without, and may be that of several tenants. */
const most = 4;

/** As `check`, and remembers. */
export function checkOnce(input: CompileInput): CheckedPolicyFile {
  const all = remembered.get(input.policy) ?? [];
  const before = all.find((one) => isSameInput(one.input, input));
  if (before !== undefined) return before.checked;
  const { findings, settings, lower } = check(input);
  const checked = { findings, settings, isFine: lower !== null };
  remembered.set(input.policy, [{ input, checked }, ...all].slice(0, most));
  return checked;
}

function isSameInput(one: CompileInput, other: CompileInput): boolean {
  return (
    one.tenant === other.tenant &&
    one.model === other.model &&
    areSame(one.platform, other.platform) &&
    areSame(one.packs ?? [], other.packs ?? []) &&
    areSame(one.questions ?? [], other.questions ?? []) &&
    JSON.stringify(one.lints) === JSON.stringify(other.lints)
  );
}

const areSame = (some: readonly SourceFile[], others: readonly SourceFile[]) =>
  some.length === others.length && some.every((file, at) => file === others[at]);
