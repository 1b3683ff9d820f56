/** The part of the text that is the same for every policy: the question, and how the answer follows from the rules. */
import { maxPartial } from "@wardline/core";
import { term } from "./text.ts";

/** What is asked. A request that is no object is an empty one. */
export const questionText = `default request := {}

request := input if is_object(input)

default question := ""

question := concat(" ", [principal, action, resource]) if {
	principal := object.get(request, ["principal", "type"], null)
	is_string(principal)
	action := object.get(request, ["action", "name"], null)
	is_string(action)
	resource := object.get(request, ["resource", "type"], null)
	is_string(resource)
}

default table := {"rows": [], "facts": {"no such question"}, "masks": {}, "fields": [], "duties": []}

table := tables[question]`;

/** The answer, from the sets that the rules are, for requests of one tenant. */
export const answerText = (tenant: string): string => `# The same document as every other artefact gives
decision := denied("invalid_input") if {
	not valid
} else := denied("out_of_scope") if {
	not in_scope
} else := {"outcome": "deny", "rules": forbidding, "obligations": [], "reason": "forbidden"} if {
	count(forbidding) > 0
} else := denied("not_granted") if {
	not granted
} else := {"outcome": "challenge", "rules": asking, "obligations": asked_for, "reason": null} if {
	count(unmet) > 0
} else := {"outcome": "permit", "rules": granting, "obligations": effects, "reason": null}

default allow := false

allow if decision.outcome == "permit"

denied(reason) := {"outcome": "deny", "rules": [], "obligations": [], "reason": reason}

default valid := false

valid if count(table.facts - accepted) == 0

tenant := object.get(request, ["tenant", "id"], null)

default in_scope := false

in_scope if {
	tenant == ${term(tenant)}
	every row in table.rows {
		object.get(request, [row, "tenant"], null) == tenant
	}
}

default at_home := false

at_home if object.get(request, ["principal", "tenant"], null) == tenant

forbidding := [id | some id in forbids; count(matched[id]) > 0]

granting := [id | some id in permits; count(matched[id]) > 0]

default granted := false

granted if {
	at_home
	every row in table.rows {
		row in ceiling
		count(granting_for(row)) > 0
	}
}

granting_for(row) := {id | some id in permits; row in matched[id]}

requiring_for(row) := {id | some id in requires; row in matched[id]}

asking := [id | some index, id in rules; index in {entry[0] | some entry in unmet}]

unmet_obligations := [entry[3] | some entry in sort(unmet)]

# Each once, where it first occurs
asked_for := [obligation |
	some index, obligation in unmet_obligations
	not obligation in array.slice(unmet_obligations, 0, index)
]

effects := array.concat(
	[field_obligation(field, step) | some field in table.fields; step := strictest(field); step > 0],
	table.duties,
)

# Per row the mildest mask of what grants, then the strictest of that and what is required; of all rows the strictest
strictest(field) := max({step | some row in table.rows; step := max({granted_step(row, field), required_step(row, field)})})

granted_step(row, field) := min({step | some id in granting_for(row); step := mask_step(id, row, field)})

required_step(row, field) := max({0} | {step | some id in requiring_for(row); step := mask_step(id, row, field)})

mask_step(id, row, field) := object.get(table.masks, [id, row, field], 0)

field_obligation(field, step) := {"type": "hide", "field": field} if {
	step == 101
} else := {"type": "mask", "field": field, "mask": {"kind": "redact"}} if {
	step == 100
} else := {"type": "mask", "field": field, "mask": {"kind": "initials"}} if {
	step == 1
} else := {"type": "mask", "field": field, "mask": {"kind": "partial", "last": ${2 + maxPartial} - step}}`;
