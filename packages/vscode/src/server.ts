/** The language server, as it is packed with the extension. */
import "@wardline/language-server/node";
