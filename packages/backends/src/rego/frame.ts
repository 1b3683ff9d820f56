/** The part of the text that is the same for every policy: the question, and how the answer follows from the rules. */
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

default table := {
	"rows": [],
	"owned": [],
	"rules": [],
	"facts": {"no such question"},
	"masks": {},
	"limits": {},
	"duties": {},
	"fields": [],
	"sealed": [],
}

table := tables[question]`;

/** The answer to requests of one tenant, in the order in which it is found. */
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

/** Which rules count for a row. */
export const rowsText = `# Of each row: the rules that match
matching[row] := {id | some id in table.rules; row in matched[id]} if some row in table.rows

# Of the rules that the question asks: those of a kind, and the platform's
of_kind(kind) := {id | some id in table.rules; kinds[id] == kind}

forbids := of_kind("forbid")

floors := of_kind("floor")

requires := of_kind("require")

platform := {id | some id in table.rules; layers[id] == "platform"}

# What can grant: to principals of the tenant permits and floors, to others shares
grants := of_kind("permit") | floors if at_home

grants := of_kind("share") if not at_home

# The rows that a floor grants
floored contains row if {
	some row in table.rows
	count((matching[row] & floors) & grants) > 0
}

# Of each row: what binds it; what a floor grants, nothing of the tenant takes back
binding[row] := matching[row] if {
	some row in table.rows
	not row in floored
}

binding[row] := matching[row] & platform if some row in floored

# The rows that more than floors can grant: a ceiling holds, and no forbid of the tenant matches
open contains row if {
	some row in table.rows
	row in ceiling
	count((matching[row] & forbids) - platform) == 0
}

# Of each row: what grants it, before limits are looked at
eligible[row] := matching[row] & grants if some row in open

eligible[row] := (matching[row] & floors) & grants if {
	some row in table.rows
	not row in open
}

limited[row] := {id | some id, _ in table.limits[row]} if some row in table.rows

spent[row] := (eligible[row] & exhausted) & limited[row] if some row in table.rows

granting[row] := eligible[row] - spent[row] if some row in table.rows

# Of each row: the rules with a precondition that is not met
wanting[row] := {id | some id in table.rules; some need in unmet[id]; need.row == row} if some row in table.rows

counting[row] := granting[row] - wanting[row] if some row in table.rows

requiring[row] := binding[row] & requires if some row in table.rows

forbidding := union({ids | some row in table.rows; ids := binding[row] & forbids})

granters := union({counting[row] | some row in table.rows})`;

/** What stands in the way of a grant that no forbid forbids. */
export const refusalText = `# The rows that no grant with a draw left grants
refused := {row | some row in table.rows; count(granting[row]) == 0}

ungranted := {row | some row in refused; count(spent[row]) == 0}

# Requires whose limits are exhausted
stopping[row] := (requiring[row] & exhausted) & limited[row] if some row in table.rows

# All rules whose limits stand in the way, and how long each is in it: null where that is not known
wearing := union({spent[row] | some row in refused}) | union({stopping[row] | some row in table.rows})

lasting := {soonest(row) | some row in refused} | {wait_for(id) | some row in table.rows; some id in stopping[row]}

wait_for(id) := object.get(waits, id, null)

known_waits(row) := {wait | some id in spent[row]; wait := wait_for(id); wait != null}

soonest(row) := min(known_waits(row)) if count(known_waits(row)) > 0

soonest(row) := null if count(known_waits(row)) == 0

worn_out := object.union(
	{"outcome": "deny", "rules": in_order(wearing), "obligations": [], "reason": "not_granted"},
	retry,
)

retry := {} if null in lasting

retry := {"retry_after": max(lasting)} if not null in lasting`;

/** In which ways a request that is granted could come to be permitted. */
export const challengeText = `# Rules that ask for something first: requires, and where no grant counts the grants
asking := union({ids | some row in table.rows; ids := requiring[row] & wanting[row]}) | union({granting[row] | some row in table.rows; count(counting[row]) == 0})

challenge := object.union(
	{"outcome": "challenge", "rules": in_order(asking), "obligations": alternatives[0], "reason": null},
	{"alternatives": alternatives | count(alternatives) > 1},
)

# What rules ask for of a row: pairs of a precondition and the place where a rule asks for it
needs(row, ids) := {[need.what, need.at] | some id in ids; some need in unmet[id]; need.row == row}

