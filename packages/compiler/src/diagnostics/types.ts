import type { DiagnosticEntry } from "./entry.ts";

/** Findings about expressions: types, rows, guards. */
export const typeDiagnostics = {
  "type/mismatch": {
    severity: "error",
    message: "{left} cannot be compared with {right}",
    help: "compare values of one type",
  },
  "type/no-order": { severity: "error", message: "values of type {type} have no order" },
  "type/not-condition": { severity: "error", message: "{what} is not a condition" },
  "type/not-value": { severity: "error", message: "{what} is not a value" },
  "type/class": {
    severity: "error",
    message: "`#{class}` is a class of fields, and no value",
    help: "name a field, or narrow the rule with `touching #{class}`",
  },
  "type/no-fact": {
    severity: "error",
    message: "this comparison reads no fact",
    help: "one of its sides is a fact, such as `resource.NAME`",
  },
  "type/null": { severity: "error", message: "there is no `{word}`" },
  "type/literal": { severity: "error", message: "{literal} is not a value of type {type}" },
  "type/many-values": {
    severity: "error",
    message: "`{literal}` holds many values, and is not compared",
    help: "ask whether one of them is meant, with `in {literal}`",
  },
  "type/empty-range": {
    severity: "error",
    message: "the range begins and ends at `{end}`, and holds no time",
    note: "a range does not hold its end",
    help: "give it another end; for the whole day leave the condition out",
  },
  "type/missing-attribute": {
    severity: "error",
    message: "`{type}` has no `{name}`, and the rule `{rule}` reaches it",
    help: "narrow the rule by role or type",
  },
  "type/never-matches": {
    severity: "error",
    message: "this can never match: {why}",
    note: "a permit that never matches gives nothing, and a forbid protects nothing",
    help: "compare what can be the same, or leave it out",
  },
  "type/hops": {
    severity: "error",
    message: "`{path}` leads through more than two references",
    note: "each reference is one more row to find for every row of a list",
    help: "put a reference nearer to the row into the model, or ask with `in` or a relation",
  },
  "type/leads-nowhere": {
    severity: "error",
    message: "what `{path}` refers to is not looked up",
    note: "only what the principal, rows and what they refer to is",
    help: "compare `{path}` itself",
  },
  "type/not-stored": {
    severity: "error",
    message: "`{path}` leads to a {type}, whose attributes are not in the database",
    note: "a principal type without `stored in` is known where it asks, and by its id elsewhere",
    help: "compare `{path}` itself, or say in the model where a {type} is stored",
  },
  "type/unguarded": {
    severity: "error",
    message: "`{path}` may be absent",
    note: "no comparison with what is absent has an answer",
    help: "guard it before it is read, with `has {path} and …`, or write `{path} ?? VALUE`",
  },
  "type/set": {
    severity: "error",
    message: "`{path}` is a set, and is not compared",
    help: "use `.contains(…)`",
  },
  "type/not-text": {
    severity: "error",
    message: "`{path}` is of type {type}, and no String",
    help: "`{method}` is asked of a String",
  },
  "type/row-argument": {
    severity: "error",
    message: "`{path}` cannot be the argument of `{method}`",
    note: "a list is one query: what its rows are searched for must be known before they are",
    help: "give a literal, or an attribute of the principal, the context or the tenant",
  },
  "type/not-set": { severity: "error", message: "`{path}` is not a set" },
  "type/empty-list": {
    severity: "error",
    message: "the list is empty",
    help: "name what it holds, or leave the condition out",
  },
  "type/arguments": {
    severity: "error",
    message: "`{name}` takes {expected}, and is given {given}",
    help: "give it {expected}",
  },
  "let/argument": {
    severity: "error",
    message: "only an attribute can be given for `{parameter}`: {problem}",
    help: "give it a path, such as `resource.NAME`",
  },
  "type/row": { severity: "error", message: "there is no `{row}` when {when}", help: "{help}" },
  "type/mixed-rows": {
    severity: "error",
    message: "a rule that says `{row}` may not say `resource`",
    note: "an update is asked of both rows, and `resource` is each of them in turn",
    help: "say `prior` or `next` throughout",
  },
  "type/in": { severity: "error", message: "{what}", help: "{help}" },
  "type/session-parents": {
    severity: "error",
    message: "the parents of `{path}` are not known",
    note: "they come with a principal's session, and are known for the principal alone",
    help: "ask about `principal` itself",
  },
  "type/not-principal": { severity: "error", message: "`{name}` is not a principal type", help: "{help}" },
  "type/own-id": {
    severity: "error",
    message: "`{path}` is compared as `{root}`",
    help: "write `{root}`, which is compared by type and id",
  },
  "type/role-as-condition": { severity: "error", message: "the role `{role}` is not a condition" },
  "type/recursive-let": {
    severity: "error",
    message: "`{name}` is defined by itself: {path}",
    help: "say the condition itself",
  },
  "type/sealed": {
    severity: "error",
    message: "`{path}` is sealed, and a rule cannot read it",
    note: "the database holds only its ciphertext",
    help: "read a field that is not sealed",
  },
  "limit/statements": {
    severity: "error",
    message: "the text has {count} statements; {limit} are allowed",
    help: "join rules that say the same of several roles, actions or types",
  },
  "limit/warnings": {
    severity: "warning",
    message: "there are more than {limit} findings; the rest is left out",
    help: "mend the first ones",
  },
  "limit/expansion": {
    severity: "error",
    message: "with this rule the policy expands to more than {limit} terms",
    help: "say it with fewer or smaller lets",
  },
  "limit/expansion-total": {
    severity: "error",
    message: "with this rule the policy expands to more than {limit} terms over all actions and types",
    help: "say it with fewer or smaller lets, or name the actions and types",
  },
  "limit/nesting": {
    severity: "error",
    message: "the rule's conditions stand more than {limit} deep in one another",
    help: "say it with fewer lets",
  },
  "limit/atoms": {
    severity: "error",
    message: "the rules to {action} `{type}` ask {count} different questions; {limit} are allowed",
    help: "ask for one of several values with `in [..]`, or say it with fewer conditions",
  },
  "limit/exists": {
    severity: "error",
    message: "the rules to {action} `{type}` look into {count} other tables; {limit} are allowed",
    help: "say it with fewer sets, relations and references",
  },
} as const satisfies Record<string, DiagnosticEntry>;
