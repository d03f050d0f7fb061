/** Examples in docs/ run as they are printed, each page on a chain of its own. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { type Block, DOCS, blocks, session, workplace } from '../lib/docs.ts';
import { noGateway } from '../lib/gateway.ts';
import { startNode } from '../lib/node.ts';
import { dev } from '../lib/spec.ts';

/** Where examples say that the chain is. */
const PRINTED = 'ws://127.0.0.1:9944';
/** Milliseconds that one example may take. */
const PATIENCE = 300_000;
/** What a gateway's node keeps. */
const ARCHIVE = ['--state-pruning', 'archive', '--blocks-pruning', 'archive', '--rpc-rate-limit', '1000000'];

const pages = readdirSync(DOCS).filter((file) => file.endsWith('.md'));
const of = (page: string): Block[] => blocks(readFileSync(join(DOCS, page), 'utf8'));

/** What an example printed; throws with all that it said if its exit code is not 0. */
async function runExample({ language, text }: Block, folder: string, url: string): Promise<string> {
	const file = join(folder, `example.${language}`);
	writeFileSync(file, text.replaceAll(PRINTED, url));
	const [program, args] =
		language === 'sh' ? ['bash', ['-euo', 'pipefail', file]] : [process.execPath, ['--no-warnings', '--import', 'tsx', file]];
	const { stdout } = await promisify(execFile)(program, args, { cwd: folder, timeout: PATIENCE });
	return stdout;
}

for (const page of pages) {
	const found = of(page).filter(({ language }) => language === 'sh' || language === 'ts');
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

for (const page of pages) {
	const found = of(page);
	if (!found.some(({ language }) => language === 'bash')) continue;
	test(`the session of docs/${page} with a gateway prints what the page says`, { skip: noGateway() }, async (context: TestContext) => {
		const node = await startNode([...dev(), '--tmp', ...ARCHIVE]);
		try {
			const { ran, compared } = await session(found, node.url, (text) => context.diagnostic(text));
			context.diagnostic(`${ran} blocks ran, and ${compared} printed what the page says`);
			assert.ok(ran > 0 && compared > 0);
		} finally {
			await node.stop();
		}
	});
}

test('there are examples of each kind', () => {
	const languages = new Set(pages.flatMap(of).map(({ language }) => language));
	assert.deepEqual([...languages].filter((language) => language !== 'text').sort(), ['bash', 'python', 'sh', 'ts']);
});
