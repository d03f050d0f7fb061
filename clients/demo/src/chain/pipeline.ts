/**
 * Transactions that do not go through the gateway: signed without asking the node anything, their outcome read from
 * the blocks. Each block is read once, instead of a subscription for every transaction.
 */
import { toHex } from 'polkadot-api/utils';
import type { Hex } from '@hanse/sdk/bytes';
import { type Api, type Chain, ConnectionLost, messageOf } from '@hanse/sdk/chain';
import { type Refused, explain } from '@hanse/sdk/errors';
import type { Key } from '@hanse/sdk/keys';
import type { Receipt, Tx } from '@hanse/sdk/send';
import { eventsOf } from '@hanse/sdk/watch';
import { UnexpectedState } from './errors.ts';
import { OfflineSigner } from './signing.ts';
import { type BlockId, hashOfBlock } from './snapshot.ts';

/** Milliseconds that a transaction may wait for its block. */
const PATIENCE = 60_000;
/** Blocks for which the node may find a transaction invalid: it hears of a block a little after we do. */
const BLOCKS_TO_CATCH_UP = 4;
/** The node's codes for a transaction that its pool finds invalid, or found invalid before and takes no more. */
const INVALID_TRANSACTION = [1010, 1012];

export type EventRecord = Awaited<ReturnType<Api['query']['System']['Events']['getValue']>>[number];

/** What became of a transaction: the block it is in, and the events of the transaction alone. */
export interface Outcome extends Receipt {
	/** Absent if it did what it should. */
	refused: Refused | undefined;
}

/** Hears of every final block, in order, with all its events. */
export type OnFinal = (block: BlockId, events: EventRecord[]) => Promise<void>;

interface UnderWay {
	since: number;
	resolve: (outcome: Outcome) => void;
	reject: (reason: Error) => void;
}

export class Pipeline {
	/** Transactions whose block is final. */
	finalised = 0;

	readonly #chain: Chain;
	readonly #onFinal: OnFinal;
	readonly #signer: OfflineSigner;
	/** By the transaction's bytes. */
	readonly #underWay = new Map<string, UnderWay>();
	/** Blocks that were read and are not final yet. */
	readonly #read: { block: BlockId; outcomes: number; events: EventRecord[] }[] = [];
	#head: BlockId;
	#work: Promise<void> = Promise.resolve();
	#failure: Error | undefined;
	#waiting: (() => void)[] = [];
	#stops: (() => void)[] = [];

	private constructor(chain: Chain, start: BlockId, onFinal: OnFinal) {
		this.#chain = chain;
		this.#onFinal = onFinal;
		this.#head = start;
		this.#signer = new OfflineSigner(chain);
	}

