/**
 * Many transactions at once: signed without asking the node anything, a bounded number under way, their
 * outcome read from the blocks. One subscription each for new and for final heads, instead of one for
 * every transaction.
 */
import type { KeyringPair } from '@polkadot/keyring/types';
import type { Event, EventRecord, Header, RuntimeVersion } from '@polkadot/types/interfaces';
import type { SignatureOptions } from '@polkadot/types/types';
import type { HexString } from '@polkadot/util/types';
import { type BlockId, type Call, type Chain, ConnectionLost, messageOf } from '@hanse/sdk/pjs/chain';
import { type Refused, explain } from '@hanse/sdk/pjs/errors';
import { UnexpectedState } from './state.ts';

/** Transactions that are sent and in no block yet, at most: a few blocks' worth, and small in the pool. */
const MAX_UNDER_WAY = 400;
/** Blocks in which a transaction is valid. After that it is gone for good, so it may be sent again. */
const MORTALITY = 64;
/** Milliseconds that a transaction may wait for its block. */
const PATIENCE = 60_000;
/** Blocks for which the node may find a transaction invalid: it hears of a block a little after we do. */
const BLOCKS_TO_CATCH_UP = 4;

/** What became of a transaction. */
export interface Outcome<Job> {
	job: Job;
	/** In which it is. */
	block: number;
	/** Absent if it did what it should. */
	refused: Refused | undefined;
	/** What the transaction did. */
	events: Event[];
}

/** What is done with the blocks. */
export interface Watch<Job, Note> {
	/** What `final` is to know of the events of a block. */
	read(events: EventRecord[]): Note;
	/** Hears of every final block, in order. */
	final(block: BlockId, outcomes: Outcome<Job>[], note: Note): Promise<void>;
}

interface UnderWay<Job> {
	job: Job;
	since: number;
	resolve: (outcome: Outcome<Job>) => void;
	reject: (reason: Error) => void;
}

export class Pipeline<Job, Note = void> {
	/** Transactions that reached a block, and those whose block is final. */
	included = 0;
	finalised = 0;

	readonly #chain: Chain;
	readonly #watcher: Watch<Job, Note>;
	readonly #runtimeVersion: RuntimeVersion;
	/** By the transaction's bytes. */
	readonly #underWay = new Map<HexString, UnderWay<Job>>();
	/** Blocks that were read and are not final yet. */
	readonly #read: { block: BlockId; outcomes: Outcome<Job>[]; note: Note }[] = [];
	#head: BlockId;
	#mortality: Pick<SignatureOptions, 'era' | 'blockHash'>;
	#work: Promise<void> = Promise.resolve();
	#failure: Error | undefined;
	#waiting: (() => void)[] = [];
	#stops: (() => Promise<void> | void)[] = [];

	private constructor(chain: Chain, start: BlockId, watcher: Watch<Job, Note>) {
		this.#chain = chain;
		this.#watcher = watcher;
		this.#head = start;
		this.#runtimeVersion = chain.api.runtimeVersion;
		this.#mortality = this.#mortalFrom(start);
	}

