/** What is asked of the matrix: a question in words, and what is chosen to be shown. */
import type { AccessAxes, AccessSearch } from "@wardline/language-server";
import { useState } from "react";
import { Button, Form, Input, Label, SearchField } from "react-aria-components";
import { Choice, type ChoiceOption } from "../../controls/choice.tsx";
import { onlys, type Filter, type Only } from "./shown.ts";

export interface ToolbarProps {
  readonly axes: AccessAxes;
  readonly filter: Filter;
  readonly setFilter: (filter: Filter) => void;
  readonly asked: string;
  readonly ask: (text: string) => void;
  readonly search: AccessSearch | null;
  readonly download: () => void;
}

const onlyWords: { readonly [Key in Only]: string } = {
  all: "All answers",
  differences: "Where people differ",
  sometimes: "Depends",
  always: "Always",
  never: "Never",
};

export function Toolbar({ axes, filter, setFilter, asked, ask, search, download }: ToolbarProps) {
  const [text, setText] = useState(asked);
  return (
    <>
      <Form
        className="toolbar"
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          ask(text);
        }}
      >
        <SearchField className="field question" value={text} onChange={setText} onClear={() => ask("")}>
          <Label>Ask in words</Label>
          <Input placeholder={exampleOf(axes)} />
        </SearchField>
        <Button type="submit" className="button main">
          Ask
        </Button>
        {asked !== "" && (
          <Button
            className="button"
            onPress={() => {
              setText("");
              ask("");
            }}
          >
            Show everything
          </Button>
        )}
      </Form>
      {search === null ? null : (
        <Understood
          search={search}
          retry={(word, other) => {
            const next = text.replace(word, other);
            setText(next);
            ask(next);
          }}
        />
      )}
      <div className="toolbar">
        {/* What a question says already is not to be chosen beside it. */}
        {search?.who == null && (
          <div className="field">
            <span className="field-label">Who</span>
            <Choice
              label="Who"
              chosen={filter.who}
              options={whoOptions(axes)}
              choose={(who) => setFilter({ ...filter, who })}
            />
          </div>
        )}
        {search === null && (
          <div className="field">
            <span className="field-label">Type</span>
            <Choice
              label="Type"
              chosen={filter.resource ?? ""}
              options={[
                { id: "", label: "All types" },
                ...typesOf(axes).map((type) => ({ id: type, label: type })),
              ]}
              choose={(type) => setFilter({ ...filter, resource: type === "" ? null : type })}
            />
          </div>
        )}
        <div className="field">
          <span className="field-label">Answers</span>
          <Choice
            label="Answers"
            chosen={filter.only}
            options={onlys.map((only) => ({ id: only, label: onlyWords[only] }))}
            choose={(chosen) =>
              setFilter({ ...filter, only: onlys.find((only) => only === chosen) ?? "all" })
            }
          />
        </div>
        <Button className="button" onPress={download}>
          Download as CSV
        </Button>
      </div>
    </>
  );
}

function Understood({
  search,
  retry,
}: {
  readonly search: AccessSearch;
  readonly retry: (word: string, other: string) => void;
}) {
  return (
    <div className="understood" role="status">
      <p>{search.understood}</p>
      {search.unknown.map(({ word, nearest }) => (
        <p key={word}>
          “{word}” names nothing here.{" "}
          {nearest !== null && (
            <Button className="button" onPress={() => retry(word, nearest)}>
              Did you mean {nearest}?
            </Button>
          )}
        </p>
      ))}
    </div>
  );
}

function exampleOf({ columns }: AccessAxes): string {
  const [column] = columns;
  return column === undefined ? "" : `who can ${column.action} ${column.resource}`;
}

function typesOf({ columns }: AccessAxes): readonly string[] {
  return [...new Set(columns.map(({ resource }) => resource))];
}

function whoOptions({ who }: AccessAxes): readonly ChoiceOption[] {
  const unique = (names: readonly string[]) => [...new Set(names)];
  const types = unique(who.map(({ principal }) => principal));
  const roles = unique(who.flatMap(({ role }) => role ?? []));
  return [
    { id: "home", label: "Everybody of this tenant" },
    ...(who.some(({ home }) => !home) ? [{ id: "all", label: "Everybody, other tenants too" }] : []),
    ...types.map((name) => ({ id: `type ${name}`, label: name, section: "Kinds of people and programs" })),
    ...roles.map((name) => ({ id: `role ${name}`, label: name, section: "Roles" })),
  ];
}
