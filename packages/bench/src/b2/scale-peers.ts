/** B2 in the words of the peers: what is kept between questions. */
import { AbilityBuilder, createMongoAbility } from "@casl/ability";
import { AccessControl } from "accesscontrol";
import { casbinRoles, makeCasbin } from "../peers/casbin.ts";
import { roles, type Grant, type ScaleWork, type User } from "./scale.ts";

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
