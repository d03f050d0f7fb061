/**
 * Runs every test. Those of the network wait for sessions, eras and votes far longer than they compute, so
 * many of them run side by side, each with nodes of its own; the longest begin first, and what needs the
 * machine for itself runs alone, at the end.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';
import { nextRuntime, shared, startNode } from '../lib/node.ts';
import { dev, devWith, prepare } from '../lib/spec.ts';
import { noGateway } from '../lib/gateway.ts';
import { FULL } from './shop.ts';

/** Whether nodes are to fail: scripts/test --faults. */
const FAULTS = process.env['HANSE_FAULTS'] !== undefined;
/** So many files at a time. */
const SIDE_BY_SIDE = Number(process.env['HANSE_TESTS_AT_ONCE'] ?? 6);
/** Milliseconds after which a file that has not ended is stopped, and has failed: several times what the longest takes. */
const PATIENCE = 900_000;
/** Those that take a minute and more, the longest first: what begins last must not be what lasts. */
const LONG = ['player', 'reads', 'docs', 'doctor', 'founding', 'rotation', 'offline', 'membership', 'equivocation', 'survivors', 'clearing', 'amend'];
/** Those that measure how fast something is, or do much in one block. */
const ALONE = ['flood', 'upgrade', 'gateway.upgrade'];

const directory = dirname(fileURLToPath(import.meta.url));
const path = (name: string) => join(directory, `network.${name}.test.ts`);
const files = readdirSync(directory).filter((file) => file.endsWith('.test.ts')).map((file) => join(directory, file));
const faults = files.filter((file) => file.includes('network.faults.'));
// What takes minutes is in the gateway's files, which do more then, and in those of faults.
const all = FAULTS ? faults : FULL ? files.filter((file) => file.includes('network.gateway.')) : files.filter((file) => !faults.includes(file));
const [long, alone] = [LONG, ALONE].map((names) => names.map(path).filter((file) => all.includes(file))) as [string[], string[]];
const others = all.filter((file) => !long.includes(file) && !alone.includes(file));

async function runAll(files: string[], concurrency: number): Promise<void> {
	const tests = run({ files, concurrency, timeout: PATIENCE });
	tests.on('test:fail', () => (process.exitCode = 1));
	for await (const text of tests.compose(new spec())) process.stdout.write(text);
}

const missing = noGateway();
if (missing) console.log(`Those of the gateway are left out: ${missing}.`);
shared();
prepare();
// So that many nodes on this one machine do not all compile a runtime at once, each for itself.
for (const chain of [dev(), devWith(readFileSync(nextRuntime()))]) await (await startNode([...chain, '--tmp'])).stop();
// Nodes that fail have the machine for themselves.
await runAll([...long, ...others], FAULTS ? 1 : SIDE_BY_SIDE);
await runAll(alone, 1);
