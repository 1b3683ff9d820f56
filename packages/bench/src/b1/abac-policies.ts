/** The policy of B1 with attributes in the languages of the peers that have one. */

export const cedarPolicies = `
permit(principal in Role::"admin", action, resource is Doc);
permit(principal in Role::"editor", action == Action::"read", resource is Doc)
  when { resource.dept == principal.dept };
permit(principal in Role::"editor", action == Action::"update", resource is Doc)
  when { resource.dept == principal.dept && resource.status == "draft" };
permit(principal in Role::"viewer", action == Action::"read", resource is Doc)
  when { resource.status == "published" };
permit(principal, action == Action::"read", resource is Doc) when { resource.owner == principal };
permit(principal, action == Action::"update", resource is Doc)
  when { resource.owner == principal && resource.status != "locked" };
permit(principal, action == Action::"delete", resource is Doc)
  when { resource.owner == principal && resource.status == "draft" };
permit(principal in Role::"manager", action == Action::"read", resource is Doc)
  when { resource.dept == principal.dept };
permit(principal in Role::"manager", action == Action::"approve", resource is Doc)
  when { resource.dept == principal.dept && resource.status == "review" };
forbid(principal, action, resource is Doc) when { resource.level > principal.rank };
`;

export const casbinModel = `
[request_definition]
r = sub, obj, act
[policy_definition]
p = rule, act, eft
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = (p.act == "*" || r.act == p.act) && eval(p.rule)
`;

const sameDept = "r.obj.dept == r.sub.dept";
const isOwner = "r.obj.owner == r.sub.id";

export const casbinRules: readonly (readonly string[])[] = [
  ['r.sub.role == "admin"', "*", "allow"],
  [`r.sub.role == "editor" && ${sameDept}`, "read", "allow"],
  [`r.sub.role == "editor" && ${sameDept} && r.obj.status == "draft"`, "update", "allow"],
  ['r.sub.role == "viewer" && r.obj.status == "published"', "read", "allow"],
  [isOwner, "read", "allow"],
  [`${isOwner} && r.obj.status != "locked"`, "update", "allow"],
  [`${isOwner} && r.obj.status == "draft"`, "delete", "allow"],
  [`r.sub.role == "manager" && ${sameDept}`, "read", "allow"],
  [`r.sub.role == "manager" && ${sameDept} && r.obj.status == "review"`, "approve", "allow"],
  ["r.obj.level > r.sub.rank", "*", "deny"],
];

export const regoText = `package bench

import rego.v1

default allow := false

allow if {
	permitted
	not forbidden
}

forbidden if input.doc.level > input.user.rank

same_dept if input.doc.dept == input.user.dept

owner if input.doc.owner == input.user.id

permitted if input.user.role == "admin"

permitted if {
	input.action == "read"
	input.user.role in {"editor", "manager"}
	same_dept
}

permitted if {
	input.action == "update"
	input.user.role == "editor"
	same_dept
	input.doc.status == "draft"
}

permitted if {
	input.action == "read"
	input.user.role == "viewer"
	input.doc.status == "published"
}

permitted if {
	input.action == "read"
	owner
}

permitted if {
	input.action == "update"
	owner
	input.doc.status != "locked"
}

permitted if {
	input.action == "delete"
	owner
	input.doc.status == "draft"
}

permitted if {
	input.action == "approve"
	input.user.role == "manager"
	same_dept
	input.doc.status == "review"
}
`;
