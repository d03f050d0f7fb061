/** The player itself: its books, and that nothing happens twice when it or the node dies in between. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { call, sleep } from '../lib/chain.ts';
import { type Node, startNode, temporaryDirectory } from '../lib/node.ts';
import { send } from '../lib/send.ts';
import { dev } from '../lib/spec.ts';
import { type Snapshot, atRest } from '@hanse/demo/chain/snapshot';
import { makePlan } from '@hanse/demo/plan/plan';
import { parsePurchases } from '@hanse/demo/plan/purchases';
import { Customers } from '@hanse/demo/play/customers';
import { Journal } from '@hanse/demo/play/journal';
import { resume } from '@hanse/demo/play/resume';
import { type Chain, connect } from '@hanse/sdk/chain';
import { DAY, alice, eraNow, eve, json, newOrder } from './support.ts';

const MAIN = fileURLToPath(import.meta.resolve('@hanse/demo/main'));
const PURCHASES = fileURLToPath(new URL('../../data/purchases.csv', import.meta.url));
/** Three months, of which the first is nearly nothing but new customers. */
const LIMIT = '2400';

const plan = makePlan(parsePurchases(readFileSync(PURCHASES, 'utf8'), PURCHASES).purchases.slice(0, Number(LIMIT)));

const directory = temporaryDirectory();
const journal = join(directory, 'play.jsonl');
const nodeArgs = [...dev(), '--base-path', join(directory, 'node')];

const sorted = (ids: Iterable<number>) => [...ids].sort((a, b) => a - b);

let node: Node;
after(() => node?.stop());

interface Played {
	child: ChildProcess;
	/** Exit code, and everything on the screen. */
	ended: Promise<{ code: number | null; output: string }>;
}

function play(...args: string[]): Played {
	const child = spawn(process.execPath, ['--import', 'tsx', MAIN, '--url', node.url, ...args]);
	let output = '';
	child.stdout.on('data', (data) => (output += data));
	child.stderr.on('data', (data) => (output += data));
	const ended = new Promise<{ code: number | null; output: string }>((resolve) => {
		child.on('close', (code) => resolve({ code, output }));
	});
	return { child, ended };
}

const playAll = () => play('--journal', journal, '--limit', LIMIT);

/** Waits until the journal knows of a final block for which `holds`. */
async function untilJournal(holds: (entry: { kind: string; batches: number[]; actions: number[] }) => boolean): Promise<void> {
	for (let i = 0; i < 6_000; i++) {
		const lines = existsSync(journal) ? readFileSync(journal, 'utf8').split('\n') : [];
		if (lines.slice(0, -1).map((line) => JSON.parse(line)).some((entry) => entry.kind === 'final' && holds(entry))) return;
		await sleep(50);
	}
	assert.fail('the journal did not get there');
}

test('a malformed file is reported with its line number, and nothing is sent', async () => {
	node = await startNode(nodeArgs);
	const file = join(directory, 'malformed.csv');
	writeFileSync(file, 'customer,date,items,amount_usd\n1,1997-01-01,1,9.99\n2,1997-01-01,1,nine\n');
	const { code, output } = await play('--journal', journal, '--purchases', file).ended;
	assert.equal(code, 2, output);
	assert.match(output, /malformed\.csv, line 3: "nine" is no amount/);
	assert.equal(existsSync(journal), false);
	const chain = await node.chain();
	assert.equal(await json(chain, 'points', 'lastProgram'), 0);
	await chain.close();
});

test('a play that was killed is taken up by the next one', async () => {
	const { child, ended } = playAll();
	await untilJournal(({ batches }) => batches.length > 0);
	child.kill('SIGKILL');
	assert.equal((await ended).code, null);
});

test('a player whose node dies says so and what to do', async () => {
	const { ended } = playAll();
	await untilJournal(({ actions }) => actions.length > 0);
	await node.stop('SIGKILL');
	const { code, output } = await ended;
	assert.equal(code, 3, output);
	assert.match(output, /lost the connection.*play again/);
});

