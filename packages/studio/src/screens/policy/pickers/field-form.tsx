/** A value that is typed: one field and a button. */
import type { SlotValue } from "@wardline/language-server";
import { useState } from "react";
import { Button } from "react-aria-components";
import { Field } from "../../../controls/field.tsx";
import type { FieldKind } from "./field-kind.ts";

export interface FieldFormProps {
  readonly label: string;
  readonly field: FieldKind;
  readonly value: string;
  readonly set: (value: SlotValue) => void;
  /** Something else of the picker has the focus first. */
  readonly second?: true;
}

export function FieldForm({ label, field, value, set, second }: FieldFormProps) {
  const [text, setText] = useState(value);
  const [asked, setAsked] = useState(false);
  const problem = field.problem(text);
  const written = field.written(text);
  return (
    <form
      className="picker-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setAsked(true);
        if (problem === null) set(written);
      }}
    >
      <Field
        label={label}
        value={text}
        onChange={setText}
        type={field.type}
        keys={field.keys}
        lines={field.lines}
        hint={written === "" || written === text ? field.hint : `Written as \`${written}\``}
        problem={asked ? problem : null}
        autoFocus={second !== true}
      />
      <Button type="submit" className="button main">
        Set
      </Button>
    </form>
  );
}
