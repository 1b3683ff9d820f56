/**
 * Code for conditions, children before parents. What is used in two places becomes a function that remembers its answer,
 * so that it is computed at most once a decision; what is large becomes a function so that no function is.
 */
import type { Atom, Condition, Program } from "@wardline/core";
import {
  block,
  branch,
  branchIf,
  call,
  i32Add,
  i32Const,
  i32Eqz,
  i32Sub,
  i32Type,
  leave,
  loadByteAt,
  localGet,
  localTee,
  storeByte,
  when,
  type Code,
} from "./assembler.ts";
import { atomCode, type AtomContext } from "./atoms.ts";
import type { Functions } from "./linker.ts";
import type { Reach } from "./reach.ts";

/** No function grows much beyond this many bytes. */
export const functionLimit = 32_768;
/** Larger code than this is not repeated or put inside other code. */
const inlineLimit = 512;
/** Conditions inside one function nest no deeper. */
const nestingLimit = 32;
/** An atom this short costs less than remembering it. */
const shortAtom = 16;

/** The code of each condition that is used, by index. `memo`: a byte of state for each atom, then for each condition. */
export function conditionCodes(
  program: Program,
  reached: Reach,
  memo: number,
  context: AtomContext,
): readonly Code[] {
  const { functions } = context;
  const atoms = program.atoms.map((atom, i) => {
    const uses = reached.atoms[i] as number;
    return uses === 0 ? [] : sharedAtom(atom, uses, memo + i, context);
  });
  const depths: number[] = [];
  const codes: Code[] = [];
  for (const [i, condition] of program.conditions.entries()) {
    const uses = reached.conditions[i] as number;
    let depth = 0;
    let code: Code = [];
    if (uses > 0) {
      code = conditionCode(condition, atoms, codes, functions);
      if (condition.kind === "and" || condition.kind === "or") {
        depth = condition.of.reduce((most, child) => Math.max(most, depths[child] as number), 0) + 1;
        const apart = code.length > inlineLimit || depth > nestingLimit;
        if (uses > 1) code = remembered(code, memo + program.atoms.length + i, functions);
        else if (apart) code = call(functions.add({ parameters: [], results: [i32Type] }, [], code));
        if (uses > 1 || apart) depth = 0;
      }
    }
    depths.push(depth);
    codes.push(code);
  }
  return codes;
}

/** Joins codes that leave nothing on the stack, in functions of their own where they are too many for one. */
export function sequence(codes: readonly Code[], functions: Functions): Code {
  const runs = runsOf(codes);
  if (runs.length <= 1) return codes.flat();
  return runs.flatMap((run) => call(functions.add({ parameters: [], results: [] }, [], run.flat())));
}

function sharedAtom(atom: Atom, uses: number, memo: number, context: AtomContext): Code {
  const code = atomCode(atom, context);
  return uses === 1 || code.length <= shortAtom ? code : remembered(code, memo, context.functions);
}

function conditionCode(
  condition: Condition,
  atoms: readonly Code[],
  codes: readonly Code[],
  functions: Functions,
): Code {
  switch (condition.kind) {
    case "constant":
      return i32Const(condition.value ? 1 : 0);
    case "atom": {
      const atom = atoms[condition.atom] as Code;
      return condition.negated ? [...atom, ...i32Eqz] : atom;
    }
    case "and":
    case "or":
      return junction(
        condition.kind,
        condition.of.map((child) => codes[child] as Code),
        functions,
      );
  }
}

function junction(kind: "and" | "or", children: readonly Code[], functions: Functions): Code {
  const runs = runsOf(children);
  if (runs.length > 1) {
    const parts = runs.map((run) => junction(kind, run, functions));
    return junction(
      kind,
      parts.map((part) => call(functions.add({ parameters: [], results: [i32Type] }, [], part))),
      functions,
    );
  }
  // The first child that decides leaves the inner block; the value that then stands is that child's.
  const decide = children.flatMap((child) => [...child, ...(kind === "and" ? i32Eqz : []), ...branchIf(0)]);
  const decided = kind === "and" ? 0 : 1;
  return block(
    [...block([...decide, ...i32Const(1 - decided), ...branch(1)]), ...i32Const(decided)],
    i32Type,
  );
}

/** A function that keeps 1 + its answer in a byte of the state, which is 0 at the start of every decision. */
function remembered(code: Code, memo: number, functions: Functions): Code {
  const body = [
    ...loadByteAt(memo),
    ...localTee(0),
    ...when([...localGet(0), ...i32Const(1), ...i32Sub, ...leave]),
    ...i32Const(memo),
    ...code,
    ...localTee(0),
    ...i32Const(1),
    ...i32Add,
    ...storeByte,
    ...localGet(0),
  ];
  return call(functions.add({ parameters: [], results: [i32Type] }, [i32Type], body));
}

function runsOf(codes: readonly Code[]): readonly (readonly Code[])[] {
  const runs: Code[][] = [];
  let size = functionLimit;
  for (const code of codes) {
    if (size + code.length > functionLimit) {
      runs.push([]);
      size = 0;
    }
    runs.at(-1)?.push(code);
    size += code.length;
  }
  return runs;
}
