/** The part of the text that is the decision: each answer in the order in which it is found. A permit is said last. */
import { term } from "../text.ts";

/** The answer to requests of one tenant. */
export const answerText = (tenant: string): string => `# The same document as every other artefact gives
decision := denied("invalid_input") if {
	not valid
} else := denied("out_of_scope") if {
	not in_scope
} else := {"outcome": "deny", "rules": in_order(forbidding), "obligations": [], "reason": "forbidden"} if {
	count(forbidding) > 0
} else := denied("not_granted") if {
	count(ungranted) > 0
} else := worn_out if {
	count(wearing) > 0
} else := challenge if {
	count(asking) > 0
} else := {"outcome": "permit", "rules": in_order(granters), "obligations": obligations, "reason": null} if {
	# Said once more: what is not known stands in the way too
	count(forbidding) == 0
	count(ungranted) == 0
	count(wearing) == 0
	count(asking) == 0
	count(granters) > 0
} else := denied("not_granted")

default allow := false

allow if decision.outcome == "permit"

denied(reason) := {"outcome": "deny", "rules": [], "obligations": [], "reason": reason}

in_order(ids) := [id | some id in table.rules; id in ids]

default valid := false

valid if {
	every fact in table.facts {
		accepted[fact]
	}
}

tenant := object.get(request, ["tenant", "id"], null)

default in_scope := false

in_scope if {
	tenant == ${term(tenant)}
	every row in table.owned {
		object.get(request, [row, "tenant"], null) == tenant
	}
}

default at_home := false

at_home if object.get(request, ["principal", "tenant"], null) == tenant`;
