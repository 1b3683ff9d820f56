/** What is asked of the policy: the part of the text that finds the question and what is fixed of it. */
/** A request that is no object is an empty one. */
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
