/** Short texts that are repeated to make a hostile one: signs, halves of statements, what is nearly right. */

// Separated by `¦`, with line feeds, carriage returns and other characters as escapes.
const written = [
  String.raw`*¦a *¦to * ¦when a * b\n¦$¦{¦(¦}¦)¦[¦"¦"\n¦'¦/*¦/* ¦*/¦#¦#\n¦\\¦--¦;¦&&`,
  String.raw`0¦1.¦1:¦1,000¦1,0¦:¦a:¦a ¦a\n¦role a\n¦role a ¦role\n¦permit\n¦permit ¦permit a: b to c D\n`,
  String.raw`permit a: b to c D when ¦permit a\n¦x\n  y\n¦when a\n¦@¦@\n¦@a\n¦@a(\n¦let a = b\nwhen c\n`,
  String.raw`let a = not ¦let a = (¦settings {\n¦test "x" {\n¦and ¦a and ¦not ¦not in ¦.¦..¦a.¦,¦a,`,
  String.raw`// x\n¦/// x\n¦role a\nx = y\n¦with: a\n¦lte a\n¦rol {\n¦deadbeef¦1:2:3:4:5:6:7:¦1.2.3.4.¦::`,
  String.raw`2026-1-1¦2026-¦1/1/26¦a.b(¦- 1¦a-b¦a b, ¦role a b\nwith\n¦permit a: b to c D with x(¦role a, `,
  String.raw`entity A { a: B via c(d) } ¦read, Book ¦anyone,¦if a¦\r¦\0¦\u202e¦\u00a0¦é¦e\u0301¦\u0430a ¦\ud800`,
];

export const units: readonly string[] = written
  .join("¦")
  .split("¦")
  .map((unit) =>
    unit.replaceAll(/\\(?:u([0-9a-f]{4})|([nr0\\]))/g, (_, code: string | undefined, letter: string) =>
      code === undefined
        ? ({ n: "\n", r: "\r", 0: "\0", "\\": "\\" }[letter] ?? letter)
        : String.fromCharCode(Number.parseInt(code, 16)),
    ),
  );

export const head = "policy north for library\n";

/** A policy's header and a unit as often as there is room. */
export const filled = (unit: string, size: number): string =>
  head + unit.repeat(Math.floor((size - head.length) / unit.length));
