/** The player itself: its books, and that nothing happens twice when it, the gateway or the node dies in between. */
import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { call, sleep } from '../lib/chain.ts';
import { noGateway } from '../lib/gateway.ts';
import { type Node, startNode } from '../lib/node.ts';
import { type Running, freePort, start, temporaryDirectory } from '../lib/process.ts';
import { send } from '../lib/send.ts';
import { dev } from '../lib/spec.ts';
import { makePlan } from '@hanse/demo/plan/plan';
import { parsePurchases } from '@hanse/demo/plan/purchases';
import { FOUNDERS } from '@hanse/demo/plan/shops';
import { readAccess } from '@hanse/demo/play/access';
import { Journal } from '@hanse/demo/play/journal';
import { Gateway } from '@hanse/sdk/gateway';
import { alice, eraNow, eve, json, newOrder } from './support.ts';

const [MAIN, SERVE] = ['@hanse/demo/main', '@hanse/demo/serve'].map((name) => fileURLToPath(import.meta.resolve(name))) as [string, string];
const PURCHASES = fileURLToPath(new URL('../../data/purchases.csv', import.meta.url));
/** Three months, of which the first is nearly nothing but new customers. */
const LIMIT = '2400';

const plan = makePlan(parsePurchases(readFileSync(PURCHASES, 'utf8'), PURCHASES).purchases.slice(0, Number(LIMIT)));

const directory = temporaryDirectory();
const journal = join(directory, 'play.jsonl');
const folder = join(directory, 'gateway');
const nodeArgs = [...dev(), '--base-path', join(directory, 'node'), '--state-pruning', 'archive', '--blocks-pruning', 'archive'];
const options = { skip: noGateway() };

const sorted = (ids: Iterable<number>) => [...ids].sort((a, b) => a - b);

let node: Node;
/** What serves the gateway, and starts it again when it is killed. */
let server: Running;
let port: number;
after(async () => {
	await server?.stop();
	await node?.stop();
});

/** Serves the gateway by the node as it is now, and answers what is said about it. */
async function serve(): Promise<string> {
	await server?.stop();
	port ??= await freePort();
	const program = process.env['HANSE_GATEWAY_BIN'] ?? '';
	const args = ['--import', 'tsx', SERVE, '--program', program, '--node', node.url, '--folder', folder, '--listen', `127.0.0.1:${port}`];
	server = start(process.execPath, args);
	for (let i = 0; i < 1_200 && server.ended() === undefined; i++) {
		const said = server.log().join('\n');
		if (said.includes('current?format=csv')) return said;
		await sleep(100);
	}
	assert.fail(`the gateway does not serve: ${server.log().join('\n')}`);
}

/** How many operations the founders ever asked the gateway for. */
async function operations(): Promise<number> {
	const { url, keys } = readAccess(folder);
	const all = await Promise.all(FOUNDERS.map(({ institution }) => new Gateway(url, keys[institution]?.reader).all('/v1/operations')));
	return all.flat().length;
}

interface Played {
	child: ChildProcess;
	/** Exit code, and everything on the screen. */
	ended: Promise<{ code: number | null; output: string }>;
}

function play(...args: string[]): Played {
	const child = spawn(process.execPath, ['--import', 'tsx', MAIN, '--url', node.url, '--gateway', folder, ...args]);
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

test('the gateway says how to use it, and its example works as it is printed', options, async () => {
	const said = await serve();
	const example = /^ *(curl .*)$/m.exec(said)?.[1] ?? assert.fail(said);
	const answer = execFileSync('sh', ['-c', example], { encoding: 'utf8' });
	assert.match(answer, /^program,symbol,from,until,opening,issued,/);
	const docs = /http:\S+\/docs/.exec(said)?.[0] ?? assert.fail(said);
	assert.equal((await fetch(docs)).status, 200);
});

test('a play that was killed is taken up by the next one', options, async () => {
	const { child, ended } = playAll();
	await untilJournal(({ batches }) => batches.length > 0);
	child.kill('SIGKILL');
	assert.equal((await ended).code, null);
});

test('a player whose node dies says so and what to do', options, async () => {
	const { ended } = playAll();
	await untilJournal(({ actions }) => actions.length > 0);
	await node.stop('SIGKILL');
	const { code, output } = await ended;
	assert.equal(code, 3, output);
	assert.match(output, /lost the connection.*play again/);
});

test('after a restart the play goes on, the gateway is killed in the middle, and the books are equal', options, async () => {
	node = await startNode(nodeArgs);
	await serve();
	const { code, output } = await playAll().ended;
	assert.equal(code, 0, output);
	assert.match(output, /Skipped: 8 rows with a zero amount/);
	assert.match(output, /transactions final/);
	assert.match(output, /killed now, on purpose and with SIGKILL.*\n +Under way: .*\d+ slips/);
	assert.match(output, /serves again after [\d.]+ s.*idempotency key \([\d,]+ times\)/);
	assert.match(output, /Books equal/);
	assert.match(output, /index says the same/);
});

test('playing again sends nothing and compares again', options, async () => {
	const { code, output } = await playAll().ended;
	assert.equal(code, 0, output);
	assert.match(output, /nothing was sent/);
	assert.match(output, /Books equal/);
});

test('what the journal did not note the gateway knows, and does not do again', options, async () => {
	const forgetful = join(directory, 'forgetful.jsonl');
	const kept = readFileSync(journal, 'utf8').split('\n').filter((line) => !line.includes('"kind":"final"'));
	writeFileSync(forgetful, kept.join('\n'));
	const before = await operations();
	assert.ok(before > plan.awarded, `${before} operations for ${plan.awarded} awards`);
	const { code, output } = await play('--journal', forgetful, '--limit', LIMIT).ended;
	assert.equal(code, 0, output);
	assert.match(output, /Books equal/);
	assert.equal(await operations(), before);
	const [known, again] = [new Journal(journal), new Journal(forgetful)];
	const returned = plan.steps.flatMap(({ batches }) => batches).filter((batch) => batch.returned).map(({ id }) => id);
	assert.deepEqual(sorted([...known.cancelled, ...known.kept]), sorted(returned));
	assert.deepEqual(sorted(again.cancelled), sorted(known.cancelled));
	assert.deepEqual(sorted(again.kept), sorted(known.kept));
	assert.deepEqual(sorted(again.actions), sorted(known.actions));
});

test('a chain that another journal knows is not played into', options, async () => {
	const { code, output } = await play('--journal', join(directory, 'other.jsonl'), '--limit', LIMIT).ended;
	assert.equal(code, 1, output);
	assert.match(output, /5 programs already/);
});

test('one smallest unit that the books do not know is a difference', options, async () => {
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
