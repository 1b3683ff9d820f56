/** How much there is to mend in the chosen file, and the way to it. */
import { Button } from "react-aria-components";
import { CheckIcon, WarningIcon } from "../../controls/icons.tsx";
import { useStudio } from "../../session/use-studio.ts";

export function ToMend() {
  const { file, diagnostics } = useStudio();
  const count = diagnostics.get(file)?.length ?? 0;
  if (count === 0)
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
      {count} to mend
    </Button>
  );
}
