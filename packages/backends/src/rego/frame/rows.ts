/** The part of the text that says which rules count for each row. */
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
