/** B2: all ways, and what each of them keeps between questions. */
import { compileClosures, compileWasm } from "@wardline/backends";
import { loadProgram, serializeProgram } from "@wardline/core";
import { compileTexts } from "../ours/compile-texts.ts";
import { engineWays } from "../ours/engine-ways.ts";
import { storeOf } from "../ours/store-ways.ts";
import { loadModule } from "../peers/opa-module.ts";
import { opaWay } from "../peers/opa.ts";
import { weigh, type Weight } from "../weigh.ts";
import type { Way, Work } from "../work.ts";
import { cedarCall, cedarOf } from "./cedar-scale.ts";
import { opaData, opaInput, scaleRego } from "./opa-scale.ts";
import { abilitiesOf, abilityOf, accessControlOf, casbinOf, grantsByRole } from "./scale-peers.ts";
import { indexByHand, makeScale, scaleRequest, scaleTexts } from "./scale.ts";
import type { Question, ScaleWork } from "./scale.ts";

export async function scaleWork(rules: number): Promise<Work> {
  const work = makeScale(rules);
  const { questions } = work;
  const program = compileTexts(scaleTexts(work));
  const requests = questions.map(scaleRequest);
  const ours = engineWays(program, requests);
  const opa = opaWay("OPA wasm", {
    text: scaleRego,
    data: opaData(work.grants),
    inputs: questions.map(opaInput),
  });
  return {
    title: `one decision, ${rules.toLocaleString("en-US")} grants`,
    questions: questions.length,
    ways: [byHand(work), ...storeOf(program, requests), ...ours, ...(await peerWays(work)), ...opa.ways],
    leftOut: opa.leftOut,
  };
}

/** What is kept for 200 users, each made once. */
export async function scaleWeights(rules: number): Promise<readonly Weight[]> {
  const work = makeScale(rules);
  const program = compileTexts(scaleTexts(work));
  const text = serializeProgram(program);
  const bytes = compileWasm(program);
  const load = () => {
    const loaded = loadProgram(JSON.parse(text) as unknown);
    if ("error" in loaded) throw new Error(loaded.error);
    return compileClosures(loaded.program);
  };
  return [
    await weigh("by hand", () => indexByHand(work)),
    await weigh("Wardline closures, from the IR as JSON", load),
    await weigh("Wardline wasm by OPA's SDK", () => loadModule(bytes)),
    await weigh("CASL, an ability kept for each of 200 users", () => abilitiesOf(work)),
    await weigh("accesscontrol", () => accessControlOf(work)),
    await weigh("casbin", () => casbinOf(work)),
    await weigh("cedar-wasm", () => cedarOf(`b2-weight-${rules}`, work.grants)),
  ];
}

function byHand(work: ScaleWork): Way {
  const { allows, rolesOf } = indexByHand(work);
  const asked = work.questions.map(({ user, action, type }) => ({ held: rolesOf(user), action, type }));
  return {
    name: "by hand, roles as bits",
    ask: (n) => {
      const { held, action, type } = asked[n] as (typeof asked)[number];
      return allows(held, action, type);
    },
  };
}

async function peerWays(work: ScaleWork): Promise<readonly Way[]> {
  const { questions, grants } = work;
  const at = (n: number) => questions[n] as Question;
  const abilities = abilitiesOf(work);
  const byRole = grantsByRole(work);
  const control = accessControlOf(work);
  const enforcer = await casbinOf(work);
  const askCedar = cedarOf(`b2-${grants.length}`, grants);
  const calls = questions.map(cedarCall);
  return [
    {
      name: "CASL, an ability kept for each user",
      ask: (n) => {
        const { user, action, type } = at(n);
        return (abilities.get(user) as ReturnType<typeof abilityOf>).can(action, type);
      },
    },
    {
      name: "CASL, an ability made for each question",
      ask: (n) => {
        const { user, action, type } = at(n);
        return abilityOf(user, byRole).can(action, type);
      },
    },
    {
      name: "accesscontrol",
      ask: (n) => {
        const { user, action, type } = at(n);
        return control.can([...user.roles]).do(action, type).granted;
      },
    },
    {
      name: "casbin",
      ask: (n) => {
        const { user, action, type } = at(n);
        return enforcer.enforceSync(user.id, type, action);
      },
    },
    { name: "cedar-wasm, policies parsed before", ask: (n) => askCedar(calls[n] as (typeof calls)[number]) },
  ];
}
