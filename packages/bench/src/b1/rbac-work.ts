/** B1, plain roles: all ways. */
import { AbilityBuilder, createMongoAbility } from "@casl/ability";
import { AccessControl } from "accesscontrol";
import { compileTexts } from "../ours/compile-texts.ts";
import { engineWays } from "../ours/engine-ways.ts";
import { storeOf } from "../ours/store-ways.ts";
import { casbinRoles, makeCasbin } from "../peers/casbin.ts";
import { entity, parseCedar, uid, type CedarCall } from "../peers/cedar.ts";
import { opaWay } from "../peers/opa.ts";
import type { Way, Work } from "../work.ts";
import { grants, makeRbac, rbacByHand, rbacRequest, rbacTexts, roles } from "./rbac.ts";
import type { Question, RbacWork, User } from "./rbac.ts";

export async function rbacWork(): Promise<Work> {
  const work = makeRbac();
  const { questions } = work;
  const at = (n: number) => questions[n] as Question;
  const hand: Way = {
    name: "by hand",
    ask: (n) => {
      const { user, action, type } = at(n);
      return rbacByHand(user, action, type);
    },
  };
  const program = compileTexts(rbacTexts);
  const requests = questions.map(rbacRequest);
  const ours = engineWays(program, requests);
  const opa = opaWay("OPA wasm", { text: rego, data, inputs: questions.map(input) });
  return {
    title: "one decision, 10 grants to roles",
    questions: questions.length,
    ways: [
      hand,
      ...storeOf(program, requests),
      ...ours,
      ...caslWays(work),
      accessControl(work),
      await casbin(work),
      ...opa.ways,
      cedar(work),
    ],
    leftOut: opa.leftOut,
  };
}

function abilityOf(user: User) {
  const { can, build } = new AbilityBuilder(createMongoAbility);
  for (const [role, action, type] of grants) if (user.roles.includes(role)) can(action, type);
  return build();
}

function caslWays({ users, questions }: RbacWork): readonly Way[] {
  const abilities = new Map(users.map((user) => [user, abilityOf(user)]));
  return [
    {
      name: "CASL, an ability kept for each user",
      ask: (n) => {
        const { user, action, type } = questions[n] as Question;
        return (abilities.get(user) as ReturnType<typeof abilityOf>).can(action, type);
      },
    },
    {
      name: "CASL, an ability made for each question",
      ask: (n) => {
        const { user, action, type } = questions[n] as Question;
        return abilityOf(user).can(action, type);
      },
    },
  ];
}

function accessControl({ questions }: RbacWork): Way {
  const control = new AccessControl(
    grants.map(([role, action, resource]) => ({ role, resource, action: `${action}:any`, attributes: "*" })),
  );
  for (const role of roles) if (!control.hasRole(role)) control.grant(role);
  return {
    name: "accesscontrol",
    ask: (n) => {
      const { user, action, type } = questions[n] as Question;
      return control.can([...user.roles]).do(action, type).granted;
    },
  };
}

async function casbin({ users, questions }: RbacWork): Promise<Way> {
  const enforcer = await makeCasbin({
    model: casbinRoles,
    policies: grants.map(([role, action, type]) => [role, type, action]),
    groupings: users.flatMap((user) => user.roles.map((role) => [user.id, role])),
  });
  return {
    name: "casbin",
    ask: (n) => {
      const { user, action, type } = questions[n] as Question;
      return enforcer.enforceSync(user.id, type, action);
    },
  };
}

function cedar({ questions }: RbacWork): Way {
  const ask = parseCedar(
    "b1-rbac",
    grants
      .map(
        ([role, action, type]) =>
          `permit(principal in Role::"${role}", action == Action::"${action}", resource is ${type});`,
      )
      .join("\n"),
  );
  const calls = questions.map(({ user, action, type }): CedarCall => ({
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
  }));
  return { name: "cedar-wasm, policies parsed before", ask: (n) => ask(calls[n] as CedarCall) };
}

const rego = `package bench

import rego.v1

default allow := false

allow if {
	some role in input.roles
	some grant in data.grants[role]
	grant.action == input.action
	grant.type == input.type
}
`;

const data = {
  grants: Object.fromEntries(
    roles.map((role) => [
      role,
      grants.filter(([r]) => r === role).map(([, action, type]) => ({ action, type })),
    ]),
  ),
};

const input = ({ user, action, type }: Question) => ({ roles: user.roles, action, type });