test('after a restart the play goes on, and the books equal the chain', async () => {
	node = await startNode(nodeArgs);
	const { code, output } = await playAll().ended;
	assert.equal(code, 0, output);
	assert.match(output, /Skipped: 8 rows with a zero amount/);
	assert.match(output, /transactions final/);
	assert.match(output, /Books equal/);
});

test('playing again sends nothing and compares again', async () => {
	const { code, output } = await playAll().ended;
	assert.equal(code, 0, output);
	assert.match(output, /nothing was sent/);
	assert.match(output, /Books equal/);
});

test('what the journal did not note is found on the chain', async () => {
	const forgetful = join(directory, 'forgetful.jsonl');
	const kept = readFileSync(journal, 'utf8').split('\n').filter((line) => !line.includes('"kind":"final"'));
	writeFileSync(forgetful, kept.join('\n'));
	const { code, output } = await play('--journal', forgetful, '--limit', LIMIT).ended;
	assert.equal(code, 0, output);
	assert.match(output, /nothing was sent/);
	assert.match(output, /Books equal/);
});

/** What a play that takes up a journal of these lines notes in it. */
async function resumed(lines: string[], at: (chain: Chain) => Promise<Snapshot> = atRest): Promise<Journal> {
	const path = join(temporaryDirectory(), 'play.jsonl');
	writeFileSync(path, lines.join('\n'));
	const later = new Journal(path);
	const chain = await connect(node.url);
	try {
		await resume(chain, await at(chain), later, plan, new Customers(later.start));
		return later;
	} finally {
		later.close();
		chain.close();
	}
}

test('once the chain has forgotten the orders, only a journal that knows all that was issued counts', async () => {
	const muchLater = async (chain: Chain) => {
		const here = await atRest(chain);
		return { ...here, now: here.now + 8 * DAY };
	};
	const lines = readFileSync(journal, 'utf8').split('\n');
	await resumed(lines, muchLater);
	const award = lines.find((line) => /"batches":\[\d/.test(line));
	await assert.rejects(resumed(lines.filter((line) => line !== award), muchLater), /cannot be told any more/);
});

test('what was taken back and what was kept the chain knows, whatever the journal says', async () => {
	const text = readFileSync(journal, 'utf8');
	const known = await resumed(text.split('\n'));
	const returned = plan.steps.flatMap(({ batches }) => batches).filter((batch) => batch.returned).map(({ id }) => id);
	assert.deepEqual(sorted([...known.cancelled, ...known.kept]), sorted(returned));
	assert.ok(known.cancelled.size > 1, 'nothing was taken back');
	// As if the play had been cut short after taking back each of these.
	const later = await resumed(text.replaceAll(/"(cancelled|kept)":\[[\d,]+\]/g, '"$1":[]').split('\n'));
	assert.deepEqual(sorted(later.cancelled), sorted(known.cancelled));
	assert.deepEqual(sorted(later.kept), sorted(known.kept));
});

test('a chain that another journal knows is not played into', async () => {
	const { code, output } = await play('--journal', join(directory, 'other.jsonl'), '--limit', LIMIT).ended;
	assert.equal(code, 1, output);
	assert.match(output, /5 programs already/);
});

test('one smallest unit that the books do not know is a difference', async () => {
	const chain = await node.chain();
	const order = { era: await eraNow(chain), commitment: newOrder() };
	const [program] = await json(chain, 'points', 'programsOf', 1);
	await send(chain, alice, call(chain.api, 'points', 'issue', program, eve.address, 1, order), 'finalized');
	await chain.close();
	const { code, output } = await playAll().ended;
	assert.equal(code, 1, output);
	assert.match(output, /differs: MILE issued: the books say \d+, the chain \d+/);
	assert.match(output, /differs: MILE supply/);
	assert.match(output, /the books say 0, the chain 1/);
	assert.doesNotMatch(output, /Books equal/);
});
