/** That the chain's metadata is what the compiler checks all programs here against. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const PACKAGES = ['sdk', 'cli', 'demo'];

/** One of each kind, that programs here use. */
const RENAMED = {
	'an argument of a call': 'best_finalised',
	'a field of an event': 'lapses',
	'a field of what is stored': 'started',
	'a field of what a read answers': 'minimum_reserve',
};

/** The same workspace, in which the types of the chain can be others. */
function copyOfClients(): string {
	const copy = mkdtempSync(join(tmpdir(), 'hanse-types-'));
	mkdirSync(join(copy, 'node_modules', '@hanse'), { recursive: true });
	for (const name of readdirSync(join(ROOT, 'node_modules'))) {
		if (name !== '@hanse') symlinkSync(join(ROOT, 'node_modules', name), join(copy, 'node_modules', name));
	}
	for (const name of PACKAGES) {
		const [from, to] = [join(ROOT, 'clients', name), join(copy, 'clients', name)];
		cpSync(from, to, { recursive: true, filter: (path) => !['node_modules', 'descriptors', 'test'].includes(basename(path)) });
		if (readdirSync(from).includes('node_modules')) symlinkSync(join(from, 'node_modules'), join(to, 'node_modules'));
		symlinkSync(to, join(copy, 'node_modules', '@hanse', name));
	}
	const config = JSON.parse(readFileSync(join(ROOT, 'tsconfig.json'), 'utf8'));
	writeFileSync(join(copy, 'tsconfig.json'), JSON.stringify({ ...config, include: ['clients'] }));
	writeFileSync(join(copy, 'package.json'), '{"type":"module"}');
	return copy;
}

/** What the compiler says of the programs, with the types of `metadata`. */
async function compiled(copy: string, metadata: Buffer): Promise<string> {
	const [from, to] = [join(copy, 'metadata.scale'), join(copy, 'clients', 'sdk', 'descriptors')];
	writeFileSync(from, metadata);
	const node = promisify(execFile);
	await node(process.execPath, ['--import', 'tsx', join(ROOT, 'clients/sdk/generate.ts'), '--from', from, '--to', to], { cwd: ROOT });
	const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
	return node(process.execPath, [tsc, '--pretty', 'false', '--project', copy], { maxBuffer: 1 << 26 }).then(
		({ stdout }) => stdout,
		(error: { stdout: string }) => error.stdout,
	);
}

test('what is renamed on the chain does not compile any more, and is named', { timeout: 600_000 }, async () => {
	const copy = copyOfClients();
	try {
		const metadata = readFileSync(new URL('../metadata.scale', import.meta.url));
		// As long as it was, so that nothing else changes.
		const altered = Object.values(RENAMED).reduce((all, name) => all.replaceAll(name, `${name.slice(0, -1)}x`), metadata.toString('latin1'));
		const said = await compiled(copy, Buffer.from(altered, 'latin1'));
		for (const [what, name] of Object.entries(RENAMED)) assert.match(said, new RegExp(`error TS\\d+: .*'${name}'`), `${what}: ${said}`);
	} finally {
		rmSync(copy, { recursive: true, force: true });
	}
});
