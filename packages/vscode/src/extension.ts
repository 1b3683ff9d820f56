/** The shell of the extension. */
export const languageId = "wardline";
