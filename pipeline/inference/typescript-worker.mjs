// First module of a worker thread that runs from the TypeScript sources; its first argument is the program's URL.
import { register } from "tsx/esm/api";

register();
await import(process.argv[2]);
