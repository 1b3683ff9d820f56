/** A labelled field with a hint and what is wrong with it. */
import { FieldError, Input, Label, Text, TextArea, TextField } from "react-aria-components";
import type { FocusEvent } from "react";
import { CodeWords } from "./code-words.tsx";

export interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly type?: "text" | "time" | "date";
  readonly keys?: "text" | "decimal" | "numeric";
  readonly lines?: "one" | "many";
  /** Names of the language stand between backticks. */
  readonly hint?: string | null;
  readonly problem?: string | null;
  readonly autoFocus?: boolean;
}

const selectAll = ({ target }: FocusEvent<HTMLInputElement>) => target.select();

export function Field(props: FieldProps) {
  const {
    label,
    value,
    onChange,
    type = "text",
    keys = "text",
    lines = "one",
    hint,
    problem,
    autoFocus,
  } = props;
  const wrong = problem !== null && problem !== undefined;
  return (
    <TextField
      className="field"
      value={value}
      onChange={onChange}
      type={type}
      inputMode={keys}
      isInvalid={wrong}
      validationBehavior="aria"
      autoFocus={autoFocus === true}
    >
      <Label>{label}</Label>
      {lines === "many" ? (
        <TextArea className="input" rows={4} />
      ) : (
        // What stands there is mostly written anew: the first letter takes its place.
        <Input className="input" {...(autoFocus === true ? { onFocus: selectAll } : {})} />
      )}
      {hint !== null && hint !== undefined && (
        <Text slot="description" className="field-hint">
          <CodeWords text={hint} />
        </Text>
      )}
      {wrong && (
        <FieldError className="field-problem">
          <CodeWords text={problem} />
        </FieldError>
      )}
    </TextField>
  );
}
