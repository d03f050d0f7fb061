/** The disk of an authority fills up: its node says so and ends before anything is lost, and goes on once there is room. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { finalisedHead, untilFinal } from '../lib/chain.ts';
import type { Fleet } from '../lib/fleet.ts';
import { startNode } from '../lib/node.ts';
import { Disk, noMount } from './mount.ts';
import { type Payments, oneChain, open } from './payments.ts';

/** MiB: of the disk, and of what the node wants to be left. */
const [SIZE, WANTED] = [256, 64];
const own = { Dave: ['--db-storage-threshold', `${WANTED}`, '--db-storage-polling-period', '1'] };
const skip = noMount();

let fleet: Fleet;
let payments: Payments;
let disk: Disk;
before(async () => {
	if (skip) return;
	disk = new Disk(SIZE);
	({ fleet, payments } = await open({ bases: { Dave: disk.path }, own }));
	await payments.start();
});
after(async () => {
	await payments?.stop();
	await fleet?.stop();
	disk?.unmount();
});

const finalNow = async () => (await finalisedHead(fleet.peer('Archive').chain.api)).number;

test('a node whose disk is nearly full says so and ends, and comes back once there is room', { timeout: 300_000, skip }, async (t) => {
	const { node, args } = fleet.peer('Dave');
	disk.fill(WANTED - 10);
	const how = await fleet.ended('Dave', 30_000);
	const said = node.log().find((line) => /Available space \d+MiB .* dropped below threshold: 64MiB/.test(line));
	assert.ok(said, node.log().slice(-10).join('\n'));
	assert.match(how, /code 1/);
	await payments.more(30);

	// Nor does it start.
	await assert.rejects(startNode(args), /Out of storage space: available \d+MiB, required 64MiB/);
	disk.clear();
	const { chain } = await fleet.start('Dave');
	await untilFinal(chain.api, await finalNow(), 60_000);
	t.diagnostic(`${how}: ${said.trim()}`);
});

test('one that was told not to watch its disk dies when no byte is left, and has lost nothing when there is room', { timeout: 400_000, skip }, async (t) => {
	await fleet.end('Dave', 'SIGTERM');
	own.Dave = ['--db-storage-threshold', '0'];
	await fleet.start('Dave');
	disk.fill(0);
	// Its database is memory that the disk is to back: a page for which there is no room ends it in the middle of a write.
	const how = await fleet.ended('Dave', 120_000);
	await payments.more(30);
	disk.clear();
	const { chain } = await fleet.start('Dave');
	await untilFinal(chain.api, await finalNow(), 90_000);
	await payments.more(20);
	t.diagnostic(`it ${how}`);
});

test('and in the end there is one chain', { timeout: 300_000, skip }, async (t) => t.diagnostic(await oneChain(fleet, payments)));
