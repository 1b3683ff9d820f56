/** A list to choose from, with a search field where it is long. */
import { Autocomplete, Input, ListBox, ListBoxItem, SearchField, useFilter } from "react-aria-components";
import { Collection, Header, ListBoxSection, type Key, type Selection } from "react-aria-components";

export interface PickedOption {
  readonly id: string;
  readonly label: string;
  readonly documentation: string | null;
  readonly section: string | null;
}

export interface OptionPickerProps {
  readonly label: string;
  readonly options: readonly PickedOption[];
  readonly mode: "single" | "multiple";
  readonly chosen: readonly string[];
  /** In the order of the options. */
  readonly choose: (chosen: readonly string[]) => void;
}

/** More than these cannot be looked over at once. */
const manyOptions = 8;

export function OptionPicker(props: OptionPickerProps) {
  const { contains } = useFilter({ sensitivity: "base" });
  if (props.options.length <= manyOptions) return <Options {...props} autoFocus />;
  return (
    <Autocomplete filter={contains}>
      <SearchField className="search" aria-label={`Search: ${props.label}`} autoFocus>
        <Input className="input" placeholder="Search" />
      </SearchField>
      <Options {...props} />
    </Autocomplete>
  );
}

function Options({
  label,
  options,
  mode,
  chosen,
  choose,
  autoFocus,
}: OptionPickerProps & { autoFocus?: boolean }) {
  const sections = [...Map.groupBy(options, ({ section }) => section)];
  const change = (keys: Selection) => {
    const wanted = keys === "all" ? null : keys;
    // What is filtered away stays chosen.
    choose(options.filter(({ id }) => wanted === null || wanted.has(id)).map(({ id }) => id));
  };
  return (
    <ListBox
      className={mode === "multiple" ? "options several" : "options"}
      aria-label={label}
      selectionMode={mode}
      selectionBehavior="toggle"
      disallowEmptySelection={mode === "single"}
      selectedKeys={chosen}
      onSelectionChange={change}
      // With an action a list of which nothing is chosen takes a press for it, and chooses nothing.
      {...(mode === "single" ? { onAction: (key: Key) => choose([String(key)]) } : {})}
      autoFocus={autoFocus === true ? "first" : false}
      renderEmptyState={() => <p className="no-options">Nothing is called so</p>}
    >
      {sections.map(([section, inside]) =>
        section === null ? (
          inside.map((option) => <OneOption key={option.id} option={option} />)
        ) : (
          <ListBoxSection key={section} id={`section ${section}`}>
            <Header className="options-heading">{section}</Header>
            <Collection>
              {inside.map((option) => (
                <OneOption key={option.id} option={option} />
              ))}
            </Collection>
          </ListBoxSection>
        ),
      )}
    </ListBox>
  );
}

function OneOption({ option: { id, label, documentation } }: { readonly option: PickedOption }) {
  return (
    <ListBoxItem id={id} textValue={label} className="option">
      <span>{label}</span>
      {documentation !== null && <span className="option-hint">{documentation}</span>}
    </ListBoxItem>
  );
}
