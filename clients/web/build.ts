/** Builds the pages, unless they are built from exactly these sources: what did not change costs the gateway nothing. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const STAMP = here('dist/stamp');

/** The files below a folder, in order. */
function below(folder: string): string[] {
	return readdirSync(folder, { withFileTypes: true })
		.sort((a, b) => (a.name < b.name ? -1 : 1))
		.flatMap((entry) => (entry.isDirectory() ? below(join(folder, entry.name)) : [join(folder, entry.name)]));
}

const sources = [
	...['src', 'public', 'wallet', 'till', 'console', '../sdk/src'].flatMap((folder) => below(here(folder))),
	...['vite.config.ts', 'svelte.config.js', 'build.ts', '../../package-lock.json', '../sdk/metadata.scale'].map(here),
];
const hash = createHash('sha256');
for (const file of sources) hash.update(file).update(readFileSync(file));
const stamp = hash.digest('hex');

if (!existsSync(STAMP) || readFileSync(STAMP, 'utf8') !== stamp || !existsSync(here('dist/pages/wallet/index.html'))) {
	const began = Date.now();
	await build({ configFile: here('vite.config.ts'), logLevel: 'warn' });
	writeFileSync(STAMP, stamp);
	console.error(`The pages are built: ${((Date.now() - began) / 1_000).toFixed(1)} s.`);
}
