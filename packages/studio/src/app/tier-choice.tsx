/** Basic or advanced: how much the studio shows. */
import { ToggleButton, ToggleButtonGroup } from "react-aria-components";
import { tiers, type Tier } from "../session/preferences.ts";

const words: { readonly [Name in Tier]: string } = { basic: "Basic", advanced: "Advanced" };

export interface TierChoiceProps {
  readonly tier: Tier;
  readonly choose: (tier: Tier) => void;
}

export function TierChoice({ tier, choose }: TierChoiceProps) {
  return (
    <ToggleButtonGroup
      className="toggles"
      aria-label="How much to show"
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[tier]}
      onSelectionChange={([key]) => {
        const next = tiers.find((name) => name === key);
        if (next !== undefined) choose(next);
      }}
    >
      {tiers.map((name) => (
        <ToggleButton key={name} id={name} className="toggle">
          {words[name]}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}
