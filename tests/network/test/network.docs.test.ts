/** Examples in docs/ run as they are printed: `sh` blocks as commands, `ts` blocks as programs, each page on a chain of its own. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startNode, temporaryDirectory } from '../lib/node.ts';
import { dev } from '../lib/spec.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const DOCS = join(ROOT, 'docs');
/** Where examples say that the chain is. */
const PRINTED = 'ws://127.0.0.1:9944';
/** Milliseconds that one example may take. */
const PATIENCE = 300_000;

interface Example {
	language: 'sh' | 'ts';
	text: string;
}

/** The blocks of a page that claim to run. */
function examples(page: string): Example[] {
	const blocks = readFileSync(join(DOCS, page), 'utf8').matchAll(/^```(sh|ts)\n(.*?)^```$/gms);
	return [...blocks].map(([, language, text]) => ({ language: language as Example['language'], text: text ?? '' }));
}

/** A folder in which `scripts/member` and `scripts/accounts` speak to the chain at `url`, and imports find our packages. */
function workplace(url: string): string {
	const folder = temporaryDirectory();
	symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
	writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
	mkdirSync(join(folder, 'scripts'));
	for (const name of ['member', 'accounts']) {
		const path = join(folder, 'scripts', name);
		writeFileSync(path, `#!/bin/sh\nexec ${join(ROOT, 'scripts', name)} --url ${url} "$@"\n`);
		chmodSync(path, 0o755);
	}
	return folder;
}

/** What an example printed; throws with all that it said if its exit code is not 0. */
async function runExample({ language, text }: Example, folder: string, url: string): Promise<string> {
	const file = join(folder, `example.${language}`);
	writeFileSync(file, text.replaceAll(PRINTED, url));
	const [program, args] =
		language === 'sh' ? ['bash', ['-euo', 'pipefail', file]] : [process.execPath, ['--no-warnings', '--import', 'tsx', file]];
	const { stdout } = await promisify(execFile)(program, args, { cwd: folder, timeout: PATIENCE });
	return stdout;
}

for (const page of readdirSync(DOCS).filter((file) => file.endsWith('.md'))) {
	const found = examples(page);
	if (found.length === 0) continue;
	test(`the examples of docs/${page} run as printed`, async () => {
		const node = await startNode([...dev(), '--tmp']);
		try {
			const folder = workplace(node.url);
			for (const example of found) assert.notEqual(await runExample(example, folder, node.url), '', example.text);
		} finally {
			await node.stop();
		}
	});
}

test('there are examples of both kinds', () => {
	const languages = readdirSync(DOCS).filter((file) => file.endsWith('.md')).flatMap(examples).map(({ language }) => language);
	assert.deepEqual([...new Set(languages)].sort(), ['sh', 'ts']);
});
