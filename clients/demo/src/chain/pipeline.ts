/**
 * Many transactions at once: signed without asking the node anything, a bounded number under way, their
 * outcome read from the blocks. Each block is read once, instead of a subscription for every transaction.
 */
import { toHex } from 'polkadot-api/utils';
import { type Api, type Chain, ConnectionLost, messageOf } from '@hanse/sdk/chain';
import { type Refused, explain } from '@hanse/sdk/errors';
import type { Key } from '@hanse/sdk/keys';
import type { Receipt, Tx } from '@hanse/sdk/send';
import { UnexpectedState } from './errors.ts';
import { OfflineSigner } from './signing.ts';
import { type BlockId, hashOfBlock } from './snapshot.ts';

/** Transactions that are sent and in no block yet, at most: a few blocks' worth, and small in the pool. */
const MAX_UNDER_WAY = 400;
/** Milliseconds that a transaction may wait for its block. */
const PATIENCE = 60_000;
/** Blocks for which the node may find a transaction invalid: it hears of a block a little after we do. */
const BLOCKS_TO_CATCH_UP = 4;
/** The node's code for a transaction that its pool finds invalid. */
const INVALID_TRANSACTION = 1010;

export type EventRecord = Awaited<ReturnType<Api['query']['System']['Events']['getValue']>>[number];

/** What became of a transaction: the block it is in, and the events of the transaction alone. */
export interface Outcome<Job> extends Receipt {
	job: Job;
	/** Absent if it did what it should. */
	refused: Refused | undefined;
}

/** Hears of every final block, in order, with the outcomes of what was sent and all its events. */
export type OnFinal<Job> = (block: BlockId, outcomes: Outcome<Job>[], events: EventRecord[]) => Promise<void>;

interface UnderWay<Job> {
	job: Job;
	since: number;
	resolve: (outcome: Outcome<Job>) => void;
	reject: (reason: Error) => void;
}

export class Pipeline<Job> {
	/** Transactions that reached a block, and those whose block is final. */
	included = 0;
	finalised = 0;

	readonly #chain: Chain;
	readonly #onFinal: OnFinal<Job>;
	readonly #signer: OfflineSigner;
	/** By the transaction's bytes. */
	readonly #underWay = new Map<string, UnderWay<Job>>();
	/** Blocks that were read and are not final yet. */
	readonly #read: { block: BlockId; outcomes: Outcome<Job>[]; events: EventRecord[] }[] = [];
	#head: BlockId;
	#sent = 0;
	#work: Promise<void> = Promise.resolve();
	#failure: Error | undefined;
	#waiting: (() => void)[] = [];
	#stops: (() => void)[] = [];

	private constructor(chain: Chain, start: BlockId, onFinal: OnFinal<Job>) {
		this.#chain = chain;
		this.#onFinal = onFinal;
		this.#head = start;
		this.#signer = new OfflineSigner(chain);
	}

	/** Starts after block `start`, which is final. */
	static async start<Job>(chain: Chain, start: BlockId, onFinal: OnFinal<Job>): Promise<Pipeline<Job>> {
		const pipeline = new Pipeline<Job>(chain, start, onFinal);
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
	async send(key: Key, nonce: number, call: Tx, job: Job): Promise<Outcome<Job>> {
		while (this.#sent - this.included >= MAX_UNDER_WAY) await this.nextBlock();
		if (this.#failure) throw this.#failure;
		this.#sent += 1;
		const transaction = toHex(this.#signer.sign(key, nonce, await call.getEncodedData()));
		const outcome = new Promise<Outcome<Job>>((resolve, reject) => {
			this.#underWay.set(transaction, { job, since: Date.now(), resolve, reject });
		});
		void this.#submit(transaction);
		return outcome;
	}

	async #submit(transaction: string): Promise<void> {
		for (let blocks = 0; ; blocks++) {
			try {
				return void (await this.#chain.request('author_submitExtrinsic', transaction));
			} catch (error) {
				const isInvalid = error instanceof Error && 'code' in error && error.code === INVALID_TRANSACTION;
				if (!isInvalid || blocks === BLOCKS_TO_CATCH_UP) {
					return this.#fail(new UnexpectedState(`the node does not take a transaction: ${messageOf(error)}`));
				}
			}
			// Whoever waits for the outcome hears of a failure.
			await this.nextBlock().catch(() => {});
			if (this.#failure) return;
		}
	}

	/** Waits until everything that is in a block now is final. */
	async untilFinal(): Promise<void> {
		while (this.#read.some(({ outcomes }) => outcomes.length > 0)) await this.nextBlock();
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
		const outcomes: Outcome<Job>[] = [];
		for (const [index, bytes] of body.entries()) {
			const transaction = toHex(bytes);
			const own = this.#underWay.get(transaction);
			if (!own) continue;
			this.#underWay.delete(transaction);
			const events = records.filter(({ phase }) => phase.type === 'ApplyExtrinsic' && phase.value === index)
				.map((record) => ({ ...record, ...record.event }));
			const outcome = { job: own.job, block: { ...block, index }, events, refused: await this.#refusalIn(events) };
			outcomes.push(outcome);
			own.resolve(outcome);
		}
		this.included += outcomes.length;
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
			await this.#onFinal(block, outcomes, events);
			this.finalised += outcomes.length;
			this.#read.shift();
		}
		await this.#signer.refresh();
	}
}
