/** One of several, behind a button: label, button, list. */
import {
  Button,
  Header,
  ListBox,
  ListBoxItem,
  ListBoxSection,
  Popover,
  Select,
  SelectValue,
} from "react-aria-components";
import { ChevronIcon } from "./icons.tsx";

export interface ChoiceOption {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly section?: string;
}

export interface ChoiceProps {
  /** What it asks; shown to screen readers. */
  readonly label: string;
  readonly options: readonly ChoiceOption[];
  readonly chosen: string | null;
  readonly choose: (id: string) => void;
  /** Without a frame, for a place where it is not the main thing. */
  readonly quiet?: boolean;
}

export function Choice({ label, options, chosen, choose, quiet = false }: ChoiceProps) {
  return (
    <Select
      aria-label={label}
      className={quiet ? "choice quiet" : "choice"}
      value={chosen}
      onChange={(key) => {
        if (key !== null) choose(String(key));
      }}
    >
      <Button className="button">
        <SelectValue className="choice-value">
          {() => options.find(({ id }) => id === chosen)?.label ?? "Choose"}
        </SelectValue>
        <ChevronIcon />
      </Button>
      <Popover className="popover">
        <OptionList options={options} />
      </Popover>
    </Select>
  );
}

/** The options under their headings, in the order in which they come. */
export function OptionList({
  options,
  label,
}: {
  readonly options: readonly ChoiceOption[];
  readonly label?: string;
}) {
  const sections = [...Map.groupBy(options, ({ section }) => section ?? "")];
  return (
    <ListBox className="options" {...(label === undefined ? {} : { "aria-label": label })}>
      {sections.map(([section, inside]) =>
        section === "" ? (
          inside.map((option) => <OptionItem key={option.id} option={option} />)
        ) : (
          <ListBoxSection key={section} id={`section ${section}`}>
            <Header className="options-heading">{section}</Header>
            {inside.map((option) => (
              <OptionItem key={option.id} option={option} />
            ))}
          </ListBoxSection>
        ),
      )}
    </ListBox>
  );
}

function OptionItem({ option }: { readonly option: ChoiceOption }) {
  return (
    <ListBoxItem id={option.id} textValue={option.label} className="option">
      <span className="option-label">{option.label}</span>
      {option.hint !== undefined && <span className="option-hint">{option.hint}</span>}
    </ListBoxItem>
  );
}
