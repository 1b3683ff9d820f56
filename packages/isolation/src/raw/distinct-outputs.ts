/** A row is an object, so of two outputs with one name one would be lost: the first keeps the name, the later ones get a number. */
import type { Node, SelectStmt } from "libpg-query";
import { opened } from "../final-check/checking.ts";

/** `id`, `id:2`, `id:3`. `node` is the outermost select, with its stars spelt out. */
export function distinctOutputs(node: SelectStmt): SelectStmt {
  if (node.larg !== undefined) return { ...node, larg: distinctOutputs(node.larg) };
  if (node.targetList === undefined) return node;
  const names = node.targetList.map(nameOf);
  if (new Set(names).size === names.length) return node;
  const taken = new Set(names);
  const seen = new Set<string>();
  const targetList = node.targetList.map((target, at): Node => {
    const name = names[at] as string;
    if (!seen.has(name)) {
      seen.add(name);
      return target;
    }
    const [, content] = opened(target);
    return { ResTarget: { ...content, name: freeName(name, taken) } };
  });
  return { ...node, targetList };
}

function nameOf(target: Node): string {
  const [, { name }] = opened(target) as readonly [string, { readonly name?: string }];
  // The server's name for what has none.
  return name ?? "?column?";
}

function freeName(name: string, taken: Set<string>): string {
  let number = 2;
  while (taken.has(`${name}:${number}`)) number += 1;
  const free = `${name}:${number}`;
  taken.add(free);
  return free;
}
