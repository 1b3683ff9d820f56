/** How much there is to mend in the chosen file, and the way to it. */
import { Button } from "react-aria-components";
import { CheckIcon, WarningIcon } from "../../controls/icons.tsx";
import { useStudio } from "../../session/use-studio.ts";

export function ToMend() {
  const { file, diagnostics } = useStudio();
  const found = diagnostics.get(file) ?? [];
  // What is only to know, such as a rule without a test, needs no mending.
  const wrong = found.filter(({ severity }) => severity === 1 || severity === 2).length;
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
      {wrong === 0 ? `${found.length} to know` : `${wrong} to mend`}
    </Button>
  );
}
