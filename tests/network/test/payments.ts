/** Customers who pay all the time, whatever becomes of the nodes, and what must hold when it is over. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { Option } from '@polkadot/types';
import type { Codec } from '@polkadot/types/types';
import type { HexString } from '@polkadot/util/types';
import { type State as Books, checkPeriod, checkSequence, checkStatement, momentOf, programOf, remembered, statement } from '@hanse/sdk/books';
import { connect } from '@hanse/sdk/chain';
import { institutions } from '@hanse/sdk/institutions';
import { type BlockId, type Chain, type State, call, finalisedHead, messageOf, sleep, storage, untilFinal, within } from '../lib/chain.ts';
import { Fleet, type Options } from '../lib/fleet.ts';
import type { KeyringPair } from '../lib/keys.ts';
import { binary, temporaryDirectory } from '../lib/node.ts';
import { send } from '../lib/send.ts';
import { type Founder, writeSpec } from '../lib/spec.ts';
import { SESSION } from './alliance.ts';
import { ALICE, BOB, alice, createProgram, eraNow, newKey, newOrder, register } from './support.ts';

const CUSTOMERS = 12;
/** Milliseconds between two payments of one customer: the chain takes one a block of a new account. */
const PAUSE = 1_200;
/** Micro-units, which one point of the program covers. */
const PRICE = 10_000n;

export const FOUNDERS = ['Alice', 'Bob', 'Charlie', 'Dave'] as const;

/** Four authorities, an archive node, and customers who pay at Bob's with Alice's points. */
export async function open(options: Options = {}, others: Founder[] = []): Promise<{ fleet: Fleet; payments: Payments }> {
	const rules = { session: SESSION, notice: 5_000, sponsorQuota: 1_000, sponsorBudget: 10_000_000_000 };
	const fleet = await Fleet.open(writeSpec({ founders: [...FOUNDERS, ...others], authorities: [...FOUNDERS], rules }), options);
	return { fleet, payments: new Payments(fleet) };
}

export class Payments {
	readonly #fleet: Fleet;
	readonly #customers = Array.from({ length: CUSTOMERS }, newKey);
	/** Who paid which order, by whether a client saw it final. */
	readonly #sent = new Map<HexString, string>();
	readonly #final = new Map<HexString, string>();
	#refused = 0;
	#going = true;
	#done: Promise<unknown> = Promise.resolve();

	constructor(fleet: Fleet) {
		this.#fleet = fleet;
	}

	/** Registers the customers, gives them points, and lets them pay. */
	async start(): Promise<void> {
		const { chain } = this.#fleet.peer('Alice');
		await untilFinal(chain.api, 3, 120_000);
		const program = await createProgram(chain, alice, 'AIR', { faceValue: Number(PRICE) });
		const era = await eraNow(chain);
		await register(chain, alice, ALICE, ...this.#customers);
		const awards = this.#customers.map(({ address }) => ({ to: address, amount: 5_000n, order: newOrder() }));
		await send(chain, alice, call(chain.api, 'points', 'issueBatch', program, era, awards), 'finalized');
		this.#done = Promise.all([this.#look(), ...this.#customers.map((who) => this.#pay(who, program, era))]);
		await this.more(CUSTOMERS);
	}

	/** How many payments clients saw final. */
	get final(): number {
		return this.#final.size;
	}

	/** Waits until so many more are final. */
	async more(count: number, patience = 120_000): Promise<void> {
		const [wanted, deadline] = [this.final + count, Date.now() + patience];
		while (this.final < wanted) {
			assert.ok(Date.now() < deadline, `${this.final} payments are final after ${patience / 1_000} s, of ${wanted}; ${this.#sent.size} wait, ${this.#refused} were refused`);
			await sleep(200);
		}
	}

	/** A customer goes to whichever node answers, and pays on even if nothing is known of the last payment. */
	async #pay(who: KeyringPair, program: number, era: number): Promise<void> {
		for (; this.#going; await sleep(PAUSE)) {
			const order = newOrder();
			try {
				const { api, request } = this.#fleet.any();
				const pay = call(api, 'exchange', 'pay', BOB, { era, commitment: order }, PRICE, [{ program, maxPoints: 10n }]);
				const nonce = await request<number>('system_accountNextIndex', who.address);
				const signed = await pay.signAsync(who, { nonce, era: 0 });
				await request('author_submitExtrinsic', signed.toHex());
				this.#sent.set(order, who.address);
			} catch {
				// The node has gone, or its pool has another one of this customer.
				this.#refused++;
			}
		}
	}

