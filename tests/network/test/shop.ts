/** A shop that awards points through its institution's gateway, and looks whether each award happened once. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { type Chain, sleep, storage } from '../lib/chain.ts';
import { amount } from '../lib/amount.ts';
import { type Answer, Gateway, type Operation } from '../lib/gateway.ts';
import type { KeyringPair } from '../lib/keys.ts';
import { encodeAddress } from '@polkadot/util-crypto';
import { createProgram, firstVintage, flowsOf, json } from './support.ts';

/** Whether `scripts/test --gateway-full` runs, which has time for what takes minutes. */
export const FULL = process.env['HANSE_GATEWAY_FULL'] !== undefined;
/** Why what takes minutes is left out. */
export const notNow = (): string | false => (FULL ? false : 'takes minutes: scripts/test --gateway-full');

const OVER = ['final', 'failed', 'expired', 'stuck'];

interface Award {
	program: number;
	order: string;
	to: string;
	points: string;
}

export class Shop {
	readonly gateway: Gateway;
	readonly program: number;
	/** What was asked for, and taken. */
	readonly awards: Award[];

	/** The next nonce of the delegate, when it had signed nothing. */
	readonly nonce: number;

	/** The same shop at another gateway of the institution. */
	constructor(gateway: Gateway, before: Pick<Shop, 'program' | 'nonce' | 'awards'>) {
		[this.gateway, this.program, this.nonce, this.awards] = [gateway, before.program, before.nonce, before.awards];
	}

	/** Has the institution `id`, whose key is `issuer`, delegate to a gateway with the node at `url`, and starts that. */
	static async open(chain: Chain, url: string, id: number, issuer: KeyringPair, name: string): Promise<Shop> {
		const gateway = await Gateway.init(url, id, name);
		const program = await createProgram(chain, issuer, 'AIR', {});
		const { nonce } = await json(chain, 'system', 'account', gateway.delegate);
		await gateway.run();
		return new Shop(gateway, { program, nonce, awards: [] });
	}

	/** How many awards were asked for. */
	get asked(): number {
		return this.awards.length;
	}

	/** Asks for `count` awards in one request, each to an account of its own, and expects to be served later. */
	async award(count: number): Promise<Answer> {
		const awards = Array.from({ length: count }, (_, i) => ({
			program: this.program,
			order: `A-${this.asked + i + 1}`,
			to: encodeAddress(randomBytes(32), 42),
			points: `${1 + ((this.asked + i) % 7)}`,
		}));
		const answer = await this.gateway.ask('/v1/awards', 'issuer', awards);
		assert.equal(answer.status, 202, JSON.stringify(answer.body));
		assert.equal(answer.body.accepted, count, JSON.stringify(answer.body));
		this.awards.push(...awards);
		return answer;
	}

	/** Asks for an award every tenth of a second until `done` is, and says for how many. */
	async awardUntil(done: Promise<unknown>): Promise<number> {
		const before = this.asked;
		let ended = false;
		const end = () => (ended = true);
		done.then(end, end);
		while (!ended) {
			await this.award(1);
			await sleep(100);
		}
		return this.asked - before;
	}

	/** Asks for everything again, as a shop does that has forgotten what it was answered: nothing more comes of it. */
	async repeat(): Promise<void> {
		const { body, status } = await this.gateway.ask('/v1/awards', 'issuer', this.awards);
		assert.equal(status, 202, JSON.stringify(body));
		assert.deepEqual(body.results.filter(({ existed }: { existed: boolean }) => !existed), []);
	}

	/** Waits until all that was asked for is over, and returns it. */
	async over(patience = 60_000): Promise<Operation[]> {
		return this.until(`all ${this.asked} are over`, patience, ({ status }) => OVER.includes(status));
	}

	/** Waits until every operation is as it should be. */
	async until(what: string, patience: number, is: (operation: Operation) => boolean): Promise<Operation[]> {
		const deadline = Date.now() + patience;
		for (;;) {
			const operations = (await this.gateway.operations()).filter(({ kind }) => kind === 'award');
			const others = operations.filter((operation) => !is(operation));
			if (operations.length === this.asked && others.length === 0) return operations;
			assert.ok(Date.now() < deadline, `not within ${patience / 1000} s: ${what}; ${JSON.stringify(others.slice(0, 3))}`);
			await sleep(500);
		}
	}

	/**
	 * Expects that each award is final and happened once: by the operations, by the points of each account and by what the
	 * chain says was issued in all. Returns how many transactions it took.
	 */
	async once(chain: Chain): Promise<number> {
		const operations = await this.over();
		assert.deepEqual(operations.filter(({ status }) => status !== 'final'), []);
		assert.deepEqual(new Set(operations.map(({ reference }) => reference)), new Set(this.awards.map(({ order }) => order)));

		const [asset, sum] = [firstVintage(this.program), this.awards.reduce((total, { points }) => total + BigInt(points), 0n)];
		assert.equal((await flowsOf(chain, this.program))['issued'], sum);
		const accounts = await storage(chain.api, 'assets', 'account').multi(this.awards.map(({ to }) => [asset, to]));
		const held = accounts.map((account) => amount((account.toJSON() as { balance: unknown } | null)?.balance ?? 0));
		assert.deepEqual(held, this.awards.map(({ points }) => BigInt(points)));

		// Its delegate has signed nothing that is in a block beside what carries them.
		const transactions = new Set(operations.map(({ transaction }) => transaction)).size;
		const { nonce } = await json(chain, 'system', 'account', this.gateway.delegate);
		assert.equal(nonce - this.nonce, transactions);
		return transactions;
	}

	/** Expects that the index and the chain's own books are the same, to the unit. */
	async reconcile(url: string): Promise<string> {
		const { code, output, errors } = await this.gateway.command(['reconcile'], url);
		assert.equal(code, 0, `${output}${errors}`);
		return output.trim();
	}
}