	/** Starts after block `start`, which is final. */
	static async start(chain: Chain, start: BlockId, onFinal: OnFinal): Promise<Pipeline> {
		const pipeline = new Pipeline(chain, start, onFinal);
		await pipeline.#signer.refresh();
		chain.lost.catch((error: Error) => pipeline.#fail(error));
		// The newest block first, and the newest final one last.
		const blocks = chain.client.bestBlocks$.subscribe({
			next: (newestFirst) => pipeline.#enqueue(() => pipeline.#follow(newestFirst)),
			error: (error: unknown) => pipeline.#fail(error),
		});
		const watchdog = setInterval(() => pipeline.#watch(), 1_000);
		pipeline.#stops.push(() => blocks.unsubscribe(), () => clearInterval(watchdog));
		return pipeline;
	}

	/** Hears of no more blocks; returns when none is being read. */
	async stop(): Promise<void> {
		this.#stops.splice(0).forEach((stop) => stop());
		await this.#work;
	}

	/** Signs and sends `call`, and resolves when it is in a block, whether it did well there or not. */
	async send(key: Key, nonce: number, call: Tx): Promise<Outcome> {
		if (this.#failure) throw this.#failure;
		const transaction = await this.sign(key, nonce, call);
		const outcome = new Promise<Outcome>((resolve, reject) => {
			this.#underWay.set(transaction, { since: Date.now(), resolve, reject });
		});
		void this.#submit(transaction, () => this.sign(key, nonce, call));
		return outcome;
	}

	/** The transaction, for somebody else to send. */
	async sign(key: Key, nonce: number, call: Tx): Promise<Hex> {
		return toHex(this.#signer.sign(key, nonce, await call.getEncodedData()));
	}

	/** What the pool finds invalid it takes no more as it is: if the next block does not have it, it is signed anew, with the same nonce. */
	async #submit(signed: Hex, anew: () => Promise<Hex>): Promise<void> {
		let transaction = signed;
		for (let blocks = 0; ; blocks++) {
			try {
				return void (await this.#chain.request('author_submitExtrinsic', transaction));
			} catch (error) {
				const isInvalid = error instanceof Error && 'code' in error && INVALID_TRANSACTION.includes(Number(error.code));
				if (!isInvalid || blocks === BLOCKS_TO_CATCH_UP) {
					return this.#fail(new UnexpectedState(`the node does not take a transaction: ${messageOf(error)}`));
				}
			}
			// Whoever waits for the outcome hears of a failure.
			await this.nextBlock().catch(() => {});
			const waiting = this.#underWay.get(transaction);
			if (this.#failure || !waiting) return;
			this.#underWay.delete(transaction);
			transaction = await anew();
			this.#underWay.set(transaction, waiting);
		}
	}

	/** Waits until everything that is in a block now is final. */
	async untilFinal(): Promise<void> {
		while (this.#read.some(({ outcomes }) => outcomes > 0)) await this.nextBlock();
	}

	/** Resolves at the next block, read or final; rejects if there will be none. */
	async nextBlock(): Promise<void> {
		if (!this.#failure) await new Promise<void>((resolve) => this.#waiting.push(resolve));
		if (this.#failure) throw this.#failure;
	}

	#enqueue(task: () => Promise<void>): void {
		this.#work = this.#work
			.then(() => (this.#failure ? undefined : task()))
			.then(
				() => this.#wake(),
				(error: unknown) => this.#fail(error),
			);
	}

	#wake(): void {
		this.#waiting.splice(0).forEach((resume) => resume());
	}

	/** Ends everything. The next play finds in the chain's state what was done. */
	#fail(reason: unknown): void {
		this.#failure ??= reason instanceof Error ? reason : new Error(String(reason));
		for (const { reject } of this.#underWay.values()) reject(this.#failure);
		this.#underWay.clear();
		void this.stop();
		this.#wake();
	}

	#watch(): void {
		const [oldest] = this.#underWay.values();
		if (oldest && Date.now() - oldest.since > PATIENCE) {
			const newest = `the newest is block ${this.#head.number}`;
			this.#fail(new ConnectionLost(`a transaction is in no block after ${PATIENCE / 1000} s; ${newest}`));
		}
	}

	/** Reads the new ones of the blocks after the newest final one, which comes last, and notes which are final. */
	async #follow(newestFirst: readonly BlockId[]): Promise<void> {
		const newest = newestFirst[0]?.number ?? 0;
		for (let number = this.#head.number + 1; number <= newest; number++) {
			const listed = newestFirst.find((block) => block.number === number);
			await this.#readBlock({ number, hash: listed?.hash ?? (await hashOfBlock(this.#chain, number)) });
		}
		const final = newestFirst.at(-1);
		if (final) await this.#finalise(final);
	}

	/** Finds our transactions in a block by their bytes, and what became of them in its events. */
	async #readBlock(block: BlockId): Promise<void> {
		const { api, client } = this.#chain;
		const [body, records] = await Promise.all([
			client.getBlockBody(block.hash), api.query.System.Events.getValue({ at: block.hash }),
		]);
		let outcomes = 0;
		for (const [index, bytes] of body.entries()) {
			const transaction = toHex(bytes);
			const own = this.#underWay.get(transaction);
			if (!own) continue;
			this.#underWay.delete(transaction);
			const events = eventsOf(records, index);
			const outcome = { block: { ...block, index }, events, refused: await this.#refusalIn(events) };
			outcomes += 1;
			own.resolve(outcome);
		}
		this.#read.push({ block, outcomes, events: records });
		this.#head = block;
	}

	async #refusalIn(events: Receipt['events']): Promise<Refused | undefined> {
		const { api, client } = this.#chain;
		const [failed] = api.event.System.ExtrinsicFailed.filter(events);
		return failed && explain(client, failed.payload.dispatch_error);
	}

	async #finalise({ number, hash }: BlockId): Promise<void> {
		const own = this.#read.find(({ block }) => block.number === number);
		if (own && own.block.hash !== hash) {
			throw new ConnectionLost(`block ${number} was replaced by another one before it was final`);
		}
		if (!own) return;
		while (this.#read[0] && this.#read[0].block.number <= number) {
			const { block, outcomes, events } = this.#read[0];
			await this.#onFinal(block, events);
			this.finalised += outcomes;
			this.#read.shift();
		}
		await this.#signer.refresh();
	}
}
