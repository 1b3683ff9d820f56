/** Some of several, or everything. */
import type { Option, SlotValue } from "@wardline/language-server";
import { useState } from "react";
import { Button, Switch } from "react-aria-components";
import { OptionPicker } from "../../../controls/option-picker.tsx";

export interface ManyFormProps {
  readonly label: string;
  readonly options: readonly Option[];
  readonly all: Option | null;
  readonly least: number;
  readonly value: readonly string[];
  readonly set: (value: SlotValue) => void;
}

export function ManyForm({ label, options, all, least, value, set }: ManyFormProps) {
  const [chosen, setChosen] = useState(value);
  const everything = all !== null && chosen.includes(all.id);
  const offered = options.filter(({ id }) => id !== all?.id);
  const strange = value
    .filter((id) => id !== all?.id && !offered.some((option) => option.id === id))
    .map((id) => ({ id, label: id, documentation: null, section: null }));
  const few = !everything && chosen.length < least;
  return (
    <div className="picker-form">
      {all !== null && (
        <Switch
          className="switch"
          isSelected={everything}
          onChange={(on) => setChosen(on ? [all.id] : value.filter((id) => id !== all.id))}
        >
          <span className="switch-track" aria-hidden="true" />
          {all.label}
        </Switch>
      )}
      {!everything && (
        <OptionPicker
          label={label}
          options={[...strange, ...offered]}
          mode="multiple"
          chosen={chosen}
          choose={(next) => setChosen(keepOrder(chosen, next))}
        />
      )}
      <div className="picker-foot">
        {few && <p className="field-hint">Choose at least {least === 1 ? "one" : least}</p>}
        <Button className="button main" isDisabled={few} onPress={() => set(chosen)}>
          Set
        </Button>
      </div>
    </div>
  );
}

/** What was chosen stays where it stood; what is new comes after. */
export function keepOrder(before: readonly string[], next: readonly string[]): readonly string[] {
  return [...before.filter((id) => next.includes(id)), ...next.filter((id) => !before.includes(id))];
}
