/** Wallet, till and console: three pages that share their parts, and a service worker that keeps them for when there is no network. */
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { type Plugin, defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const PAGES = ['wallet', 'till', 'console'];
/** What is smaller gains nothing by being packed. */
const WORTH_PACKING = 700;

/** The service worker knows every file that wallet and till are made of; what is text is there packed, too. */
function shell(): Plugin {
	return {
		name: 'hanse-shell',
		apply: 'build',
		enforce: 'post',
		generateBundle(_, bundle) {
			const files = Object.keys(bundle).filter((name) => name.startsWith('assets/') && !name.includes('console'));
			const worker = readFileSync(here('src/shared/worker.js'), 'utf8')
				.replace('__FILES__', JSON.stringify(['wallet/', 'till/', ...files]))
				.replace('__VERSION__', JSON.stringify(files.join().replace(/[^a-zA-Z0-9]/g, '').slice(-4_000)));
			this.emitFile({ type: 'asset', fileName: 'sw.js', source: worker });
		},
		writeBundle: {
			sequential: true,
			async handler({ dir }, bundle) {
				const { writeFile } = await import('node:fs/promises');
				for (const [name, file] of Object.entries(bundle)) {
					const content = file.type === 'chunk' ? file.code : file.source;
					if (!/\.(js|css|html|svg|webmanifest)$/.test(name) || content.length < WORTH_PACKING) continue;
					await writeFile(`${dir}/${name}.gz`, gzipSync(content, { level: 9 }));
				}
			},
		},
	};
}

/** What reads the chain knows hashes that no storage and no account of this one has; the pages go without them. */
function withoutUnusedHashes(): Plugin {
	return {
		name: 'hanse-hashes',
		apply: 'build',
		enforce: 'pre',
		resolveId: (source, importer) =>
			/@noble\/hashes\/(blake3|sha3)(\.js)?$/.test(source) && importer?.includes('substrate-bindings')
				? here('src/shared/nohash.ts')
				: undefined,
	};
}

export default defineConfig({
	root: here('.'),
	base: '/',
	appType: 'mpa',
	plugins: [withoutUnusedHashes(), svelte(), shell()],
	// Of these there is one of each, and not one for each library that uses them.
	resolve: { dedupe: ['@noble/hashes', '@noble/curves', '@scure/base'] },
	worker: { format: 'es' },
	build: {
		target: 'es2022',
		outDir: here('dist/pages'),
		emptyOutDir: true,
		assetsInlineLimit: 0,
		modulePreload: { polyfill: false },
		reportCompressedSize: false,
		rollupOptions: {
			input: Object.fromEntries(PAGES.map((page) => [page, here(`${page}/index.html`)])),
			// Small ones cost their headers and are packed badly.
			output: { experimentalMinChunkSize: 1_500 },
			// What is for Node alone is never reached in a browser.
			external: ['ws', 'node:crypto'],
			onwarn: (warning, warn) => ['MODULE_LEVEL_DIRECTIVE', 'INVALID_ANNOTATION'].includes(warning.code ?? '') || warn(warning),
		},
	},
});
