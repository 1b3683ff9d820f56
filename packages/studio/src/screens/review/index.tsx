/** The screen *Review*. */

export function Screen() {
  return (
    <section aria-labelledby="screen-title" className="screen">
      <h1 id="screen-title">Review</h1>
    </section>
  );
}
