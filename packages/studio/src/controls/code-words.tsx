/** A sentence with names of the language in it, between backticks: they are set as code. */

export function CodeWords({ text }: { readonly text: string }) {
  return text.split("`").map((words, index) =>
    index % 2 === 0 ? (
      // oxlint-disable-next-line react/no-array-index-key -- the parts of one text
      <span key={index}>{words}</span>
    ) : (
      // oxlint-disable-next-line react/no-array-index-key -- the parts of one text
      <code key={index}>{words}</code>
    ),
  );
}
