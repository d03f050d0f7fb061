/**
 * Power fails: what a node finds on its disk is a copy that was taken while it wrote, with logs that end anywhere. It goes
 * on from there, or says what is wrong and gets its blocks from the others.
 */
import assert from 'node:assert/strict';
import { closeSync, copyFileSync, existsSync, ftruncateSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { finalisedHead, messageOf, sleep, untilFinal } from '../lib/chain.ts';
import type { Fleet } from '../lib/fleet.ts';
import { temporaryDirectory } from '../lib/node.ts';
import { type Payments, equivocations, oneChain, open } from './payments.ts';
import { follow } from './runbooks.ts';

/** What is left of each log, one round each. */
const LEFT = [1, 0.9, 0.5, 0.1, 0, Math.random()];
/** What a node says that cannot use its database. */
const CANNOT = /Corruption|Invalid|corrupt|database|Database/;

let fleet: Fleet;
let payments: Payments;
before(async () => {
	({ fleet, payments } = await open());
	await payments.start();
});
after(async () => {
	await payments?.stop();
	await fleet?.stop();
});

const finalNow = async () => (await finalisedHead(fleet.peer('Bob').chain.api)).number;

/** Copies what is there of a database, file by file, while it is written; the node may delete a log meanwhile. */
function copyOf(database: string): string {
	const copy = join(temporaryDirectory(), 'copy');
	mkdirSync(copy);
	for (const file of readdirSync(database)) {
		try {
			copyFileSync(join(database, file), join(copy, file));
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
		}
	}
	return copy;
}

/** Leaves the first `share` of each log; how many bytes there were. */
function truncateLogs(database: string, share: number): number {
	const logs = readdirSync(database).filter((file) => /^log\d+$/.test(file)).map((file) => join(database, file));
	let bytes = 0;
	for (const log of logs) {
		const [file, { size }] = [openSync(log, 'r+'), statSync(log)];
		ftruncateSync(file, Math.floor(size * share));
		closeSync(file);
		bytes += size;
	}
	return bytes;
}

/** Starts a node with what is on its disk, or, where it refuses that, as the runbook says. */
async function comeBack(name: string): Promise<string> {
	try {
		await fleet.start(name);
		return 'it goes on';
	} catch (error) {
		assert.match(messageOf(error), CANNOT, 'it does not say what is wrong');
		await resync(name);
		return `it says ${/^Error: .*$/m.exec(messageOf(error))?.[0]}`;
	}
}

async function resync(name: string): Promise<void> {
	const files = { 'luebeck.json': fleet.spec, data: fleet.baseOf(name) };
	await follow('### The database is corrupt', { url: fleet.peer('Bob').node.url, files });
	assert.ok(!existsSync(fleet.databaseOf(name)), 'the database is still there');
	await fleet.start(name);
}

test('a node whose power failed goes on, or says what is wrong and resyncs', { timeout: 600_000 }, async (t) => {
	for (const [round, share] of LEFT.entries()) {
		const name = round % 2 === 0 ? 'Dave' : 'Archive';
		const database = fleet.databaseOf(name);
		await sleep(1_000 + Math.random() * 1_000);
		const copy = copyOf(database);
		const known = await finalisedHead(fleet.peer(name).chain.api);
		await fleet.end(name);
		rmSync(database, { recursive: true });
		renameSync(copy, database);
		const bytes = truncateLogs(database, share);
		const how = await comeBack(name);
		const { chain } = fleet.peer(name);
		await untilFinal(chain.api, Math.max(known.number + 3, await finalNow()), 120_000);
		assert.equal((await chain.api.rpc.chain.getBlockHash(known.number)).toHex(), known.hash);
		t.diagnostic(`${name} at block ${known.number}, ${Math.round(share * 100)} % of ${bytes} bytes of logs: ${how}`);
	}
	await payments.more(20);
});

test('a database in which bytes are wrong is said to be so, or not used, and the blocks come from the others', { timeout: 300_000 }, async (t) => {
	await fleet.end('Dave');
	const database = fleet.databaseOf('Dave');
	const tables = readdirSync(database).filter((file) => /^(table|index)_/.test(file));
	assert.ok(tables.length > 0);
	for (const table of tables) {
		const file = openSync(join(database, table), 'r+');
		// Its head, and what comes after it.
		writeSync(file, Buffer.alloc(Math.min(64 * 1024, statSync(join(database, table)).size), 0xa5), 0, undefined, 0);
		closeSync(file);
	}
	const how = await comeBack('Dave');
	assert.match(how, /^it says/);
	await untilFinal(fleet.peer('Dave').chain.api, await finalNow(), 120_000);
	t.diagnostic(how);
});

test('and in the end there is one chain, and nobody voted twice', { timeout: 300_000 }, async (t) => {
	t.diagnostic(await oneChain(fleet, payments));
	assert.deepEqual(await equivocations(fleet.peer('Archive').chain), []);
});
