/** The language server in a worker, as it is packed with the extension. */
import "@wardline/language-server/worker";
