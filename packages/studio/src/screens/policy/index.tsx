/** The screen *Policy*. */

export function Screen() {
  return (
    <section aria-labelledby="screen-title" className="screen">
      <h1 id="screen-title">Policy</h1>
    </section>
  );
}
