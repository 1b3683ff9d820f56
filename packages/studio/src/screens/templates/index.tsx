/** The screen *Templates*. */

export function Screen() {
  return (
    <section aria-labelledby="screen-title" className="screen">
      <h1 id="screen-title">Templates</h1>
    </section>
  );
}
