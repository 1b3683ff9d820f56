/** One of several: a list that is searched as soon as it is long. Choosing sets the value. */
import type { Option, SlotValue } from "@wardline/language-server";
import { OptionPicker } from "../../../controls/option-picker.tsx";

export interface OneFormProps {
  readonly label: string;
  readonly options: readonly Option[];
  readonly value: string | null;
  readonly set: (value: SlotValue) => void;
}

export function OneForm({ label, options, value, set }: OneFormProps) {
  return (
    <OptionPicker
      label={label}
      options={withValue(options, value)}
      mode="single"
      chosen={value === null ? [] : [value]}
      choose={([first]) => set(first ?? value ?? "")}
    />
  );
}

/** A slot may hold what is in no list. */
function withValue(options: readonly Option[], value: string | null): readonly Option[] {
  if (value === null || value === "" || options.some(({ id }) => id === value)) return options;
  return [{ id: value, label: value, documentation: null, section: null }, ...options];
}
