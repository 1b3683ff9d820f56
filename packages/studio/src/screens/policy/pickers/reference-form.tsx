/** Who or what is meant: one of those that have a name, or another by its id. */
import type { Option, SlotValue } from "@wardline/language-server";
import { OptionPicker } from "../../../controls/option-picker.tsx";
import { FieldForm } from "./field-form.tsx";
import { fieldOf } from "./field-kind.ts";

export interface ReferenceFormProps {
  readonly label: string;
  readonly entity: string;
  readonly options: readonly Option[];
  readonly value: string;
  readonly set: (value: SlotValue) => void;
}

export function ReferenceForm({ label, entity, options, value, set }: ReferenceFormProps) {
  return (
    <>
      <OptionPicker
        label={label}
        options={options}
        mode="single"
        chosen={options.some(({ id }) => id === value) ? [value] : []}
        choose={([first]) => set(first ?? value)}
      />
      {entity !== "" && (
        <FieldForm
          label={`Or the ${entity} with the id`}
          field={fieldOf({ kind: "entity", entity })}
          value={value.startsWith("=") ? value.slice(1) : ""}
          set={(id) => set(`=${String(id)}`)}
          second
        />
      )}
    </>
  );
}
