/** A test: its title can be changed; what it sets and expects is told, and edited as text or by trying it anew. */
import type { Datum, Expect, Given, Subject, TestPart, TestStatement } from "@wardline/compiler";
import { quoted } from "../condition/value.ts";
import { listed, plain } from "../../plain-words.ts";
import type { StatementPlace } from "../rule/rule-card.ts";
import { refuse } from "../text/change.ts";

export function addTest({ ctx, draft }: StatementPlace, { title, titleSpan, parts }: TestStatement): void {
  const { start, end } = titleSpan;
  const slot = draft.slot({
    id: "title",
    label: "What is tested",
    shown: `“${title}”`,
    picker: { kind: "text", lines: "one", least: 1 },
    value: title,
    start,
    end,
    set: (value) => {
      const text = typeof value === "string" ? quoted(value, 1) : refuse("Give one text.");
      return typeof text === "string" ? [{ start, end, text }] : text;
    },
  });
  draft.part({ id: "head", kind: "head" }, ["It is tested that", slot]);
  for (const [at, part] of parts.entries())
    draft.part({ id: `step-${at}`, kind: "step", depth: 1 }, [told(ctx.text, part)]);
}

function told(text: string, part: TestPart): string {
  switch (part.kind) {
    case "let":
      return `${plain(part.name.text)} is ${datum(part.value)}`;
    case "given":
      return `given ${given(part.given)}`;
    case "expect":
      return expected(text, part.expect);
  }
}

function datum(value: Datum): string {
  switch (value.kind) {
    case "name":
      return plain(value.name.text);
    case "literal":
      return value.text;
    case "data":
      return listed(
        value.of.map((one) => datum(one)),
        "and",
      );
    case "instance": {
      const fields = value.fields.map((field) => `${plain(field.key.text)} ${datum(field.value)}`);
      const called = value.id === null ? "" : ` “${value.id}”`;
      return `${article(value.entity.text)} ${value.entity.text}${called}${fields.length === 0 ? "" : ` with ${listed(fields, "and")}`}`;
    }
  }
}

const article = (noun: string): string => (/^[AEIO]/.test(noun) ? "an" : "a");

const subject = (who: Subject): string => datum(who);

function given(fact: Given): string {
  switch (fact.kind) {
    case "facts": {
      const owner = fact.of === "context" ? "the request's" : "the organisation's";
      return listed(
        fact.values.map(({ key, value }) => `${owner} ${plain(key.text)} ${datum(value)}`),
        "and",
      );
    }
    case "now":
      return `the time ${fact.text}`;
    case "relation":
      return `${subject(fact.from)} ${plain(fact.name.text)} ${subject(fact.to)}`;
  }
}

const outcomes = { permit: "may", deny: "may not", challenge: "is first asked for something to" };

function expected(text: string, expect: Expect): string {
  const who = subject(expect.principal);
  const action = plain(expect.action.text);
  if (expect.kind === "list") {
    const over = listed(
      expect.over.map((one) => datum(one)),
      "and",
    );
    const gives =
      expect.gives.length === 0
        ? "nothing"
        : listed(
            expect.gives.map((one) => datum(one)),
            "and",
          );
    return `of ${over}, ${who} to ${action} ${expect.entity.text} sees ${gives}`;
  }
  const by =
    expect.by === null
      ? ""
      : `, by ${listed(
          expect.by.map((name) => plain(name.text)),
          "and",
        )}`;
  const as = expect.as === null ? "" : `, as ${plain(expect.as.text)}`;
  const effects = (expect.with ?? []).map(({ span }) => text.slice(span.start, span.end));
  const beside = effects.length === 0 ? "" : `, with ${listed(effects, "and")}`;
  const becomes = (expect.becomes ?? []).map(({ key, value }) => `${plain(key.text)} ${datum(value)}`);
  const to = becomes.length === 0 ? "" : ` to ${listed(becomes, "and")}`;
  return `${who} ${outcomes[expect.outcome]} ${action} ${subject(expect.resource)}${to}${by}${as}${beside}`;
}
