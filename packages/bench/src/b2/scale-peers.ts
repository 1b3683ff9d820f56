/** B2 in the words of the peers: what is kept between questions. */
import { AbilityBuilder, createMongoAbility } from "@casl/ability";
import { AccessControl } from "accesscontrol";
import { casbinRoles, makeCasbin } from "../peers/casbin.ts";
import { entity, parseCedar, uid, type CedarCall } from "../peers/cedar.ts";
import { roles, type Grant, type Question, type ScaleWork, type User } from "./scale.ts";

export type GrantsByRole = ReadonlyMap<string, readonly Grant[]>;

export const grantsByRole = ({ grants }: ScaleWork): GrantsByRole => Map.groupBy(grants, ({ role }) => role);

export function abilityOf(user: User, byRole: GrantsByRole) {
  const { can, build } = new AbilityBuilder(createMongoAbility);
  for (const role of user.roles) for (const { action, type } of byRole.get(role) ?? []) can(action, type);
  return build();
}

/** Its index is made when it is first asked. */
export function abilitiesOf(work: ScaleWork) {
  const byRole = grantsByRole(work);
  return new Map(
    work.users.map((user) => {
      const ability = abilityOf(user, byRole);
      ability.can("read", "T0");
      return [user, ability];
    }),
  );
}

export function accessControlOf({ grants }: ScaleWork): AccessControl {
  const control = new AccessControl(
    grants.map(({ role, action, type }) => ({
      role,
      resource: type,
      action: `${action}:any`,
      attributes: "*",
    })),
  );
  for (const role of roles) if (!control.hasRole(role)) control.grant(role);
  return control;
}

export const casbinOf = ({ grants, users }: ScaleWork) =>
  makeCasbin({
    model: casbinRoles,
    policies: grants.map(({ role, action, type }) => [role, type, action]),
    groupings: users.flatMap((user) => user.roles.map((role) => [user.id, role])),
  });

/** `name` is used once in a process. */
export const cedarOf = (name: string, { grants }: ScaleWork) =>
  parseCedar(
    name,
    grants
      .map(
        ({ role, action, type }) =>
          `permit(principal in Role::"${role}", action == Action::"${action}", resource is ${type});`,
      )
      .join("\n"),
  );

export const cedarCall = ({ user, action, type }: Question): CedarCall => ({
  principal: uid("User", user.id),
  action: uid("Action", action),
  resource: uid(type, "x"),
  entities: [
    entity(
      "User",
      user.id,
      {},
      user.roles.map((role) => uid("Role", role)),
    ),
  ],
});

export const scaleRego = `package bench

import rego.v1

default allow := false

allow if {
	some role in input.roles
	input.action in data.grants[role][input.type]
}
`;

/** Role, then type, then actions. */
export function opaData(work: ScaleWork): object {
  const byRole = [...grantsByRole(work)].map(([role, grants]): [string, object] => {
    const byType = Map.groupBy(grants, ({ type }) => type);
    return [role, Object.fromEntries([...byType].map(([type, own]) => [type, own.map((g) => g.action)]))];
  });
  return { grants: Object.fromEntries(byRole) };
}

export const opaInput = ({ user, action, type }: Question) => ({ roles: user.roles, action, type });
