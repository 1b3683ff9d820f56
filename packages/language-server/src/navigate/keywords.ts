/** What each word of the language does, in a sentence or two: what a reader sees who points at it. */
import type { statementWords } from "@wardline/compiler";

type StatementWord = (typeof statementWords)[number];

export const statementMeanings: { readonly [Word in StatementWord]: string } = {
  permit: "Allows what matches, as far as no `forbid` matches and the platform's ceilings hold.",
  forbid: "Refuses what matches, whatever permits it.",
  require:
    "Adds obligations to whatever matches: fields that are masked, a second factor, a limit, a record.",
  ceiling: "The most that tenants may grant. What no ceiling holds of is closed; without any all is open.",
  floor: "What is granted whatever a tenant says. A tenant's rules add duties to it and nothing else.",
  share: "Grants something to principals of another tenant; only a share can.",
  assert: "Says what must never, or must always, hold of the policy. It is checked and changes nothing.",
  role: "Declares roles, and who can have them.",
  let: "Gives a condition a name, for use in rules.",
  settings:
    "What holds for a tenant at all times: time zone, sessions, keys, retention, isolation, features.",
  use: "Takes the rules of a pack into this file, with arguments for its parameters.",
  test: "A case and what is expected of it. Tests are run by `wardline test`.",
  parameter: "What a pack is given where it is used.",
  enum: "Declares a type that has one of these values.",
  tenant:
    "Before braces: facts about a tenant, set by the application. In a condition: the tenant of the request.",
  context: "Before braces: facts that come with a request. In a condition: those facts.",
  entity: "Declares a type of rows, its fields, and the table that holds them.",
  principal: "Declares a type of those who ask. In a condition: the one who asks.",
  delegate: "Lets tenants assign these roles. A guardrail that reads such a role must say that it trusts it.",
  evidence: "Names the facts that show that a precondition is met.",
  relation: "Declares who is what of which row, and the table that holds it.",
  action: "Declares what can be done, and to what.",
  group: "Gives several actions one name.",
};

export const wordMeanings: Readonly<Record<string, string>> = {
  when: "The rule applies only where this holds. With several all must hold.",
  unless: "The rule does not apply where this holds.",
  with: "The obligations of what is granted here.",
  because: "The reason that is given to whom the rule refuses.",
  trusting: "Names the facts that tenants set and that this guardrail goes by all the same.",
  anyone: "Every principal, of every type.",
  anything: "Every type that the actions are on.",
  act: "`act on` is every action.",
  resource: "The row that is asked for. In an `update` it is the row as it is and as it would be.",
  prior: "The row as it is, in an update or a delete.",
  next: "The row as it would be stored, in a create or an update.",
  clock: "The time in the tenant's time zone: `clock.time`, `clock.hour`, `clock.weekday`.",
  now: "The moment of the request, one for all of it.",
  has: "True where the value is there. It is the only way to ask; what is absent makes every comparison false.",
  in: "One of a list, inside of a range or network, or below in a hierarchy, itself included.",
  and: "Both hold. What the left shows to be there may be read on the right.",
  or: "One of both holds. Beside `and` it wants parentheses.",
  not: "Does not hold.",
  touching: "Only types that have a field of the class.",
  except: "All but these.",
  never: "No request may be so.",
  always: "Every request that matches must be so.",
  shared: "The table has no tenant: all tenants' principals read it as far as rules permit.",
  stored: "The table that holds the rows.",
  via: "Where a link is kept: a column, a table with two columns, or the session.",
  searchable: "The field can be looked up by its whole value where it is sealed.",
  extends: "Who has this role has those too.",
  expect: "What must come of a question in a test.",
  given: "What holds in the questions that follow.",
};
