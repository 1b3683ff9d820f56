/** The module that the worker runs. */
import "@wardline/language-server/worker";
