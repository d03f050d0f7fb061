/** Every authority is replaced by another one while transactions flow. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { authorities } from '../lib/authorities.ts';
import { type Call, type Chain, call, sleep, untilFinal } from '../lib/chain.ts';
import { FinalityLog } from '../lib/finality.ts';
import { type KeyringPair, wellKnown } from '../lib/keys.ts';
import { amount } from '../lib/amount.ts';
import { Network, type Peer } from '../lib/network.ts';
import { type Founder, writeSpec } from '../lib/spec.ts';
import { SESSION, member, memberFails, recentAuthors } from './alliance.ts';
import { UNIT, createProgram, eraNow, eve, ferdie, firstVintage, json, newKey, newOrder, pointsOf } from './support.ts';

const OLD = ['Alice', 'Bob', 'Charlie', 'Dave'] as const;
const NEW = ['Eve', 'Ferdie', 'One', 'Two'] as const;

const network = new Network(
	writeSpec({
		founders: [...OLD, ...NEW],
		authorities: [...OLD],
		// With the standard eras: orders name theirs.
		rules: { session: SESSION },
	}),
);
let old: Record<(typeof OLD)[number], Peer>;
let peers: Peer[];
let chain: Chain;
let url: string;

before(async () => {
	old = await network.authorities(OLD);
	({ chain, node: { url } } = old.Alice);
	const newcomers = await Promise.all(NEW.map(() => network.newcomer()));
	peers = [...Object.values(old), ...newcomers];
	// Each makes its keys itself; they are never on any other machine.
	await Promise.all(NEW.map((name, i) => member(url, name, 'keys', '--node', newcomers[i]?.node.url ?? '')));
	await untilFinal(chain.api, 3, 60_000);
});
after(() => network.stop());

test('four authorities are replaced by four others, under load, without a fork or a stall', { timeout: 400_000 }, async () => {
	const logs = await Promise.all(peers.map((peer) => FinalityLog.follow(peer.chain)));
	await memberFails(url, 'Bob', 1, /TooFewAuthorities/, 'operate', 'off');
	for (const name of NEW) await member(url, name, 'operate', 'on');
	const load = await Load.start();
	await replace();
	const sent = await load.stop();

	const first = await bestNow();
	await untilFinal(chain.api, first + 12, 60_000);
	const authors = new Set(await recentAuthors(chain, 12));
	assert.deepEqual(authors, new Set(NEW.map(addressOf)));
	assert.deepEqual(new Set((await authorities(chain.api)).now), authors);

	await Promise.all(logs.map((log) => log.end()));
	const heights = compare(logs);
	assert.ok(heights > 60, `only ${heights} heights were seen by two nodes or more`);
	for (const [i, { longestGap }] of logs.entries()) {
		assert.ok(longestGap <= 2 * SESSION, `node ${i} saw nothing become final for ${longestGap} ms`);
	}
	assert.ok(sent > 100, `only ${sent} of each were sent`);
	await load.check();
});

const addressOf = (name: Founder) => wellKnown(name).address;
const bestNow = async () => (await chain.api.rpc.chain.getHeader()).number.toNumber();

/** Lets each old authority stop as soon as the chain can do without it, until only the new ones are left. */
async function replace(): Promise<void> {
	const deadline = Date.now() + 300_000;
	const waiting: Founder[] = [...OLD];
	for (;;) {
		const { now, next } = await authorities(chain.api);
		if (waiting.length === 0 && now.every((who) => NEW.some((name) => addressOf(name) === who))) return;
		assert.ok(Date.now() < deadline, `not replaced: ${now.length} work, ${next.length} are next, ${waiting.length} wait to stop`);
		// Four must be left of those that go on.
		const staying = next.filter((who) => [...waiting, ...NEW].some((name) => addressOf(name) === who));
		const [name] = waiting;
		if (name !== undefined && staying.length > 4) {
			await member(url, name, 'operate', 'off');
			waiting.shift();
		}
		await sleep(1_000);
	}
}

/** Fails if two nodes had different blocks of one number as final; how many numbers could be compared. */
function compare(logs: FinalityLog[]): number {
	const seen = new Map<number, string>();
	const shared = new Set<number>();
	for (const { hashes } of logs) {
		for (const [number, hash] of hashes) {
			const other = seen.get(number);
			if (other !== undefined) {
				assert.equal(hash, other, `a fork: two final blocks have number ${number}`);
				shared.add(number);
			}
			seen.set(number, hash);
		}
	}
	return shared.size;
}

/** A stream of transfers and of awards. */
class Load {
	readonly #program: number;
	readonly #payee = newKey();
	#going = true;
	#sent = 0;
	#done: Promise<void> = Promise.resolve();

	private constructor(program: number) {
		this.#program = program;
	}

	/** Awards are Eve's and transfers Ferdie's, who send nothing else meanwhile. */
	static async start(): Promise<Load> {
		const load = new Load(await createProgram(chain, eve, 'LOAD', {}));
		load.#done = load.#run(await eraNow(chain));
		// Whoever waits for its end sees why it failed.
		load.#done.catch(() => {});
		return load;
	}

	async #run(era: number): Promise<void> {
		const { api } = chain;
		const nonce = ({ address }: KeyringPair) => chain.request<number>('system_accountNextIndex', address);
		const [ofPayer, ofEve] = [await nonce(ferdie), await nonce(eve)];
		while (this.#going) {
			const order = { era, commitment: newOrder() };
			const transfer = call(api, 'balances', 'transferKeepAlive', this.#payee.address, UNIT / 10n);
			const award = call(api, 'points', 'issue', this.#program, this.#payee.address, 3n, order);
			await this.#submit(ferdie, ofPayer + this.#sent, transfer);
			await this.#submit(eve, ofEve + this.#sent, award);
			this.#sent += 1;
			await sleep(300);
		}
	}

	async #submit(signer: KeyringPair, nonce: number, wanted: Call): Promise<void> {
		await chain.request('author_submitExtrinsic', (await wanted.signAsync(signer, { nonce })).toHex());
	}

	/** How many of each were sent. */
	async stop(): Promise<number> {
		this.#going = false;
		await this.#done;
		return this.#sent;
	}

	/** All of it is on the chain. */
	async check(): Promise<void> {
		const { free } = (await json(chain, 'system', 'account', this.#payee.address)).data;
		assert.equal(amount(free), BigInt(this.#sent) * (UNIT / 10n));
		assert.equal(await pointsOf(chain, firstVintage(this.#program), this.#payee), BigInt(this.#sent) * 3n);
	}
}
