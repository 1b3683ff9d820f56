/** The question that is asked, and its answer; both anew with every text and every choice. Choices are taken one after another. */
import type { RequestDocument } from "@wardline/core";
import type { Scenario, ScenarioChange, TriedRole, TryAnswer } from "@wardline/language-server";
import { useCallback, useEffect, useRef, useState } from "react";
import { useStudio } from "../../session/use-studio.ts";
import { askedOf, keepAsked } from "./asked.ts";

export interface Answered {
  readonly scenario: Scenario;
  readonly answer: TryAnswer;
  readonly roles: readonly TriedRole[];
}

export interface Trial {
  /** What was answered last; null until something was. */
  readonly shown: Answered | null;
  /** Why nothing can be asked, or why the last choice was not taken. */
  readonly refused: string | null;
  readonly choose: (change: ScenarioChange) => void;
  /** Asks another request. */
  readonly ask: (request: RequestDocument) => void;
}

export function useTrial(tenant: string | null): Trial {
  const { session, request, revision, announce } = useStudio();
  const [shown, setShown] = useState<Answered | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const queue = useRef(Promise.resolve());
  const newest = useRef(0);
  const run = useCallback(
    (change: ScenarioChange | null, other: RequestDocument | null, told: boolean) => {
      newest.current += 1;
      const mine = newest.current;
      const next = async () => {
        if (tenant === null) return;
        const known = other ?? askedOf(session, tenant);
        const scenario = await request("wardline/scenario", {
          tenant,
          ...(known === null ? {} : { request: known }),
          ...(change === null ? {} : { change }),
        });
        if ("refused" in scenario) {
          setRefused(scenario.refused);
          if (change === null) setShown(null);
          if (told) announce(scenario.refused);
          return;
        }
        keepAsked(session, tenant, scenario.request);
        // Whoever chooses on has no use for this answer.
        if (mine !== newest.current) return;
        const params = { tenant, request: scenario.request };
        const [answer, roles] = await Promise.all([
          request("wardline/try", params),
          request("wardline/tryRoles", params),
        ]);
        if ("refused" in answer || "refused" in roles) {
          setRefused("refused" in answer ? answer.refused : null);
          return;
        }
        setRefused(null);
        setShown({ scenario, answer, roles });
        if (told) announce(`${answer.verdict}. ${answer.sentence}`);
      };
      queue.current = queue.current.then(next).catch((error: unknown) => setRefused(String(error)));
    },
    [session, request, tenant, announce],
  );
  useEffect(() => run(null, null, false), [run, revision]);
  return {
    shown,
    refused,
    choose: (change) => run(change, null, true),
    ask: (other) => run(null, other, true),
  };
}
