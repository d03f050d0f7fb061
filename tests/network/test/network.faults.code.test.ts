/** The members upgrade to a runtime that panics: the chain stands, and goes on with a substitute in every node's specification. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { finalisedHead, sleep, untilFinal } from '../lib/chain.ts';
import type { Fleet } from '../lib/fleet.ts';
import { nextRuntime, temporaryDirectory } from '../lib/node.ts';
import { member, until } from './alliance.ts';
import { type Payments, oneChain, open } from './payments.ts';
import { follow } from './runbooks.ts';
import { json } from './support.ts';
import { compressed, notInstalled, panicking } from './wasm.ts';

/** The runtime that should have come. */
const repaired = nextRuntime();
const skip = notInstalled('zstd', 'jq');
const broken = join(temporaryDirectory(), 'broken.wasm');

let fleet: Fleet;
let payments: Payments;
before(async () => {
	if (skip) return;
	const wasm = readFileSync(repaired.replace('.compact.compressed.wasm', '.compact.wasm'));
	writeFileSync(broken, compressed(panicking(wasm, 'Core_initialize_block')));
	({ fleet, payments } = await open());
	await payments.start();
});
after(async () => {
	await payments?.stop();
	await fleet?.stop();
});

const best = async (name = 'Alice') => (await fleet.peer(name).chain.api.rpc.chain.getHeader()).number.toNumber();

test('a runtime that panics stops the chain, and a substitute brings it back', { timeout: 500_000, skip }, async (t) => {
	const { chain, node: { url, log } } = fleet.peer('Alice');
	await member(url, 'Alice', 'propose', 'upgrade', broken, '--aye');
	for (const name of ['Bob', 'Charlie'] as const) await member(url, name, 'vote', '0', 'aye');
	await member(url, 'Bob', 'close', '0');
	await until('the end of the notice', 60_000, async () => (await json(chain, 'system', 'authorizedUpgrade')) !== null);
	assert.match(await member(url, 'Dave', 'upgrade', 'apply', broken), /The runtime is version/);

	// No block comes any more, and each node says why.
	await sleep(5_000);
	const last = await best();
	await sleep(15_000);
	assert.equal(await best(), last, 'the chain goes on');
	assert.match(log().join('\n'), /unreachable|panicked|trap/);
	const known = await finalisedHead(chain.api);

	const files = { 'luebeck.json': fleet.spec, 'repaired.wasm': repaired };
	const { folder } = await follow('### A runtime that panics', { url, files, instead: { 'BLOCK=1234': `BLOCK=${last}` } });
	await Promise.all([...fleet.names].map((name) => fleet.end(name, 'SIGTERM')));
	fleet.spec = join(folder, 'repaired.json');
	await Promise.all(['Alice', 'Bob', 'Charlie', 'Dave', 'Archive'].map((name) => fleet.start(name)));
	await untilFinal(fleet.peer('Archive').chain.api, last + 10, 120_000);
	assert.equal((await fleet.peer('Archive').chain.api.rpc.chain.getBlockHash(known.number)).toHex(), known.hash);
	await payments.more(20);
	// Who comes later needs the same specification, and passes the block in question with it.
	const { chain: fresh } = await fleet.newcomer('Later');
	await untilFinal(fresh.api, last + 10, 120_000);
	t.diagnostic(`the chain stood at block ${last}`);
	t.diagnostic(await oneChain(fleet, payments));
});
