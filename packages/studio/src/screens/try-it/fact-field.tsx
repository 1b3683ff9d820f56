/** One fact with the control that its kind asks for: a switch, a field, a list, or several. What is typed counts when it is left. */
import type { FactPicker } from "@wardline/language-server";
import { useId, useState, type ReactNode } from "react";
import {
  Button,
  Checkbox,
  CheckboxGroup,
  ComboBox,
  Input,
  Label,
  Popover,
  Text,
  TextField,
} from "react-aria-components";
import "./fact-field.css";
import { Choice, OptionList, type ChoiceOption } from "../../controls/choice.tsx";
import { CheckIcon, ChevronIcon } from "../../controls/icons.tsx";

export type FactValue = string | number | boolean | readonly (string | number | boolean)[];

export interface FactFieldProps {
  readonly label: string;
  /** How rules write it, for who knows the language. */
  readonly path?: string;
  readonly documentation: string | null;
  readonly picker: FactPicker;
  readonly optional: boolean;
  readonly value: FactValue | null;
  readonly change: (value: FactValue | null) => void;
}

const nothing = "(nothing)";

export function FactField(props: FactFieldProps) {
  const { picker, optional, value, change, label } = props;
  switch (picker.kind) {
    case "bool":
      return optional ? (
        <Labelled {...props}>
          <Choice
            label={label}
            chosen={value === null ? nothing : String(value)}
            options={[
              { id: nothing, label: "Not said" },
              { id: "true", label: "Yes" },
              { id: "false", label: "No" },
            ]}
            choose={(id) => change(id === nothing ? null : id === "true")}
          />
        </Labelled>
      ) : (
        <div className="fact fact-check">
          <Tick isSelected={value === true} onChange={change}>
            {label}
          </Tick>
          <Help {...props} />
        </div>
      );
    case "number":
      return (
        <Typed {...props} inputMode={picker.scale === 0 ? "numeric" : "decimal"} form={rangeText(picker)} />
      );
    case "text":
      return <Typed {...props} form={picker.form} />;
    case "moment":
      return <Typed {...props} type="datetime-local" form={null} />;
    case "one":
      return picker.free ? (
        <FreeChoice {...props} options={optionsOf(picker)} />
      ) : (
        <Labelled {...props}>
          <Choice
            label={label}
            chosen={value === null ? nothing : String(value)}
            options={[...(optional ? [{ id: nothing, label: "Nothing" }] : []), ...optionsOf(picker)]}
            choose={(id) => change(id === nothing ? null : id)}
          />
        </Labelled>
      );
    case "many":
      return <Several {...props} options={optionsOf(picker)} free={picker.free} />;
  }
}

function optionsOf(picker: Extract<FactPicker, { readonly kind: "one" | "many" }>): readonly ChoiceOption[] {
  return picker.options.map(({ value, label, documentation }) => ({
    id: value,
    label,
    ...(documentation === null ? {} : { hint: documentation }),
  }));
}

function rangeText({ min, max }: Extract<FactPicker, { readonly kind: "number" }>): string | null {
  return min === null || max === null || max > 1e12 ? null : `${min} to ${max}`;
}

function Help({ path, documentation }: Pick<FactFieldProps, "path" | "documentation">) {
  if (documentation === null && path === undefined) return null;
  return (
    <p className="fact-help">
      {documentation}
      {path !== undefined && <code className="fact-path">{path}</code>}
    </p>
  );
}

/** The name of a list that has a name of its own for screen readers. */
function Labelled({
  label,
  path,
  documentation,
  children,
}: FactFieldProps & { readonly children: ReactNode }) {
  return (
    <div className="fact">
      <span className="fact-label" aria-hidden="true">
        {label}
      </span>
      {children}
      <Help {...(path === undefined ? {} : { path })} documentation={documentation} />
    </div>
  );
}

function Tick({
  isSelected,
  onChange,
  value,
  children,
}: {
  readonly isSelected?: boolean;
  readonly onChange?: (selected: boolean) => void;
  readonly value?: string;
  readonly children: ReactNode;
}) {
  return (
    <Checkbox
      className="tick"
      {...(isSelected === undefined ? {} : { isSelected })}
      {...(onChange === undefined ? {} : { onChange })}
      {...(value === undefined ? {} : { value })}
    >
      <span className="tick-box">
        <CheckIcon />
      </span>
      <span>{children}</span>
    </Checkbox>
  );
}

