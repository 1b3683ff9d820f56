/** Several values that are typed, one a line. */
import type { Picker, SlotValue } from "@wardline/language-server";
import { useState } from "react";
import { Button } from "react-aria-components";
import { Field } from "../../../controls/field.tsx";
import { fieldOf } from "./field-kind.ts";

export interface ValuesFormProps {
  readonly label: string;
  readonly of: Picker;
  readonly least: number;
  readonly value: readonly string[];
  readonly set: (value: SlotValue) => void;
}

export function ValuesForm({ label, of, least, value, set }: ValuesFormProps) {
  const [text, setText] = useState(value.join("\n"));
  const [asked, setAsked] = useState(false);
  const values = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const problem = problemOf(of, values, least);
  const written = values.map((line) => writtenIn(of, line));
  const names = written.filter((name, index) => name !== values[index] && name !== "");
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
        lines="many"
        value={text}
        onChange={setText}
        hint={
          names.length === 0 ? "One a line" : `Written as ${names.map((name) => `\`${name}\``).join(", ")}`
        }
        problem={asked ? problem : null}
        autoFocus
      />
      <Button type="submit" className="button main">
        Set
      </Button>
    </form>
  );
}

/** The value that a line stands for. Of names it is written otherwise than it is said. */
const writtenIn = (of: Picker, line: string): string =>
  of.kind === "name" ? fieldOf(of).written(line) : line;

function problemOf(of: Picker, values: readonly string[], least: number): string | null {
  if (values.length < least) return `Write at least ${least === 1 ? "one" : least}`;
  switch (of.kind) {
    case "text":
    case "name":
    case "number":
    case "time":
    case "date":
    case "instant":
    case "address":
    case "uuid":
    case "entity": {
      const { problem } = fieldOf(of);
      const wrong = values.find((line) => problem(line) !== null);
      return wrong === undefined ? null : `${wrong}: ${problem(wrong) ?? ""}`;
    }
    case "one":
    case "many":
    case "who":
    case "reference":
    case "duration":
    case "time_range":
    case "list":
      return null;
  }
}