# Each precondition once, where it stands first
distinct(asked) := {[what, min({need[1] | some need in asked; need[0] == what})] | some what in whats(asked)}

whats(asked) := {need[0] | some need in asked}

# Of each row the ways to be permitted: what the requires ask for, and with it what one of the grants does
ways[row] := minimal([distinct(needs(row, requiring[row]))]) if {
	some row in table.rows
	count(counting[row]) > 0
}

ways[row] := minimal([distinct(needs(row, requiring[row] | {id})) | some id in table.rules; id in granting[row]]) if {
	some row in table.rows
	count(counting[row]) == 0
}

# Of all rows together: one, or two
combined := ways[row] if {
	count(table.rows) == 1
	some row in table.rows
}

combined := minimal([distinct(one | other) |
	some i, row in table.rows
	some k, next_row in table.rows
	i < k
	some one in ways[row]
	some other in ways[next_row]
]) if {
	count(table.rows) == 2
}

alternatives := [[preconditions[need[1]].obligation | some need in sort([[need[1], need[0]] | some need in way])] | some way in combined]

# Without those that ask for no less than another does, of equal ones the first: the fewest first, then by rank, 16 at most
minimal(all) := array.slice([entry[3] | some i, entry in ordered; not i in beaten], 0, 16) if {
	ordered := sort([[count(way), ranks(way), i, way] | some i, way in all])
	asked := [whats(entry[3]) | some entry in ordered]
	met := [union({preconditions[what].implies | some what in whats}) | some whats in asked]
	covers := {[i, k] | some i, more in met; some k, less in asked; i != k; count(less - more) == 0}
	beaten := {pair[0] | some pair in covers; pair[1] < pair[0]} | {pair[0] | some pair in covers; not [pair[1], pair[0]] in covers}
}

ranks(way) := [preconditions[what].rank | some what in sort([what | some what in whats(way)])]`;

/** What a permit obliges to. */
export const obligationsText = `obligations := array.concat(
	array.concat(masks, table.sealed),
	array.concat(array.concat(audits, notices), draws),
)

# Masks are [rung, place on the rung, mask]: the greater, the stricter
shown := [0, 0, {"kind": "show"}]

masks := [masking(field, mask[2]) | some field in table.fields; mask := field_mask(field); mask != shown]

masking(field, mask) := {"type": "hide", "field": field} if mask.kind == "hide"

masking(field, mask) := {"type": "mask", "field": field, "mask": mask} if mask.kind != "hide"

# Of each row the mildest of the grants that count, then the strictest of that and what is required; of all rows the strictest
field_mask(field) := strictest({row_mask(row, field) | some row in table.rows})

row_mask(row, field) := strictest({mildest(masks_of(row, field, counting[row]))} | masks_of(row, field, requiring[row]))

masks_of(row, field, ids) := {object.get(table.masks, [row, id, field], shown) | some id in ids}

# Of masks that show equally much, and not the same, none can be kept by showing: they are at least redacted
strictest(all) := max(all | clash(all))

mildest(all) := max(least | clash(least)) if {
	first := min(all)
	least := {mask | some mask in all; mask[0] == first[0]; mask[1] == first[1]}
}

clash(all) := {[8, 0, {"kind": "redact"}] | some one in all; some other in all; one[0] == other[0]; one[1] == other[1]; one[2] != other[2]}

# Duties are those of the grants that count and of all requires, also where a floor matches
duties := {duty |
	some row in table.rows
	some id in (counting[row] | (matching[row] & requires))
	some duty in object.get(table.duties, [row, id], [])
}

audit_levels := ["decision", "fields", "full"]

audits := [{"type": "audit", "level": audit_levels[highest]} |
	asked := {i | some i, level in audit_levels; some duty in duties; duty == {"type": "audit", "level": level}}
	count(asked) > 0
	highest := max(asked)
]

notices := sort([duty | some duty in duties; duty.type == "notify"])

# Of each row: the rules from whose limits a permit draws; no grant's, if one that counts has none
drawing[row] := requiring[row] if some row in free

drawing[row] := requiring[row] | counting[row] if {
	some row in table.rows
	not row in free
}

free := {row | some row in table.rows; count(counting[row] - limited[row]) > 0}

draws := [limits[0] |
	some id in table.rules
	limits := [limit | some row in table.rows; id in drawing[row]; limit := object.get(table.limits, [row, id], null); limit != null]
	count(limits) > 0
]`;