interface TypedProps extends FactFieldProps {
  readonly form: string | null;
  readonly type?: "text" | "datetime-local";
  readonly inputMode?: "numeric" | "decimal";
}

/** A field whose text counts when it is left, or at Enter. */
function Typed({ label, path, documentation, value, change, form, type = "text", inputMode }: TypedProps) {
  const said = value === null ? "" : String(value);
  const [typed, setTyped] = useState({ of: said, text: said });
  const text = typed.of === said ? typed.text : said;
  const commit = () => {
    if (text !== said) change(text === "" ? null : text);
  };
  return (
    <TextField
      className="fact"
      value={text}
      onChange={(next) => setTyped({ of: said, text: next })}
      onBlur={commit}
    >
      <Label className="fact-label">{label}</Label>
      <Input
        className="input"
        type={type}
        {...(inputMode === undefined ? {} : { inputMode })}
        onKeyDown={(event) => {
          if (event.key === "Enter") commit();
        }}
      />
      {(documentation !== null || form !== null || path !== undefined) && (
        <Text slot="description" className="fact-help">
          {[documentation, form].filter((words) => words !== null).join(" · ")}
          {path !== undefined && <code className="fact-path">{path}</code>}
        </Text>
      )}
    </TextField>
  );
}

/** A list in which another text can be written. */
function FreeChoice({
  label,
  path,
  documentation,
  options,
  value,
  change,
  optional,
}: FactFieldProps & { readonly options: readonly ChoiceOption[] }) {
  const said = value === null ? "" : String(value);
  const [typed, setTyped] = useState({ of: said, text: said });
  const text = typed.of === said ? typed.text : said;
  const commit = (next: string) => {
    setTyped({ of: said, text: next });
    if (next !== said && (next !== "" || optional)) change(next === "" ? null : next);
  };
  return (
    <ComboBox
      className="fact"
      allowsCustomValue
      menuTrigger="focus"
      inputValue={text}
      onInputChange={(next) => setTyped({ of: said, text: next })}
      onChange={(key) => {
        if (key !== null) commit(String(key));
      }}
      onBlur={() => commit(text)}
    >
      <Label className="fact-label">{label}</Label>
      <div className="combo">
        <Input className="input" placeholder="Nothing" />
        <Button className="button icon-button">
          <ChevronIcon />
        </Button>
      </div>
      {(documentation !== null || path !== undefined) && (
        <Text slot="description" className="fact-help">
          {documentation}
          {path !== undefined && <code className="fact-path">{path}</code>}
        </Text>
      )}
      <Popover className="popover">
        <OptionList options={options} />
      </Popover>
    </ComboBox>
  );
}

/** Several of a list; where others are fine there is a field to add one. */
function Several({
  label,
  path,
  documentation,
  options,
  free,
  value,
  change,
}: FactFieldProps & { readonly options: readonly ChoiceOption[]; readonly free: boolean }) {
  const chosen = Array.isArray(value) ? (value as readonly (string | number | boolean)[]).map(String) : [];
  const [more, setMore] = useState("");
  const field = useId();
  const known = new Set(options.map(({ id }) => id));
  const others = chosen.filter((one) => !known.has(one)).map((id) => ({ id, label: id }));
  const add = () => {
    if (more.trim() !== "") change([...chosen, more.trim()]);
    setMore("");
  };
  return (
    <div className="fact">
      <CheckboxGroup className="ticks-group" value={[...chosen]} onChange={(next) => change(next)}>
        <Label className="fact-label">{label}</Label>
        {(documentation !== null || path !== undefined) && (
          <Text slot="description" className="fact-help">
            {documentation}
            {path !== undefined && <code className="fact-path">{path}</code>}
          </Text>
        )}
        <div className="ticks">
          {[...options, ...others].map(({ id, label: name }) => (
            <Tick key={id} value={id}>
              {name}
            </Tick>
          ))}
        </div>
      </CheckboxGroup>
      {free && (
        <div className="combo">
          <input
            id={field}
            className="input"
            aria-label={`${label}: another`}
            placeholder="Another"
            value={more}
            onChange={(event) => setMore(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === "Enter") add();
            }}
            onBlur={add}
          />
        </div>
      )}
    </div>
  );
}
