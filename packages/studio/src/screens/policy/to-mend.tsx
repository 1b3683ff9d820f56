/** How much there is to mend in the chosen file, and the way to it. */
import { memo } from "react";
import { Button } from "react-aria-components";
import { CheckIcon, WarningIcon } from "../../controls/icons.tsx";
import { mendWords } from "./mend-words.ts";
import { useObserved, useStudio } from "../../session/use-studio.ts";

export const ToMend = memo(function ToMend() {
  const { session, file, diagnostics } = useStudio();
  const failed = useObserved(session.language.failed);
  const found = diagnostics.get(file) ?? [];
  if (failed !== null || !diagnostics.has(file))
    return <p className="to-mend">{failed === null ? "Checking …" : "Not checked"}</p>;
  if (found.length === 0)
    return (
      <p className="to-mend well">
        <CheckIcon />
        Nothing to mend
      </p>
    );
  return (
    <Button
      className="button to-mend"
      onPress={() => document.querySelector<HTMLElement>("#problems")?.focus()}
    >
      <WarningIcon />
      {mendWords(found)}
    </Button>
  );
});
