/** Watches a source, and notes what it tells. */
import type { RepositorySource } from "@wardline/backends";
import { expect, vi } from "vitest";

export async function watchSource(source: RepositorySource) {
  const onChange = vi.fn<() => void>();
  const onTrouble = vi.fn<(error: Error) => void>();
  if (source.watch === undefined) return expect.fail("the source cannot be watched");
  return { onChange, onTrouble, end: await source.watch(onChange, onTrouble) };
}
