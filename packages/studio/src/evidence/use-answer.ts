/** An answer of the language server that follows the texts: asked anew with every text and every other question. */
import type { ParamsOf, Refused, ResultOf, WardlineMethod } from "@wardline/language-server";
import { useEffect, useState } from "react";
import { useStudio } from "../session/use-studio.ts";

export interface Answered<Value> {
  /** What was answered last; it stays while the next answer is on its way. Null before the first, and after a refusal. */
  readonly value: Value | null;
  /** Why there is no answer, a sentence; null if there is one. */
  readonly refused: string | null;
  readonly isWaiting: boolean;
}

type Given<Method extends WardlineMethod> = Exclude<ResultOf<Method>, Refused>;

/** `params` null: nothing is asked. */
export function useAnswer<Method extends WardlineMethod>(
  method: Method,
  params: ParamsOf<Method> | null,
): Answered<Given<Method>> {
  const { request, revision } = useStudio();
  const [answered, setAnswered] = useState<Answered<Given<Method>>>(nothing);
  const key = JSON.stringify(params);
  useEffect(() => {
    const asked = JSON.parse(key) as ParamsOf<Method> | null;
    if (asked === null) {
      setAnswered(nothing);
      return undefined;
    }
    let isMeant = true;
    setAnswered((before) => ({ ...before, isWaiting: true }));
    request(method, asked).then(
      (answer) => {
        if (isMeant) setAnswered(read<Method>(answer));
      },
      () => {
        if (isMeant) setAnswered({ value: null, refused: "This could not be answered.", isWaiting: false });
      },
    );
    return () => {
      isMeant = false;
    };
  }, [request, method, key, revision]);
  return answered;
}

const nothing = { value: null, refused: null, isWaiting: false } as const;

function read<Method extends WardlineMethod>(answer: ResultOf<Method>): Answered<Given<Method>> {
  return isRefused(answer)
    ? { value: null, refused: answer.refused, isWaiting: false }
    : { value: answer as Given<Method>, refused: null, isWaiting: false };
}

export function isRefused(answer: object): answer is Refused {
  return "refused" in answer;
}
