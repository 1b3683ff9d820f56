/** A length of time: a whole number and its unit. */
import type { Option, SlotValue } from "@wardline/language-server";
import { useState } from "react";
import { Button } from "react-aria-components";
import { Choice } from "../../../controls/choice.tsx";
import { Field } from "../../../controls/field.tsx";

export interface DurationFormProps {
  readonly label: string;
  readonly units: readonly Option[];
  readonly most: string | null;
  readonly value: string;
  readonly set: (value: SlotValue) => void;
}

export function DurationForm({ label, units, most, value, set }: DurationFormProps) {
  const [, first = "", second = ""] = /^(\d+)(\D+)$/.exec(value) ?? [];
  const [count, setCount] = useState(first);
  const [unit, setUnit] = useState(second === "" ? (units[0]?.id ?? "") : second);
  const [asked, setAsked] = useState(false);
  const problem = /^\d+$/.test(count) ? null : "Write a whole number";
  return (
    <form
      className="picker-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setAsked(true);
        if (problem === null) set(`${Number(count)}${unit}`);
      }}
    >
      <div className="picker-row">
        <Field
          label={label}
          value={count}
          onChange={setCount}
          keys="numeric"
          hint={most === null ? null : `At most ${most}`}
          problem={asked ? problem : null}
          autoFocus
        />
        <Choice
          label="Unit"
          options={units.map(({ id, label: words }) => ({ id, label: words }))}
          chosen={unit}
          choose={setUnit}
        />
      </div>
      <Button type="submit" className="button main">
        Set
      </Button>
    </form>
  );
}
