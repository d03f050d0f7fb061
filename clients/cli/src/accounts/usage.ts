/** The tool's help: a file, since scripts/accounts shows it before there is anything to run this with. */
import { readFileSync } from 'node:fs';

export const usage = () => readFileSync(new URL('./usage.txt', import.meta.url), 'utf8').trimEnd();
