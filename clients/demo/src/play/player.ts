/** Sends what is still to be played, month by month. */
import { BEST, type Chain } from '@hanse/sdk/chain';
import { type Key, wellKnown } from '@hanse/sdk/keys';
import type { Tx } from '@hanse/sdk/send';
import { clearingEvents, clearingIn } from '../chain/clearing-events.ts';
import { readEras, takesOrders } from '../chain/eras.ts';
import { UnexpectedState } from '../chain/errors.ts';
import { type EventRecord, type Outcome, Pipeline } from '../chain/pipeline.ts';
import { type ServedOrder, readPlaces, untilNothingIsPending } from '../chain/programs.ts';
import { type BlockId, type Snapshot, finalSnapshot, hashOfBlock } from '../chain/snapshot.ts';
import { readAccounts, readCycleTimes } from '../chain/state.ts';
import type { Action, Batch, Plan, Refund, Step } from '../plan/plan.ts';
import { FOUNDERS, type Line, shopAt } from '../plan/shops.ts';
import { Calls } from './calls.ts';
import type { Customers } from './customers.ts';
import type { Journal } from './journal.ts';
import type { Newcomer } from './newcomer.ts';
import type { Remaining } from './remaining.ts';
import { findPrograms, ordersOf } from './resume.ts';

/**
 * Months whose awards are issued before a month's actions: pending ones have matured when their turn comes.
 * Actions take no more points than the plan knows of in their month, so awards of later ones do not touch them.
 */
const MONTHS_AHEAD = 2;
/** Milliseconds for which a customer's consent is good: longer than a play, and shorter than an hour. */
const CONSENT = 50 * 60 * 1000;

/** What a transaction is sent for. */
type Job =
	| { kind: 'create a program' | 'register' | 'agree on a line' | 'play the newcomer' }
	| { kind: 'issue' | 'cancel'; batch: Batch }
	| { kind: 'act'; action: Action }
	| { kind: 'refund'; refund: Refund };

type Sent = Promise<Outcome<Job>>;

export interface Progress {
	month: string;
	/** Transactions of this play that are in a block, of how many, and those in a final block. */
	included: number;
	total: number;
	finalised: number;
	/** Purchases on the chain, from earlier plays too. */
	purchases: number;
	/** When all are played: when positions settle next, in milliseconds since 1970. */
	settles: number | undefined;
}

/** What a play took. */
export interface Played {
	transactions: number;
	/** When the purchases were final, and when the newcomer had paid what it owed, in milliseconds since 1970. */
	played: number;
	over: number;
}

/** What is still to be done. */
export interface Todo {
	/** Founders. */
	withoutProgram: number[];
	lines: Line[];
	newcomer: Newcomer;
	remaining: Remaining;
}

/** What a play takes place on. */
interface Setting {
	chain: Chain;
	/** Where it begins. */
	here: Snapshot;
	plan: Plan;
	journal: Journal;
	customers: Customers;
	/** About how many transactions it takes. */
	total: number;
	onProgress(progress: Progress): void;
}

export class Player {
	readonly #setting: Setting;
	readonly #calls: Calls;
	/** Of the founders' next transactions. */
	readonly #nonces: number[];
	readonly #pipeline: Pipeline<Job>;
	readonly #ticker: NodeJS.Timeout;
	/** Until when customers agree to be registered, in milliseconds since 1970. */
	readonly #until: number;
	/** By month, of what was issued pending one order of each batch, which matures with the others. */
	readonly #pending: ServedOrder[][] = [];
	/** Awards that are being taken back: nothing waits for them but the end. */
	readonly #cancelling: Promise<void>[] = [];
	#month = 'programs';
	/** Of clearing, once nothing else is to come. */
	#cycle: { ends: number; length: number } | undefined;

	private constructor(setting: Setting, calls: Calls, nonces: number[], pipeline: Pipeline<Job>) {
		this.#setting = setting;
		this.#calls = calls;
		this.#nonces = nonces;
		this.#pipeline = pipeline;
		this.#until = setting.here.now + CONSENT;
		this.#ticker = setInterval(() => this.#tick(), 200);
	}

	static async start(setting: Setting): Promise<Player> {
		const { chain, here, journal, customers } = setting;
		const genesis = await hashOfBlock(chain, 0);
		const nonces = await Promise.all(FOUNDERS.map(({ key }) => nextNonce(chain, wellKnown(key))));
		const pipeline = await Pipeline.start<Job>(chain, here.block, (block, outcomes, events) => note(setting, block, outcomes, events));
		return new Player(setting, new Calls(chain.api, genesis, journal, customers), nonces, pipeline);
	}

