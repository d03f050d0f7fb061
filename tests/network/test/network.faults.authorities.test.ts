/** Authorities come, go, get new keys, move, lose their machine and get it back from a backup, while customers pay. */
import assert from 'node:assert/strict';
import { mkdirSync, rmSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { authorities, keysOf } from '../lib/authorities.ts';
import { type Chain, finalisedHead, sleep, untilFinal } from '../lib/chain.ts';
import type { Fleet } from '../lib/fleet.ts';
import { wellKnown } from '../lib/keys.ts';
import { startNode, temporaryDirectory } from '../lib/node.ts';
import type { Founder } from '../lib/spec.ts';
import { SESSION, member, recentAuthors, until } from './alliance.ts';
import { type Payments, equivocations, oneChain, open } from './payments.ts';
import { follow } from './runbooks.ts';
import { json } from './support.ts';

let fleet: Fleet;
let payments: Payments;
before(async () => {
	({ fleet, payments } = await open({}, ['Eve']));
	await payments.start();
});
after(async () => {
	await payments?.stop();
	await fleet?.stop();
});

const archive = (): Chain => fleet.peer('Archive').chain;
const url = () => fleet.peer('Archive').node.url;
const addressOf = (name: Founder) => wellKnown(name).address;

/** Waits until the keys that an authority has set are those that sign. */
async function untilItsKeysWork(name: Founder): Promise<void> {
	const { api } = archive();
	await until(`the new keys of ${name}`, 6 * SESSION, async () => {
		const keys = await keysOf(api, addressOf(name));
		return (await json(archive(), 'aura', 'authorities')).includes(keys?.aura);
	});
}

/** Waits for a block of its keys that comes from now on. */
async function untilItMakesBlocks(name: Founder): Promise<void> {
	const best = async () => (await archive().api.rpc.chain.getHeader()).number.toNumber();
	const from = await best();
	await until(`blocks of ${name}`, 3 * SESSION, async () => {
		const authors = await recentAuthors(archive(), Math.min((await best()) - from, 8));
		return authors.includes(addressOf(name));
	});
}

/** New keys on `node`, as both runbooks have it. */
const newKeys = (heading: string, who: Founder, node: string) => follow(heading, { url: url(), who, node: fleet.peer(node).node.url });

test('one joins and one leaves', { timeout: 300_000 }, async () => {
	await fleet.newcomer('Eve');
	await member(url(), 'Eve', 'keys', '--node', fleet.peer('Eve').node.url);
	await member(url(), 'Eve', 'operate', 'on');
	await until('Eve at work', 6 * SESSION, async () => (await authorities(archive().api)).now.includes(addressOf('Eve')));
	await untilItMakesBlocks('Eve');
	await member(url(), 'Dave', 'operate', 'off');
	await until('Dave at rest', 6 * SESSION, async () => !(await authorities(archive().api)).now.includes(addressOf('Dave')));
	await fleet.end('Dave', 'SIGTERM');
	fleet.retire('Dave');
	await payments.more(20);
});

test('one moves to another host, and never is the same key on both', { timeout: 300_000 }, async () => {
	await fleet.newcomer("Alice's new host");
	await newKeys('### An authority moves to another host', 'Alice', "Alice's new host");
	await untilItsKeysWork('Alice');
	await fleet.end('Alice', 'SIGTERM');
	fleet.retire('Alice');
	await untilItMakesBlocks('Alice');
	await payments.more(20);
});

test('one whose keys are stolen gets others, and the thief can do nothing with the old ones', { timeout: 300_000 }, async () => {
	await fleet.end('Bob', 'SIGTERM');
	fleet.retire('Bob');
	await fleet.newcomer("Bob's own");
	await newKeys('### Keys are stolen', 'Bob', "Bob's own");
	await untilItsKeysWork('Bob');
	// Until votes of the set before are nobody's business any more.
	await sleep(SESSION);
	const from = await finalisedHead(archive().api);
	const thief = await startNode(['--chain', fleet.spec, '--bob', '--no-mdns', '--base-path', temporaryDirectory(), '--unsafe-force-node-key-generation', ...fleet.bootnodes]);
	try {
		const { api } = await thief.chain();
		await untilFinal(api, from.number, 60_000);
		await untilFinal(archive().api, from.number + 3 * (SESSION / 1_000), 60_000);
		await untilItMakesBlocks('Bob');
	} finally {
		await thief.stop();
	}
	await payments.more(20);
});

test('one whose machine is lost gets another one, and new keys', { timeout: 300_000 }, async () => {
	await fleet.end('Charlie');
	rmSync(fleet.baseOf('Charlie'), { recursive: true });
	fleet.retire('Charlie');
	await payments.more(20);
	await fleet.newcomer("Charlie's new host");
	await newKeys("### An authority's machine is lost", 'Charlie', "Charlie's new host");
	await untilItsKeysWork('Charlie');
	await untilItMakesBlocks('Charlie');
});

test('one is restored from a backup of its keys', { timeout: 300_000 }, async () => {
	const name = "Charlie's new host";
	const data = fleet.baseOf(name);
	const { folder } = await follow('### Restore from a backup', { url: url(), files: { data } }, [0]);
	await fleet.end(name);
	rmSync(data, { recursive: true });
	mkdirSync(data);
	const keys = `${folder}/keys.tar`;
	await follow('### Restore from a backup', { url: url(), files: { data, 'keys.tar': keys } }, [1, 2]);
	const { chain } = await fleet.start(name);
	await untilFinal(chain.api, (await finalisedHead(archive().api)).number, 90_000);
	await untilItMakesBlocks('Charlie');
	await payments.more(20);
});

test('and in the end there is one chain, and nobody voted or made a block twice', { timeout: 300_000 }, async (t) => {
	const authors = new Set((await authorities(archive().api)).now);
	assert.deepEqual(authors, new Set((['Alice', 'Bob', 'Charlie', 'Eve'] as const).map(addressOf)));
	t.diagnostic(await oneChain(fleet, payments));
	assert.deepEqual(await equivocations(archive()), []);
});
