/** What opens above a word of a card: the picker that its kind asks for. */
import type { Picker, SlotValue } from "@wardline/language-server";
import { optionsIn, useCardList } from "../card-list-context.ts";
import { DurationForm } from "./duration-form.tsx";
import { FieldForm } from "./field-form.tsx";
import { fieldOf } from "./field-kind.ts";
import { ManyForm } from "./many-form.tsx";
import { OneForm } from "./one-form.tsx";
import { ReferenceForm } from "./reference-form.tsx";
import { TimeRangeForm } from "./time-range-form.tsx";
import { ValuesForm } from "./values-form.tsx";
import { WhoForm } from "./who-form.tsx";

export interface PickerFormProps {
  /** What is asked. */
  readonly label: string;
  readonly picker: Picker;
  readonly value: SlotValue;
  readonly set: (value: SlotValue) => void;
}

export function PickerForm({ label, picker, value, set }: PickerFormProps) {
  const list = useCardList();
  const text = typeof value === "string" ? value : (value[0] ?? "");
  const items = typeof value === "string" ? [value] : value;
  switch (picker.kind) {
    case "one":
      return <OneForm label={label} options={optionsIn(list, picker.options)} value={text} set={set} />;
    case "many":
      return (
        <ManyForm
          label={label}
          options={optionsIn(list, picker.options)}
          all={picker.all}
          least={picker.least}
          value={items}
          set={set}
        />
      );
    case "who":
      return (
        <WhoForm
          label={label}
          options={optionsIn(list, picker.options)}
          except={optionsIn(list, picker.except)}
          value={items}
          set={set}
        />
      );
    case "reference":
      return (
        <ReferenceForm
          label={label}
          entity={picker.entity}
          options={optionsIn(list, picker.options)}
          value={text}
          set={set}
        />
      );
    case "duration":
      return (
        <DurationForm
          label={label}
          units={optionsIn(list, picker.units)}
          most={picker.most}
          value={text}
          set={set}
        />
      );
    case "time_range":
      return <TimeRangeForm label={label} value={text} set={set} />;
    case "list":
      if (picker.of.kind === "one")
        return (
          <ManyForm
            label={label}
            options={optionsIn(list, picker.of.options)}
            all={null}
            least={picker.least}
            value={items}
            set={set}
          />
        );
      return <ValuesForm label={label} of={picker.of} least={picker.least} value={items} set={set} />;
    case "text":
    case "name":
    case "number":
    case "time":
    case "date":
    case "instant":
    case "address":
    case "uuid":
    case "entity":
      return <FieldForm label={label} field={fieldOf(picker)} value={text} set={set} />;
  }
}