	/** Returns when no block is being read, so that the connection can be closed. */
	async stop(): Promise<void> {
		clearInterval(this.#ticker);
		await this.#pipeline.stop();
	}

	/** Plays all of it, and returns when it is final and the newcomer owes nothing. */
	async play({ withoutProgram, lines, newcomer, remaining }: Todo): Promise<Played> {
		const { plan: { steps }, chain, journal } = this.#setting;
		for (const batch of remaining.returns) this.#cancel(batch);
		let goAhead!: () => void;
		const newcomerPaid = newcomer.play(this.#stage(), new Promise((resolve) => (goAhead = resolve)));
		// If it fails, that shows at the end.
		newcomerPaid.catch(() => {});
		await this.#open(withoutProgram, lines);
		// An earlier play may have issued something right before it was cut short.
		if (journal.batches.size > 0 && journal.programs) await untilNothingIsPending(chain, journal.programs);
		goAhead();
		this.#month = steps[0]?.month ?? '';
		await this.#all(steps.slice(0, MONTHS_AHEAD).flatMap((step, month) => this.#prepare(remaining, month, step)));
		for (const [month, step] of steps.entries()) {
			this.#month = step.month;
			await this.#untilMatured(month);
			const [acts, refunds] = [await this.#act(remaining.actions(step)), this.#refund(remaining.refunds(step))];
			await this.#all([...acts, ...refunds, ...this.#prepare(remaining, month + MONTHS_AHEAD, steps[month + MONTHS_AHEAD])]);
		}
		await Promise.all(this.#cancelling);
		await this.#pipeline.untilFinal();
		const played = Date.now();
		this.#cycle = await readCycleTimes(chain.api, BEST);
		await newcomerPaid;
		await this.#pipeline.untilFinal();
		await this.#notePrograms();
		this.#tick();
		return { transactions: this.#pipeline.finalised, played, over: Date.now() };
	}

	#tick(): void {
		const { plan, journal, total, onProgress } = this.#setting;
		const { included, finalised } = this.#pipeline;
		const batches = plan.steps.flatMap((step) => step.batches);
		const purchases = batches.reduce((n, { id, awards }) => n + (journal.batches.has(id) ? awards.length : 0), 0);
		const settles = this.#cycle && nextEnd(this.#cycle, Date.now());
		onProgress({ month: this.#month, included, total, finalised, purchases, settles });
	}

	/** Waits until all are in a block. A customer's refused action is noted; a shop's ends the play. */
	async #all(sent: Sent[]): Promise<void> {
		for (const { job, refused } of await Promise.all(sent)) {
			if (refused && job.kind !== 'act') throw new UnexpectedState(`the chain refuses to ${job.kind}: ${refused.message}`);
		}
	}

	#sendAsShop(shop: number, call: Tx, job: Job): Sent {
		const nonce = this.#nonces[shop] ?? 0;
		this.#nonces[shop] = nonce + 1;
		return this.#pipeline.send(wellKnown(shopAt(shop).key), nonce, call, job);
	}

	/** What the newcomer needs of the play. */
	#stage() {
		const { chain, customers, journal } = this.#setting;
		const job = { kind: 'play the newcomer' } as const;
		return {
			chain, customers, journal,
			calls: this.#calls,
			until: this.#until,
			asShop: (shop: number, call: Tx) => this.#sendAsShop(shop, call, job),
			as: async (key: Key, call: Tx) => this.#pipeline.send(key, await nextNonce(chain, key), call, job),
			nextBlock: () => this.#pipeline.nextBlock(),
		};
	}

	/** The founders' programs and lines, and the era of the orders. */
	async #open(withoutProgram: number[], lines: Line[]): Promise<void> {
		await this.#all([
			...withoutProgram.map((shop) => this.#sendAsShop(shop, this.#calls.createProgram(shop), { kind: 'create a program' })),
			...lines.map((line) => this.#sendAsShop(line.creditor, this.#calls.grantLine(line), { kind: 'agree on a line' })),
		]);
		// What nobody granted cannot be accepted.
		await this.#all(lines.map((line) => this.#sendAsShop(line.debtor, this.#calls.acceptLine(line), { kind: 'agree on a line' })));
		// A number that was given in a block which is never final must not get into the journal.
		if (withoutProgram.length > 0) await this.#pipeline.untilFinal();
		await this.#notePrograms();
		await this.#openEra();
	}

	/** Those of the founders, before anything is issued, and at the end the newcomer's. */
	async #notePrograms(): Promise<void> {
		const { chain, journal } = this.#setting;
		if (journal.allPrograms) return;
		const programs = await findPrograms(chain, await finalSnapshot(chain), journal);
		const known = programs.filter((program) => program !== undefined);
		if (known.length < FOUNDERS.length) throw new UnexpectedState('the programs that were created are not there');
		if (known.length > (journal.programs?.length ?? 0)) journal.write({ kind: 'programs', programs: known });
	}

	/** The era of the orders to come: that of the first, as long as the chain takes it. */
	async #openEra(): Promise<void> {
		const { chain, journal } = this.#setting;
		const here = await finalSnapshot(chain);
		if (journal.era !== undefined && (await takesOrders(chain.api, journal.era, here))) return;
		journal.write({ kind: 'era', era: (await readEras(chain.api, here)).current });
	}

