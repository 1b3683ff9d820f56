/**
 * Which facts that a test leaves open its decision depends on. Conditions are evaluated with three values (Kleene's
 * strong logic): what is neither true nor false whatever the open facts are makes the test fail by their names.
 */
import {
  atomHolds,
  slotsOfAtom,
  type Atom,
  type Condition,
  type Entry,
  type Facts,
  type Pass,
  type Program,
  type Rule,
  type Slot,
  type Table,
} from "@wardline/core";

type Truth = boolean | "open";

/** The open slots that decide, in the order of the program; empty if the decision is the same whatever they hold. */
export function openFacts(
  program: Program,
  table: Table,
  facts: Facts,
  open: ReadonlySet<number>,
  isHome: boolean,
): readonly number[] {
  if (open.size === 0) return [];
  const asked = new Set<number>();
  for (const pass of table.passes) askPass(program, pass, facts, open, isHome, asked);
  return [...asked].toSorted((a, b) => a - b);
}

/** As the oracle asks a pass: what can no longer change the decision is not read. */
function askPass(
  program: Program,
  pass: Pass,
  facts: Facts,
  open: ReadonlySet<number>,
  isHome: boolean,
  asked: Set<number>,
): void {
  const read = (condition: number): boolean => {
    const truth = truthOf(program, condition, facts, open);
    if (truth === "open") for (const slot of openIn(program, condition, facts, open)) asked.add(slot);
    return truth === true;
  };
  const ruleOf = (entry: Entry) => program.rules[entry.rule] as Rule;
  const floors = pass.grants.filter((grant) => isHome && ruleOf(grant).kind === "floor");
  const isFloored = floors.filter((floor) => read(floor.when)).length > 0;
  const forbids = pass.forbids.filter((forbid) => read(forbid.when));
  const isForbidden = forbids.some((forbid) => ruleOf(forbid).layer === "platform" || !isFloored);
  if (isForbidden) return;
  const isClosed = forbids.length > 0 || !read(pass.ceiling);
  const others = pass.grants.filter((grant) => {
    const { kind } = ruleOf(grant);
    return kind !== "floor" && isHome === (kind !== "share");
  });
  const grants = isClosed ? [] : others.filter((grant) => read(grant.when));
  if (grants.length === 0 && !isFloored) return;
  for (const entry of [...grants, ...pass.requires.filter((require) => read(require.when))])
    for (const precondition of entry.preconditions ?? []) read(precondition.met);
}

function truthOf(program: Program, index: number, facts: Facts, open: ReadonlySet<number>): Truth {
  const condition = program.conditions[index] as Condition;
  switch (condition.kind) {
    case "constant":
      return condition.value;
    case "atom": {
      const atom = program.atoms[condition.atom] as Atom;
      const isOpen = slotsOfAtom(atom).some((slot) => open.has(slot));
      if (isOpen && !comparesUnchanged(program, atom, open)) return "open";
      return atomHolds(program, atom, facts) !== condition.negated;
    }
    case "and":
    case "or": {
      const absorbing = condition.kind === "or";
      const truths = condition.of.map((child) => truthOf(program, child, facts, open));
      if (truths.includes(absorbing)) return absorbing;
      return truths.includes("open") ? "open" : !absorbing;
    }
  }
}

/**
 * An attribute before an update with itself after it, where a test sets neither: the update leaves it as it is, so
 * that they are equal whatever it is. One and the same value stands in for both.
 */
function comparesUnchanged(program: Program, atom: Atom, open: ReadonlySet<number>): boolean {
  if (atom.kind !== "compare" || atom.left.kind !== "slot" || atom.right.kind !== "slot") return false;
  const [left, right] = [atom.left.slot, atom.right.slot].map((id) => ({
    isOpen: open.has(id),
    source: (program.slots[id] as Slot).source,
  }));
  return (
    left?.isOpen === true &&
    right?.isOpen === true &&
    left.source.from === "row_attribute" &&
    right.source.from === "row_attribute" &&
    left.source.name === right.source.name
  );
}

/** The open slots of the parts of an open condition that keep it open. */
function openIn(program: Program, index: number, facts: Facts, open: ReadonlySet<number>): readonly number[] {
  const condition = program.conditions[index] as Condition;
  switch (condition.kind) {
    case "constant":
      return [];
    case "atom":
      return slotsOfAtom(program.atoms[condition.atom] as Atom).filter((slot) => open.has(slot));
    case "and":
    case "or":
      return condition.of
        .filter((child) => truthOf(program, child, facts, open) === "open")
        .flatMap((child) => openIn(program, child, facts, open));
  }
}
