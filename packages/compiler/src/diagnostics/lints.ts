import type { DiagnosticEntry } from "./entry.ts";

/** Findings of the lint rules: advice about a file set without errors. */
export const lintDiagnostics = {
  "lint/compared-with-bool": {
    severity: "warning",
    message: "a Bool is compared with `true` or `false`",
    help: "write `{plain}`",
  },
  "lint/confusable-names": {
    severity: "warning",
    message: "`{name}` and `{other}` are hard to tell apart",
    help: "give one of them a name that differs in a whole word",
  },
  "lint/constant-condition": {
    severity: "warning",
    message: "this clause {effect}",
    help: "leave it out, or say what was meant",
  },
  "lint/dead-permit": {
    severity: "warning",
    message: "`{other}` forbids all that `{name}` permits",
    help: "narrow the forbid, or leave the permit out",
  },
  "lint/double-negation": {
    severity: "warning",
    message: "two negations are one too many",
    help: "write `{plain}`",
  },
  "lint/duplicate-rule": {
    severity: "warning",
    message: "`{name}` says what `{other}` says",
    help: "leave one of them out",
  },
  "lint/empty-name": {
    severity: "warning",
    message: "the name `{name}` says nothing about the rule",
    note: "it is what decisions, logs and reviews show",
    help: "name what it is for",
  },
  "lint/empty-test": {
    severity: "warning",
    message: "this test expects nothing",
    help: "add an `expect`",
  },
  "lint/forbid-without-because": {
    severity: "warning",
    message: "`{name}` does not say why it forbids",
    note: "whoever is refused is shown the reason",
    help: 'add `because "…"`',
  },
  "lint/granted-to-anyone": {
    severity: "warning",
    message: "anyone may {action} a {type}",
    note: "that takes in roles that come later",
    help: "name the roles that may",
  },
  "lint/list-of-one": { severity: "warning", message: "the list holds one value", help: "write `{plain}`" },
  "lint/redundant-name": {
    severity: "warning",
    message: "`{other}` stands for `{name}` as well",
    help: "leave `{name}` out",
  },
  "lint/redundant-network": {
    severity: "warning",
    message: "this network adds nothing: {why}",
    help: "leave it out, or write the one that was meant",
  },
  "lint/repeated-condition": {
    severity: "warning",
    message: "this condition stands there already",
    help: "leave one of them out",
  },
  "lint/repeated-value": {
    severity: "warning",
    message: "`{value}` stands in the list already",
    help: "leave one of them out",
  },
  "lint/shadowed-rule": {
    severity: "warning",
    message: "`{name}` changes nothing: `{other}` matches wherever it does",
    help: "leave it out, or narrow the other one",
  },
  "lint/uncovered-action": {
    severity: "info",
    message: "no ceiling covers {actions}: nobody can be granted that",
    help: "add a `ceiling` for it, or leave it closed",
  },
  "lint/unguarded-relation": {
    severity: "warning",
    message: "rules trust `{name}`, and its rows are those of `{entity}`, which tenants may write",
    note: "whoever may write such a row can give himself what the relation grants",
    help: "add a `forbid` to the platform's file that says who may not write them",
  },
  "lint/unprotected-class": {
    severity: "warning",
    message: "no rule protects what is tagged `#{name}`",
    help: "mask, hide or encrypt `#{name}` in a rule, or leave the tag out",
  },
  "lint/unsealed-searchable": {
    severity: "warning",
    message: "`{name}` is searchable, and nothing seals it",
    note: "what is not sealed is searched as it stands: the mark changes nothing",
    help: "leave `searchable` out, or seal the field with `require … encrypt`",
  },
  "lint/untested-rule": {
    severity: "info",
    message: "no test expects `{name}` to decide",
    help: "name it after `by` in a test",
  },
  "lint/unused-enum": {
    severity: "warning",
    message: "nothing is of the type `{name}`",
    help: "leave it out, or give a field that type",
  },
  "lint/unused-role": {
    severity: "warning",
    message: "no rule names the role `{name}`",
    help: "name it in a rule, or leave it out",
  },
  "lint/wildcard": {
    severity: "warning",
    message: "`anything` is `{type}` alone here",
    note: "a type that is added later would be reached as well",
    help: "write `{type}`",
  },
} as const satisfies Record<string, DiagnosticEntry>;
