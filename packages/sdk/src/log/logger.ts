/** Where structured logs go: an object first and a sentence after it, as `pino` takes them, and as `console` does too. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