	/** Starts after block `start`, which is final. */
	static async start<Job, Note>(chain: Chain, start: BlockId, watcher: Watch<Job, Note>): Promise<Pipeline<Job, Note>> {
		const pipeline = new Pipeline<Job, Note>(chain, start, watcher);
		chain.lost.catch((error: Error) => pipeline.#fail(error));
		pipeline.#stops.push(
			await chain.headers('new', (header) => pipeline.#enqueue(() => pipeline.#follow(header))),
			await chain.headers('final', (header) => pipeline.#enqueue(() => pipeline.#finalise(header))),
		);
		const watchdog = setInterval(() => pipeline.#watch(), 1_000);
		pipeline.#stops.push(() => clearInterval(watchdog));
		return pipeline;
	}

	async stop(): Promise<void> {
		const stops = this.#stops;
		this.#stops = [];
		await Promise.all(stops.map((stop) => stop()));
	}

	/** Signs and sends `call`, and resolves when it is in a block, whether it did well there or not. */
	async send(signer: KeyringPair, nonce: number, call: Call, job: Job): Promise<Outcome<Job>> {
		while (this.#underWay.size >= MAX_UNDER_WAY) await this.nextBlock();
		if (this.#failure) throw this.#failure;
		const { api } = this.#chain;
		const options: SignatureOptions = {
			...this.#mortality,
			genesisHash: api.genesisHash,
			nonce,
			runtimeVersion: this.#runtimeVersion,
			signedExtensions: api.registry.signedExtensions,
		};
		const bytes = call.sign(signer, options).toHex();
		const outcome = new Promise<Outcome<Job>>((resolve, reject) => {
			this.#underWay.set(bytes, { job, since: Date.now(), resolve, reject });
		});
		void this.#submit(bytes);
		return outcome;
	}

	async #submit(bytes: HexString): Promise<void> {
		for (let blocks = 0; ; blocks++) {
			try {
				return void (await this.#chain.request('author_submitExtrinsic', bytes));
			} catch (error) {
				const reason = messageOf(error);
				if (!reason.startsWith('1010') || blocks === BLOCKS_TO_CATCH_UP) {
					return this.#fail(new UnexpectedState(`the node does not take a transaction: ${reason}`));
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
				(error: unknown) => this.#fail(error instanceof Error ? error : new Error(String(error))),
			);
	}

	#wake(): void {
		const waiting = this.#waiting;
		this.#waiting = [];
		waiting.forEach((resume) => resume());
	}

	/** Ends everything: who plays again finds in the chain's state what was done. */
	#fail(reason: Error): void {
		this.#failure ??= reason;
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

	#mortalFrom({ number, hash }: BlockId): Pick<SignatureOptions, 'era' | 'blockHash'> {
		const era = this.#chain.api.registry.createType('ExtrinsicEra', { current: number, period: MORTALITY });
		return { era, blockHash: hash };
	}

	async #follow(header: Header): Promise<void> {
		const newest = header.number.toNumber();
		for (let number = this.#head.number + 1; number <= newest; number++) {
			const hash = number === newest ? header.hash.toHex() : (await this.#chain.api.rpc.chain.getBlockHash(number)).toHex();
			await this.#readBlock({ number, hash });
		}
	}

	/** Finds our transactions in a block by their bytes, and what became of them in its events. */
	async #readBlock(block: BlockId): Promise<void> {
		const { api, request } = this.#chain;
		const body = await request<{ block: { extrinsics: HexString[] } }>('chain_getBlock', block.hash);
		const ours = new Map<number, UnderWay<Job>>();
		body.block.extrinsics.forEach((bytes, index) => {
			const found = this.#underWay.get(bytes);
			if (found) {
				ours.set(index, found);
				this.#underWay.delete(bytes);
			}
		});
		const outcomes: Outcome<Job>[] = [];
		const state = await api.at(block.hash, this.#runtimeVersion);
		const records = [...(await state.query.system.events())];
		if (ours.size > 0) {
			const refusals = new Map<number, Refused>();
			const events = new Map<number, Event[]>([...ours.keys()].map((index) => [index, []]));
			for (const { phase, event } of records) {
				if (!phase.isApplyExtrinsic) continue;
				const index = phase.asApplyExtrinsic.toNumber();
				events.get(index)?.push(event);
				if (state.events.system.ExtrinsicFailed.is(event)) refusals.set(index, explain(api, event.data.dispatchError));
			}
			for (const [index, { job, resolve }] of ours) {
				const outcome = { job, block: block.number, refused: refusals.get(index), events: events.get(index) ?? [] };
				outcomes.push(outcome);
				resolve(outcome);
			}
		}
		this.included += outcomes.length;
		this.#read.push({ block, outcomes, note: this.#watcher.read(records) });
		this.#head = block;
	}

	async #finalise(header: Header): Promise<void> {
		const number = header.number.toNumber();
		if (number > this.#head.number) await this.#follow(header);
		const own = this.#read.find(({ block }) => block.number === number);
		if (own && own.block.hash !== header.hash.toHex()) {
			throw new ConnectionLost(`block ${number} was replaced by another one before it was final`);
		}
		while (this.#read[0] && this.#read[0].block.number <= number) {
			const { block, outcomes, note } = this.#read[0];
			await this.#watcher.final(block, outcomes, note);
			this.finalised += outcomes.length;
			this.#read.shift();
		}
		this.#mortality = this.#mortalFrom({ number, hash: header.hash.toHex() });
	}
}
