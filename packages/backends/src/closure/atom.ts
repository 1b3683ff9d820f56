/** An atom as a closure over the state. An atom that reads an absent fact is false; it never throws and never writes facts. */
import type { Atom, Program, WireScalar } from "@wardline/core";
import { compileCompare } from "./compare.ts";
import { ipWords, liesIn, networkOf } from "./ip.ts";
import type { Members, Pairs } from "./members.ts";
import { bareSlot, compileOperand } from "./operand.ts";
import { numberOf, type RoleNumbers } from "./role-numbers.ts";
import type { State, Test } from "./state.ts";

export function compileAtom(program: Program, roles: RoleNumbers, atom: Atom): Test {
  switch (atom.kind) {
    case "compare":
      return compileCompare(program, atom.op, atom.left, atom.right);
    case "truth": {
      const of = compileOperand(atom.of);
      const slot = bareSlot(atom.of);
      return slot === undefined ? (state) => of(state) === true : ({ facts }) => facts[slot] === true;
    }
    case "one_of": {
      const of = compileOperand(atom.of);
      const values = new Set<unknown>(atom.values);
      return (state) => values.has(of(state));
    }
    case "contains": {
      const { set } = atom;
      const of = compileOperand(atom.of);
      return (state) => holds(state.facts[set], of(state));
    }
    case "empty": {
      const { set } = atom;
      return ({ facts }) => {
        const members = facts[set] as Members | undefined;
        return members !== undefined && members.isEmpty();
      };
    }
    case "text":
      return compileText(atom);
    case "in_network":
      return compileInNetwork(atom);
    case "has": {
      const { slot } = atom;
      return ({ facts }) => facts[slot] !== undefined;
    }
    case "role":
      return compileRole(roles, atom.roles);
    case "within":
      return compileWithin(atom);
    case "related":
      return compileRelated(atom);
  }
}

function compileText(atom: Extract<Atom, { kind: "text" }>): Test {
  const of = compileOperand(atom.of);
  const part = compileOperand(atom.part);
  const holdsFor = textTest(atom.op);
  return (state) => {
    const text = of(state);
    const piece = part(state);
    return text !== undefined && piece !== undefined && holdsFor(text as string, piece as string);
  };
}

/** Both texts are well formed, so that no match begins or ends inside of a surrogate pair. */
function textTest(op: Extract<Atom, { kind: "text" }>["op"]): (text: string, part: string) => boolean {
  switch (op) {
    case "starts_with":
      return (text, part) => text.startsWith(part);
    case "ends_with":
      return (text, part) => text.endsWith(part);
    case "contains":
      return (text, part) => text.includes(part);
  }
}

function compileInNetwork(atom: Extract<Atom, { kind: "in_network" }>): Test {
  const of = compileOperand(atom.of);
  const networks = atom.networks.map(networkOf);
  return (state) => {
    const address = of(state);
    if (address === undefined) return false;
    const words = ipWords(address as string);
    for (const network of networks) if (liesIn(words, network)) return true;
    return false;
  };
}

/** True if the set is present and holds the value, which is present. */
function holds(members: unknown, value: WireScalar | undefined): boolean {
  return members !== undefined && value !== undefined && (members as Members).has(value);
}

function compileRole(roles: RoleNumbers, wanted: readonly string[]): Test {
  const numbers = wanted.map((role) => numberOf(roles, role));
  const [only] = numbers;
  if (only !== undefined && numbers.length === 1) return (state) => isHeld(state, only);
  return (state) => {
    for (const number of numbers) if (isHeld(state, number)) return true;
    return false;
  };
}

function isHeld({ roles, roleCount }: State, role: number): boolean {
  for (let i = 0; i < roleCount; i += 1) if (roles[i] === role) return true;
  return false;
}

function compileWithin(atom: Extract<Atom, { kind: "within" }>): Test {
  const entity = compileOperand(atom.entity);
  const group = compileOperand(atom.group);
  const { same, ancestors } = atom;
  return (state) => {
    const a = entity(state);
    const b = group(state);
    if (a === undefined || b === undefined) return false;
    if (same && a === b) return true;
    return ancestors !== null && holds(state.facts[ancestors], b);
  };
}

function compileRelated(atom: Extract<Atom, { kind: "related" }>): Test {
  const from = compileOperand(atom.from);
  const to = compileOperand(atom.to);
  const { slot } = atom;
  return (state) => {
    const a = from(state);
    const b = to(state);
    const pairs = state.facts[slot] as Pairs | undefined;
    return a !== undefined && b !== undefined && pairs !== undefined && pairs.hasPair(a, b);
  };
}