	/** Looks at what a node says is final. */
	async #look(): Promise<void> {
		for (; this.#going; await sleep(500)) {
			try {
				await within(15_000, 'what is final', this.#collect(this.#fleet.any()));
			} catch {
				// The node has gone.
			}
		}
	}

	async #collect({ api }: Chain): Promise<void> {
		const state = await api.at(await api.rpc.chain.getFinalizedHead());
		for (const [order, payer] of await paid(state, this.#sent)) {
			this.#sent.delete(order);
			this.#final.set(order, payer);
		}
	}

	/** Nobody pays any more. */
	async stop(): Promise<void> {
		this.#going = false;
		await this.#done;
	}

	/** Fails unless every payment that a client saw final is in `state`. */
	async check(state: State, where: string): Promise<void> {
		const found = new Set((await paid(state, this.#final)).map(([order]) => order));
		const lost = [...this.#final.keys()].filter((order) => !found.has(order));
		assert.deepEqual(lost, [], `${lost.length} of ${this.final} payments that were final are not on ${where}`);
	}
}

/** Those of the payments that have a receipt in `state`. */
async function paid(state: State, payments: ReadonlyMap<HexString, string>): Promise<[HexString, string][]> {
	const all = [...payments];
	const found: [HexString, string][] = [];
	for (let from = 0; from < all.length; from += 500) {
		const some = all.slice(from, from + 500);
		const receipts = await storage(state, 'exchange', 'receipts').multi(some.map(([order, payer]) => [BOB, payer, order]));
		found.push(...some.filter((_, i) => (receipts[i] as unknown as Option<Codec>).isSome));
	}
	return found;
}

/**
 * What every scenario ends with: all nodes have one finalised chain, which is what each of them said was final before; the
 * same state, read item by item, and the same root; books that add up; and every payment that a client saw final. In that
 * state every invariant of the pallets holds.
 */
export async function oneChain(fleet: Fleet, payments: Payments): Promise<string> {
	assert.ok(fleet.isWhole, `only ${fleet.names.join(', ')} run`);
	await payments.stop();
	const archive = fleet.peer('Archive').chain;
	const from = (await archive.api.rpc.chain.getHeader()).number.toNumber();
	await Promise.all(fleet.names.map((name) => untilFinal(fleet.peer(name).chain.api, from + 2, 180_000)));
	const head = await finalisedHead(archive.api);
	await Promise.all(fleet.names.map((name) => untilFinal(fleet.peer(name).chain.api, head.number, 60_000)));
	const states = new Map<string, string>();
	for (const name of fleet.names) states.set(name, await stateOf(name, fleet, head, payments));
	assert.equal(new Set(states.values()).size, 1, `states differ at block ${head.number}: ${JSON.stringify([...states])}`);
	const said = await neverTakenBack(fleet, archive, head.number);
	await invariants(fleet, head.hash);
	return `${payments.final} payments were final and are on each of ${states.size} nodes; one chain to block ${head.number}, ${said} heights said to be final, ${states.get('Archive')}`;
}

/** The root and the digest of the whole state of a node at a block that is final, after its books were checked. */
async function stateOf(name: string, fleet: Fleet, { number, hash }: BlockId, payments: Payments): Promise<string> {
	const { chain, node } = fleet.peer(name);
	const { api } = chain;
	assert.equal((await api.rpc.chain.getBlockHash(number)).toHex(), hash, `${name} has another block ${number}`);
	await payments.check(await api.at(hash), name);
	await checkBooks(node.url, hash).catch((error) => assert.fail(`${name}: ${messageOf(error)}`));
	const { stateRoot } = await api.rpc.chain.getHeader(hash);
	return `state root ${stateRoot.toHex()}, ${await digest(chain, hash)}`;
}

/** The digest of all keys and values of the state. */
async function digest({ request }: Chain, at: HexString): Promise<string> {
	const hash = createHash('sha256');
	let items = 0;
	for (let last: HexString | undefined; ;) {
		const keys: HexString[] = await request('state_getKeysPaged', '0x', 500, last, at);
		if (keys.length === 0) return `${items} items ${hash.digest('hex').slice(0, 16)}`;
		const [page] = await request<{ changes: [HexString, HexString | null][] }[]>('state_queryStorageAt', keys, at);
		const values = new Map(page?.changes);
		for (const key of keys) hash.update(`${key} ${values.get(key)}\n`);
		items += keys.length;
		last = keys.at(-1);
	}
}

/** Each institution's statement, each program's periods, and money and points against the accounts that have them. */
async function checkBooks(url: string, at: HexString): Promise<void> {
	const chain = await connect(url);
	try {
		const state: Books = { api: chain.api, at };
		const { query } = chain.api;
		const ids = (await institutions(chain.api, { at })).map(({ id }) => id);
		for (const id of ids) {
			const found = await statement(state, id);
			assert.ok(found, `no statement of institution ${id}`);
			checkStatement(found);
		}
		const programs = await query.Points.Programs.getEntries({ at });
		assert.ok(programs.length > 0);
		for (const { keyArgs: [id] } of programs) {
			const program = await programOf(state, id);
			assert.ok(program);
			const periods = await remembered(state, program, await momentOf(state));
			assert.ok(periods.length > 0, `no period of program ${id}`);
			periods.forEach(checkPeriod);
			checkSequence(periods);
		}
		await checkSums(state);
	} finally {
		chain.close();
	}
}

/** Money that was issued is in accounts, and the points of each vintage too. */
async function checkSums({ api: { query }, at }: Books): Promise<void> {
	const where = { at };
	const accounts = await query.System.Account.getEntries(where);
	const money = accounts.reduce((sum, { value: { data } }) => sum + data.free + data.reserved, 0n);
	assert.equal(money, await query.Balances.TotalIssuance.getValue(where), 'money in accounts is not what was issued');
	const points = new Map<number, bigint>();
	for (const { keyArgs: [asset], value } of await query.Assets.Account.getEntries(where)) points.set(asset, (points.get(asset) ?? 0n) + value.balance);
	for (const { keyArgs: [asset], value } of await query.Assets.Asset.getEntries(where)) {
		assert.equal(points.get(asset) ?? 0n, value.supply, `points of vintage ${asset} in accounts are not its supply`);
	}
}

/**
 * Every invariant of every pallet, by the runtime's own tests, in the state of the archive node: the others have the same.
 * `HANSE_INVARIANTS` is where `scripts/test` built them.
 */
async function invariants(fleet: Fleet, at: HexString): Promise<void> {
	const tests = process.env['HANSE_INVARIANTS'];
	if (!tests) throw new Error('HANSE_INVARIANTS must be the path of the tests of the runtime; scripts/test sets it');
	await fleet.end('Archive', 'SIGTERM');
	const state = join(temporaryDirectory(), 'state.json');
	const file = openSync(state, 'w');
	execFileSync(binary(), ['export-state', '--chain', fleet.spec, '--base-path', fleet.baseOf('Archive'), at], { stdio: ['ignore', file, 'ignore'] });
	closeSync(file);
	const args = ['--ignored', '--exact', 'exported::every_invariant_holds_in_the_state_of_a_node'];
	const said = execFileSync(tests, args, { encoding: 'utf8', env: { ...process.env, HANSE_STATE: state } });
	assert.match(said, /1 passed/);
	await fleet.start('Archive');
}

/** Fails if a node ever said that a block is final which is not on the chain now; how many heights were said. */
async function neverTakenBack({ logs }: Fleet, { api }: Chain, until: number): Promise<number> {
	const said = new Map<number, HexString>();
	for (const { hashes } of logs) {
		for (const [number, hash] of hashes) {
			assert.equal(said.get(number) ?? hash, hash, `two final blocks have number ${number}`);
			said.set(number, hash);
		}
	}
	const heights = [...said].filter(([number]) => number <= until);
	for (const [number, hash] of heights) {
		assert.equal((await api.rpc.chain.getBlockHash(number)).toHex(), hash, `block ${number} was final and is gone`);
	}
	return heights.length;
}

/** Whom the chain saw make two blocks or vote twice in one round, by institution and session; `chain` keeps all states. */
export async function equivocations({ api }: Chain): Promise<string[]> {
	const found: string[] = [];
	for (let { number } = await finalisedHead(api); number > 0; number--) {
		const { query } = await api.at(await api.rpc.chain.getBlockHash(number));
		for (const { event } of await query.system.events()) {
			if (event.section === 'authorities' && event.method === 'Equivocated') found.push(`${event.data} in block ${number}`);
		}
	}
	return found;
}
