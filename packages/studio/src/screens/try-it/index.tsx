/** The screen *Try it*. */

export function Screen() {
  return (
    <section aria-labelledby="screen-title" className="screen">
      <h1 id="screen-title">Try it</h1>
    </section>
  );
}
