/** Takes the question of an address, `#/try?scenario=…`, for the one that is asked. */
import { useLayoutEffect, useState } from "react";
import { onHash } from "../../app/route.ts";
import { scenarioIn } from "../../evidence/try-link.ts";
import { useStudio } from "../../session/use-studio.ts";
import { keepAsked } from "./asked.ts";

/** Counts the questions that came by another address while the screen is shown: it begins anew with each. */
export function useLinkedScenario(): number {
  const { session, chooseTenant } = useStudio();
  const [count, setCount] = useState(0);
  // Before the effects of what asks: it is to find the question there.
  useLayoutEffect(() => {
    const take = (): boolean => {
      const linked = scenarioIn(location.hash);
      if (linked === null || !session.project.tenants.includes(linked.tenant)) return false;
      keepAsked(session, linked.tenant, linked.request);
      chooseTenant(linked.tenant);
      return true;
    };
    take();
    return onHash(() => {
      if (take()) setCount((before) => before + 1);
    });
    // Choosing makes another `chooseTenant`; an address is taken once.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [session]);
  return count;
}
