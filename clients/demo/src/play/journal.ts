/**
 * What the player must remember between two plays on the same chain: one JSON object a line, appended,
 * and on disk before anything that depends on it is sent.
 */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import type { ClearingBlock } from '../books/clearing.ts';
import type { BlockId } from '../chain/snapshot.ts';
import { SHOPS } from '../plan/shops.ts';
import type { Secrets } from './customers.ts';

/** The journal cannot be used for this play. */
export class JournalError extends Error {}

/** Where a play began. Amounts are decimal text. */
export interface Start extends Secrets {
	kind: 'start';
	/** What is played: a hash of the plan. */
	plan: string;
	/** The final block after which it began. */
	block: BlockId;
	/** By shop: what was in its reserve. */
	reserves: string[];
	/** By shop: what it had put into its reserve and taken out. */
	reserveFlows: { toppedUp: string; drawnDown: string }[];
	/** Of every member. */
	bond: string;
	/** The settlement units that existed. */
	issuance: string;
	/** The clearing cycle that ran. */
	cycle: number;
	/** When block 1 was made, in milliseconds since 1970; unknown if it was long ago. */
	firstBlock: number | null;
}

type Entry =
	| Start
	/** The program of each shop. */
	| { kind: 'programs'; programs: number[] }
	/** The era of the orders that do not go through the gateway, from here on. */
	| { kind: 'era'; era: number }
	| Paused
	| ClearingBlock
	| Final;

/** The chain was asked for a payment at a partner, and said that the newcomer's points pause there. */
export interface Paused {
	kind: 'paused';
	block: number;
	/** Of the block, in milliseconds. */
	now: number;
	reason: string;
}

/** A final block, and what was heard of until then. */
export interface Final {
	kind: 'final';
	block: BlockId;
	/** The batches that were issued. */
	batches: number[];
	/** Batches that were taken back, and those that were to be and matured before. */
	cancelled: number[];
	kept: number[];
	/** The actions, and why those were refused that were. */
	actions: number[];
	refused: Record<number, string>;
	/** The payments that were refunded. */
	refunds: number[];
}

export class Journal {
	readonly path: string;
	/** Whether an earlier play began, and may have done more than it noted. */
	readonly wasBegun: boolean;
	readonly #file: number;
	#start: Start | undefined;
	programs: number[] | undefined;
	era: number | undefined;
	/** The era of the first orders. */
	firstEra: number | undefined;
	/** The newest final block of which something was noted. */
	checkpoint: BlockId | undefined;
	readonly batches = new Set<number>();
	readonly cancelled = new Set<number>();
	readonly kept = new Set<number>();
	readonly actions = new Set<number>();
	readonly refunds = new Set<number>();
	/** Reasons by action. */
	readonly refused = new Map<number, string>();
	/** What happened in clearing. */
	readonly clearing: ClearingBlock[] = [];
	paused: Paused | undefined;

	/** Opens the journal at `path`, or begins one. */
	constructor(path: string) {
		this.path = path;
		const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
		// A line that was being written when the player died says nothing that anything was built on.
		const whole = text.slice(0, text.lastIndexOf('\n') + 1);
		whole.split('\n').forEach((line, index) => {
			if (line) this.#apply(parse(line, `${path}, line ${index + 1}`));
		});
		this.wasBegun = this.isBegun;
		if (whole.length < text.length) truncateSync(path, Buffer.byteLength(whole));
		this.#file = openSync(path, 'a', 0o600);
	}

	/** Appends `entry` and returns when it is on disk. */
	write(entry: Entry): void {
		writeSync(this.#file, `${JSON.stringify(entry)}\n`);
		fsyncSync(this.#file);
		this.#apply(entry);
	}

	/** Whether a play began. */
	get isBegun(): boolean {
		return this.#start !== undefined;
	}

	/** Where the play began. */
	get start(): Start {
		if (!this.#start) throw new JournalError(`${this.path} has no start`);
		return this.#start;
	}

	/** The programs, once all shops have one. */
	get allPrograms(): number[] | undefined {
		return this.programs?.length === SHOPS.length ? this.programs : undefined;
	}

	/** The clearing cycle that ran when the journal ends. */
	get cycle(): number {
		return this.clearing.at(-1)?.cycle ?? this.start.cycle;
	}

	close(): void {
		closeSync(this.#file);
	}

	#apply(entry: Entry): void {
		switch (entry.kind) {
			case 'start':
				this.#start = entry;
				break;
			case 'programs':
				this.programs = entry.programs;
				break;
			case 'era':
				this.era = entry.era;
				this.firstEra ??= entry.era;
				break;
			case 'paused':
				this.paused = entry;
				break;
			case 'clearing':
				this.clearing.push(entry);
				break;
			case 'final':
				this.checkpoint = entry.block;
				entry.batches.forEach((id) => this.batches.add(id));
				entry.cancelled.forEach((id) => this.cancelled.add(id));
				entry.kept.forEach((id) => this.kept.add(id));
				entry.actions.forEach((id) => this.actions.add(id));
				entry.refunds.forEach((id) => this.refunds.add(id));
				Object.entries(entry.refused).forEach(([id, reason]) => this.refused.set(Number(id), reason));
				break;
		}
	}
}

function parse(line: string, where: string): Entry {
	try {
		return JSON.parse(line) as Entry;
	} catch {
		throw new JournalError(`${where}: this is no journal of the player`);
	}
}
