/** Which constructs of the language a text uses and a program's table asks: how a run knows what it has covered. */
import type { Atom, Operand } from "../ir/atom.ts";
import type { Condition } from "../ir/condition.ts";
import type { Program, Table } from "../ir/program.ts";
import { operandsOf } from "../ir/reads.ts";
import type { Slot } from "../ir/slot.ts";
import type { ValueType } from "../value/type.ts";

const rules = String.raw`(?:permit|forbid|require|ceiling) \w+:`;

/** Constructs by their text. Strings are taken out before, so that no value looks like one. */
const patterns: readonly (readonly [string, RegExp])[] = [
  ["enum", /^enum /m],
  ["two principal types", /^principal [^]*^principal /m],
  ["parent by column", / in .*\w via parent_\w+(?!\w*\()/],
  ["parent by table", / via \w+_in_\w+\(/],
  ["parent by session", / via session/],
  ["reference", /: (?:Branch|Book|Loan|Member|Robot)$/m],
  ["optional reference", /: (?:Branch|Book|Loan|Member|Robot)\?/],
  ["field Bool", /: Bool/],
  ["field Int", /: Int/],
  ["field Decimal", /: Decimal/],
  ["field String", /: String/],
  ["field Instant", /: Instant/],
  ["field Duration", /: Duration/],
  ["field Set<String>", /: Set<String>/],
  ["field Set<enum>", /: Set<(?!String)/],
  ["field Uuid, Ip, Date or Time", /: (?:Uuid|Ip|Date|Time)\b/],
  ["class", / #\w+/],
  ["searchable", / searchable/],
  ["attribute set by the tenant", / tenant$/m],
  ["relation", /^relation /m],
  ["role platform", /^role \w+ platform/m],
  ["role for", /^role \w+ for/m],
  ["model role extends", /^role (?!scout|helper)\w+ extends/m],
  ["tenant role extends", /^role (?:scout|helper) extends/m],
  ["tenant role", /^role (?:scout|helper)/m],
  ["delegate", /^delegate /m],
  ["evidence", /^evidence /m],
  ["group", /^group /m],
  ["let", /^let /m],
  ["ceiling", /^ceiling /m],
  ["platform permit", /^permit look_/m],
  ["platform forbid", /^forbid never_/m],
  ["platform require", /^require must_/m],
  ["tenant permit", /^permit may_/m],
  ["tenant forbid", /^forbid stop_/m],
  ["tenant require", /^require needs_/m],
  ["anyone", new RegExp(`${rules}.*\\banyone to`)],
  ["anyone except", /anyone except/],
  ["who: role", new RegExp(`${rules}(?:.* for)? [a-z_]+(?:, \\w+)* to`)],
  ["who: type", new RegExp(`${rules}.*(?:Member|Robot)(?:, \\w+)* to`)],
  ["act on", / to act on /],
  ["anything", / anything/],
  ["group in a rule", / to (?:.*, )?(?:mutate|look)\b/],
  ["several types", new RegExp(`${rules}.* (?:Branch|Book|Loan), (?:Branch|Book|Loan)`)],
  ["when", /\bwhen /],
  ["two whens", /^ {2}when .*\n(?: {2}(?:with|because).*\n)* {2}when /m],
  ["unless", /\bunless /],
  ["because", /\bbecause /],
  ["trusting", /\btrusting /],
  ["hide", /\bhide\(/],
  ["mask initials", /, initials\)/],
  ["mask partial", /, partial\(/],
  ["mask redact", /, redact\)/],
  ["require field effect", /^require \w+: .*(?:mask|hide)\(/m],
  ["encrypt class", /encrypt\(#/],
  ["encrypt field", /encrypt\(\w/],
  ["reason", /\breason\b(?! from)/],
  ["step_up", /step_up\(\w+\)/],
  ["step_up within", /step_up\(\w+, within/],
  ["==", / == /],
  ["!=", / != /],
  ["<", / < /],
  ["<=", / <= /],
  [">", / > /],
  [">=", / >= /],
  ["and", / and /],
  ["or", / or /],
  ["not", /\bnot (?!in\b|has\b)/],
  ["not has", /\bnot has /],
  ["has", /\bhas /],
  ["??", / \?\? /],
  ["in list", /(?<!not) in \[/],
  ["not in list", / not in \[/],
  ["in hierarchy", /(?:^ {2}(?:when|unless)|^let).*(?<!not) in (?!\[)/m],
  ["not in hierarchy", /(?:^ {2}(?:when|unless)|^let).* not in (?!\[)/m],
  ["contains", /\.contains\(/],
  ["contains_any", /\.contains_any\(/],
  ["contains_all", /\.contains_all\(/],
  ["relation call", /\b(?:minds|follows|pairs_with)\((?!from)/],
  ["entity literal", /\b(?:Branch|Book|Loan|Member|Robot) ""/],
  ["entity in list", /\[(?:Branch|Book|Loan|Member|Robot) ""/],
  ["bare Bool", /(?:when|unless|and|or|not|\() ?\w+\.\w+(?=$|\)| and| or)/m],
  ["now", /\bnow\b/],
  ["roles.contains", /principal\.roles\.contains\(/],
  ["tenant of a row or principal", /\b(?:principal|resource|prior|next)\.tenant\b/],
  ["escape in a string", /\\/],
  ["tenant fact", /\btenant\.\w/],
  ["context fact", /(?:when|unless|let).*\bcontext\.\w/],
  ["principal attribute", /\bprincipal\.\w/],
  ["row attribute", /\bresource\.\w/],
  ["prior", /\bprior\b/],
  ["next", /\bnext\b/],
  ["prior and next together", /\bprior\b.*\bnext\b|\bnext\b.*\bprior\b/],
];

/** All names that {@link constructsOfText} can give. */
export const textConstructs: readonly string[] = patterns.map(([name]) => name);

/** The constructs in the texts of one case. */
export function constructsOfText(...texts: readonly string[]): ReadonlySet<string> {
  // What strings hold must not look like a construct.
  const bare = texts.join("\n").replaceAll(/"(?:[^"\\\r\n]|\\.)*"/g, '""');
  const found = new Set(patterns.filter(([, pattern]) => pattern.test(bare)).map(([name]) => name));
  if (texts.some((text) => text.includes("\\"))) found.add("escape in a string");
  return found;
}

const atomKinds: readonly Atom["kind"][] = [
  "compare",
  "truth",
  "one_of",
  "contains",
  "has",
  "role",
  "within",
  "related",
];

/** All names that {@link constructsOfTable} can give. */
export const decidedConstructs: readonly string[] = [
  ...atomKinds.flatMap((kind) => [kind, `not ${kind}`]),
  ...["eq", "lt", "le", "gt", "ge"].map((op) => `compare ${op}`),
  ...["bool", "int", "decimal", "string", "instant", "duration", "enum", "entity", "uuid"].map(
    (type) => `compare ${type}`,
  ),
  "two slots compared",
  "fallback",
  "within by ancestors",
  "within the same type",
  "constant condition",
  "and",
  "or",
  "two passes",
  "forbid",
  "require",
  "precondition",
  "field effect",
  "duty",
  "ceiling with a condition",
];

/** The constructs that a decision by one table may ask. */
export function constructsOfTable(program: Program, table: Table): ReadonlySet<string> {
  const found = new Set<string>();
  const seen = new Set<number>();
  const visit = (index: number): void => {
    if (seen.has(index)) return;
    seen.add(index);
    const condition = program.conditions[index] as Condition;
    switch (condition.kind) {
      case "constant":
        found.add("constant condition");
        return;
      case "atom": {
        const atom = program.atoms[condition.atom] as Atom;
        found.add(condition.negated ? `not ${atom.kind}` : atom.kind);
        addAtom(found, program, atom);
        return;
      }
      case "and":
      case "or":
        found.add(condition.kind);
        for (const child of condition.of) visit(child);
    }
  };
  if (table.passes.length > 1) found.add("two passes");
  if (table.duties.length > 0) found.add("duty");
  for (const pass of table.passes) {
    visit(pass.ceiling);
    if ((program.conditions[pass.ceiling] as Condition).kind !== "constant")
      found.add("ceiling with a condition");
    if (pass.forbids.length > 0) found.add("forbid");
    if (pass.requires.length > 0) found.add("require");
    for (const entry of [...pass.grants, ...pass.requires])
      if (entry.effects.length > 0) found.add("field effect");
    for (const { preconditions } of pass.requires)
      for (const { met } of preconditions) {
        found.add("precondition");
        visit(met);
      }
    for (const entry of [...pass.forbids, ...pass.grants, ...pass.requires]) visit(entry.when);
  }
  return found;
}

function addAtom(found: Set<string>, program: Program, atom: Atom): void {
  const operands: readonly Operand[] = operandsOf(atom);
  if (operands.some((operand) => operand.kind === "slot" && operand.fallback !== null)) found.add("fallback");
  if (atom.kind === "compare") {
    found.add(`compare ${atom.op}`);
    found.add(`compare ${typeOf(program, atom.left).kind}`);
    if (operands.every((operand) => operand.kind === "slot")) found.add("two slots compared");
  }
  if (atom.kind === "within" && atom.ancestors !== null) found.add("within by ancestors");
  if (atom.kind === "within" && atom.same) found.add("within the same type");
}

function typeOf(program: Program, operand: Operand): ValueType {
  return operand.kind === "constant" ? operand.type : (program.slots[operand.slot] as Slot).type;
}
