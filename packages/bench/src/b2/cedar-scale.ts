/** B2 in Cedar's words. */
import { entity, parseCedar, uid, type CedarCall } from "../peers/cedar.ts";
import type { Grant, Question } from "./scale.ts";

/** `name` is used once in a process. */
export const cedarOf = (name: string, grants: readonly Grant[]) =>
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