	/** Registers a month's new customers and issues its awards; nothing if there is no such month. */
	#prepare(remaining: Remaining, month: number, step: Step | undefined): Sent[] {
		if (!step) return [];
		const registered = remaining.registrations(step).map(({ shop, customers }) =>
			this.#sendAsShop(shop, this.#calls.register(shop, customers, this.#until), { kind: 'register' }));
		return [...registered, ...remaining.batches(step).map((batch) => this.#issue(month, batch))];
	}

	#issue(month: number, batch: Batch): Sent {
		const issued = this.#sendAsShop(batch.shop, this.#calls.issue(batch), { kind: 'issue', batch });
		// The shop's next transaction: nothing comes between the two, so that no window closes on a slow machine.
		if (batch.returned) this.#cancel(batch);
		else if (shopAt(batch.shop).pending > 0) {
			const { journal, customers } = this.#setting;
			(this.#pending[month] ??= []).push(...ordersOf(batch, journal, customers).slice(0, 1));
		}
		return issued;
	}

	/** Takes an award back. If it matured before that, the customer keeps it. */
	#cancel(batch: Batch): void {
		const sent = this.#sendAsShop(batch.shop, this.#calls.cancel(batch), { kind: 'cancel', batch });
		const done = sent.then(({ refused }) => {
			if (refused && refused.reason !== 'points.NotPending') {
				throw new UnexpectedState(`the chain refuses to take an award back: ${refused.message}`);
			}
		});
		// If it fails, that shows at the end.
		done.catch(() => {});
		this.#cancelling.push(done);
	}

	/** Waits for the awards that a month's actions need: those of the months before. */
	async #untilMatured(month: number): Promise<void> {
		const needed = this.#pending.slice(0, month).flat();
		while ((await readPlaces(this.#setting.chain.api, needed, BEST)).includes('Pending')) await this.#pipeline.nextBlock();
		this.#pending.fill([], 0, month);
	}

	/** Takes payments of the month before back, which are in a block by now. */
	#refund(refunds: Refund[]): Sent[] {
		const { journal } = this.#setting;
		return refunds.map((refund) => {
			// What the journal does not know yet was paid in this play.
			const era = journal.actions.get(refund.payment) ?? journal.era ?? 0;
			return this.#sendAsShop(refund.merchant, this.#calls.refund(refund, era), { kind: 'refund', refund });
		});
	}

	async #act(actions: Action[]): Promise<Sent[]> {
		const { chain, customers } = this.#setting;
		// Whoever spends all its points has no account until it gets others, and then begins with another nonce.
		const accounts = await readAccounts(chain.api, actions.map(({ customer }) => customers.address(customer)), BEST);
		return actions.map((action, index) =>
			this.#pipeline.send(customers.key(action.customer), accounts[index]?.nonce ?? 0, this.#calls.act(action), { kind: 'act', action }));
	}
}

/** Notes in the journal what is final. */
async function note({ chain, journal }: Setting, block: BlockId, outcomes: Outcome<Job>[], events: EventRecord[]): Promise<void> {
	const idsOf = (kind: 'issue' | 'cancel', wasRefused: boolean) =>
		outcomes.flatMap(({ job, refused }) => (job.kind === kind && (refused !== undefined) === wasRefused ? [job.batch.id] : []));
	const acts = outcomes.flatMap(({ job, refused }) => (job.kind === 'act' ? [{ id: job.action.id, refused }] : []));
	const clearing = await clearingIn(chain, block, clearingEvents(events), journal.cycle);
	if (clearing.events.length > 0 || clearing.cycle !== journal.cycle) journal.write(clearing);
	if (outcomes.length === 0) return;
	journal.write({
		kind: 'final',
		block,
		batches: idsOf('issue', false),
		cancelled: idsOf('cancel', false),
		kept: idsOf('cancel', true),
		actions: acts.map(({ id }) => id),
		refunds: outcomes.flatMap(({ job, refused }) => (job.kind === 'refund' && !refused ? [job.refund.payment] : [])),
		refused: Object.fromEntries(acts.flatMap(({ id, refused }) => (refused ? [[id, refused.message]] : []))),
	});
}

/** When the cycle ends that runs at `now`. */
const nextEnd = ({ ends, length }: { ends: number; length: number }, now: number): number =>
	ends + Math.max(0, Math.ceil((now - ends) / length)) * length;

/** Of the next transaction of `key`, with those in the pool counted in. */
const nextNonce = (chain: Chain, { address }: Key): Promise<number> => chain.request<number>('system_accountNextIndex', address);
