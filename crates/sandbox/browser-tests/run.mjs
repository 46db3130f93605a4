// Runs all tests, or those whose name contains the first argument.
// The program under test is THETICKETBOT in the environment, or the release build.

import { readdir } from "node:fs/promises";
import { runAll } from "./lib/suite.mjs";

for (const file of (await readdir(new URL("tests", import.meta.url))).sort()) await import(`./tests/${file}`);
process.exit((await runAll(process.argv[2])) === 0 ? 0 : 1);
