/** The screen *Who can*. */

export function Screen() {
  return (
    <section aria-labelledby="screen-title" className="screen">
      <h1 id="screen-title">Who can</h1>
    </section>
  );
}
