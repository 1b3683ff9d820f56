/** The screen *Artefacts*. */

export function Screen() {
  return (
    <section aria-labelledby="screen-title" className="screen">
      <h1 id="screen-title">Artefacts</h1>
    </section>
  );
}
