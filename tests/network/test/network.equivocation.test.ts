/** The same keys on two machines: the chain sees it, once a session and not once a vote. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Chain, finalisedHead, storage, untilFinal } from '../lib/chain.ts';
import { Network, type Peer } from '../lib/network.ts';
import { writeSpec } from '../lib/spec.ts';
import { RULES, SESSION, until } from './alliance.ts';
import { ALICE, json } from './support.ts';

const FOUNDERS = ['Alice', 'Bob', 'Charlie', 'Dave'] as const;

const network = new Network(writeSpec({ founders: [...FOUNDERS], authorities: [...FOUNDERS], rules: RULES }));
let second: Peer;
let chain: Chain;

before(async () => {
	// Three of four are enough for finality, and Dave's machine is not needed.
	({ Bob: { chain } } = await network.authorities(['Bob', 'Charlie', 'Alice']));
	await untilFinal(chain.api, 2, 60_000);
	// Another node, with Alice's keys too.
	second = await network.start(['--alice']);
});
after(() => network.stop());

/** Sessions of the equivocations in the blocks of a range, by whom. */
async function equivocations(from: number, to: number): Promise<[institution: number, session: number][]> {
	const found: [number, number][] = [];
	for (let number = from; number <= to; number++) {
		const state = await chain.api.at(await chain.api.rpc.chain.getBlockHash(number));
		for (const { event } of await state.query.system.events()) {
			if (event.section !== 'authorities' || event.method !== 'Equivocated') continue;
			const [institution, session] = event.data.toJSON() as [number, number];
			found.push([institution, session]);
		}
	}
	return found;
}

const sessionNow = async () => Number(await json(chain, 'session', 'currentIndex'));

test('two nodes with the same keys are one equivocation a session', { timeout: 240_000 }, async () => {
	const first = await sessionNow();
	await until('an equivocation', 10 * SESSION, async () => {
		const { number } = await finalisedHead(chain.api);
		return (await equivocations(Math.max(1, number - 5), number)).length > 0;
	});
	// Two whole sessions more, so that there were many chances to report again.
	const since = await sessionNow();
	await until('two more sessions', 5 * SESSION, async () => (await sessionNow()) >= since + 3);
	const { number } = await finalisedHead(chain.api);
	const all = await equivocations(1, number);
	assert.deepEqual(new Set(all.map(([institution]) => institution)), new Set([ALICE]), 'another one is accused too');
	const sessions = all.map(([, session]) => session);
	assert.equal(new Set(sessions).size, sessions.length, `recorded more than once in a session: ${sessions}`);
	assert.ok(sessions.every((session) => session >= first), `${sessions}`);
	const state = await chain.api.at(await chain.api.rpc.chain.getBlockHash(number));
	const reports = await storage(state, 'offences', 'reports').entries();
	assert.equal(reports.length, sessions.length, 'one report for each offender and session');
});

test('with one machine less nothing more is recorded, and finality goes on', { timeout: 300_000 }, async () => {
	await second.chain.close();
	await second.node.stop();
	// Reports of votes from before may still come.
	const session = (await sessionNow()) + 1;
	await until('a session with one machine', 4 * SESSION, async () => (await sessionNow()) >= session + 2);
	const { number } = await finalisedHead(chain.api);
	const later = (await equivocations(Math.max(1, number - 60), number)).filter(([, other]) => other >= session);
	assert.deepEqual(later, []);
	await untilFinal(chain.api, number + 5, 30_000);
});
