/** B1 with attributes: all ways. */
import { AbilityBuilder, createMongoAbility } from "@casl/ability";
import { AccessControl } from "accesscontrol";
import { compileTexts } from "../ours/compile-texts.ts";
import { engineWays } from "../ours/engine-ways.ts";
import { storeOf } from "../ours/store-ways.ts";
import { makeCasbin } from "../peers/casbin.ts";
import { entity, parseCedar, uid, type CedarCall } from "../peers/cedar.ts";
import { opaWay } from "../peers/opa.ts";
import type { Way, Work } from "../work.ts";
import { abacByHand, abacRequest, abacTexts, makeAbac } from "./abac.ts";
import type { AbacWork, Doc, Question, User } from "./abac.ts";
import { casbinModel, casbinRules, cedarPolicies, regoText } from "./abac-policies.ts";

export async function abacWork(): Promise<Work> {
  const work = makeAbac();
  const { questions } = work;
  const hand: Way = {
    name: "by hand",
    ask: (n) => {
      const { user, action, doc } = questions[n] as Question;
      return abacByHand(user, action, doc);
    },
  };
  const program = compileTexts(abacTexts);
  const requests = questions.map(abacRequest);
  const ours = engineWays(program, requests);
  const opa = opaWay("OPA wasm", { text: regoText, data: {}, inputs: questions });
  return {
    title: "one decision, 9 permits and 1 forbid with attributes",
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
  const { can, cannot, build } = new AbilityBuilder(createMongoAbility);
  const { id: owner, role, dept } = user;
  if (role === "admin") can("manage", "Doc");
  if (role === "editor") {
    can("read", "Doc", { dept });
    can("update", "Doc", { dept, status: "draft" });
  }
  if (role === "viewer") can("read", "Doc", { status: "published" });
  can("read", "Doc", { owner });
  can("update", "Doc", { owner, status: { $ne: "locked" } });
  can("delete", "Doc", { owner, status: "draft" });
  if (role === "manager") {
    can("read", "Doc", { dept });
    can("approve", "Doc", { dept, status: "review" });
  }
  cannot("manage", "Doc", { level: { $gt: user.rank } });
  return build({ detectSubjectType: (doc) => (doc as unknown as Doc).type });
}

function caslWays({ users, questions }: AbacWork): readonly Way[] {
  const abilities = new Map(users.map((user) => [user, abilityOf(user)]));
  return [
    {
      name: "CASL, an ability kept for each user",
      ask: (n) => {
        const { user, action, doc } = questions[n] as Question;
        return (abilities.get(user) as ReturnType<typeof abilityOf>).can(action, doc as never);
      },
    },
    {
      name: "CASL, an ability made for each question",
      ask: (n) => {
        const { user, action, doc } = questions[n] as Question;
        return abilityOf(user).can(action, doc as never);
      },
    },
  ];
}

/** It keeps one condition for each role, action and resource: what several rules grant is joined with `or`. */
function accessControl({ questions }: AbacWork): Way {
  const own = "$.doc.owner == $.user.id";
  const dept = "$.doc.dept == $.user.dept";
  const is = (status: string) => `$.doc.status == "${status}"`;
  const both = (...conditions: readonly string[]) => ({ and: [...conditions] });
  const control = new AccessControl();
  const grant = (role: string, action: string, condition: unknown) =>
    control
      .grant(role)
      .where(condition as never)
      .action(action, "doc", ["*"]);
  const change = both(own, '$.doc.status != "locked"');
  const drop = both(own, is("draft"));
  for (const action of ["read", "update", "delete", "approve"])
    control.grant("admin").action(action, "doc", ["*"]);
  grant("editor", "read", { or: [own, dept] });
  grant("editor", "update", { or: [change, both(dept, is("draft"))] });
  grant("viewer", "read", { or: [own, is("published")] });
  grant("viewer", "update", change);
  grant("manager", "read", { or: [own, dept] });
  grant("manager", "update", change);
  grant("manager", "approve", both(dept, is("review")));
  for (const role of ["editor", "viewer", "manager"]) grant(role, "delete", drop);
  control.require("$.doc.level <= $.user.rank");
  return {
    name: "accesscontrol",
    ask: (n) => {
      const { user, action, doc } = questions[n] as Question;
      return control.can(user.role, { user, doc }).do(action, "doc").granted;
    },
  };
}

async function casbin({ questions }: AbacWork): Promise<Way> {
  const enforcer = await makeCasbin({ model: casbinModel, policies: casbinRules });
  return {
    name: "casbin, rules as expressions",
    ask: (n) => {
      const { user, action, doc } = questions[n] as Question;
      return enforcer.enforceSync(user, doc, action);
    },
  };
}

function cedar({ questions }: AbacWork): Way {
  const ask = parseCedar("b1-abac", cedarPolicies);
  const calls = questions.map(({ user, action, doc }): CedarCall => ({
    principal: uid("User", user.id),
    action: uid("Action", action),
    resource: uid("Doc", doc.id),
    entities: [
      entity("User", user.id, { dept: user.dept, rank: user.rank }, [uid("Role", user.role)]),
      entity(
        "Doc",
        doc.id,
        {
          owner: { __entity: uid("User", doc.owner) },
          dept: doc.dept,
          status: doc.status,
          level: doc.level,
        },
        [],
      ),
    ],
  }));
  return { name: "cedar-wasm, policies parsed before", ask: (n) => ask(calls[n] as CedarCall) };
}
