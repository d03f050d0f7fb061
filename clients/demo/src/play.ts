/** Sends what is still to be played, month by month. */
import type { Event } from '@polkadot/types/interfaces';
import { type Call, type Chain, finalisedHead } from '@hanse/sdk/pjs/chain';
import { wellKnown } from '@hanse/sdk/pjs/keys';
import { Calls } from './calls.ts';
import type { Happening } from './clearing.ts';
import { Customers } from './customers.ts';
import { clearedIn, happenings } from './follow.ts';
import { type Journal, JournalError } from './journal.ts';
import { Debut, type Stage, openLines } from './newcomer.ts';
import { type Outcome, Pipeline } from './pipeline.ts';
import type { Action, Batch, Plan, Refund, Step } from './plan.ts';
import { type At, at, recall, recallPrograms, servedOrderOf } from './recall.ts';
import { FOUNDERS, LINES, LONGEST_PENDING, NEWCOMER, SHOPS, shopAt } from './shops.ts';
import {
	UnexpectedState, eraAt, exist, readAccounts, readCycleBegan, readPending, readPlaces, readRules, readTimes, takesOrders,
} from './state.ts';

/** Registrations in one transaction. */
const MAX_REGISTRATIONS = 100;
/**
 * Months whose awards are issued before a month's actions: pending ones have matured when their turn comes.
 * Actions take no more points than the plan knows of in their month, so awards of later ones do not touch them.
 */
const MONTHS_AHEAD = 2;
/** Milliseconds for which a customer's consent is good: longer than a play, and shorter than an hour. */
const CONSENT = 50 * 60 * 1000;

type Job =
	| { kind: 'create' | 'register' | 'grant' | 'debut' }
	| { kind: 'issue' | 'cancel'; batch: Batch }
	| { kind: 'act'; action: Action }
	| { kind: 'refund'; refund: Refund };

export interface Progress {
	month: string;
	/** Transactions of this play that are in a block, of how many, and those in a final block. */
	included: number;
	total: number;
	finalised: number;
	/** Purchases on the chain, from earlier plays too. */
	purchases: number;
	/** When all are played: when positions settle, in milliseconds since 1970. */
	settles: number | undefined;
}

/** What a play took. */
export interface Sent {
	transactions: number;
	/** When the purchases were final, and when the newcomer had paid what it owed, in milliseconds since 1970. */
	played: number;
	over: number;
}

/** Plays what the journal does not know as done; nothing if all is. */
export async function play(
	chain: Chain,
	here: At,
	plan: Plan,
	journal: Journal,
	onProgress: (progress: Progress) => void,
): Promise<Sent | undefined> {
	const { start } = journal;
	if (!start) throw new JournalError(`${journal.path} has no start`);
	const customers = new Customers(start);
	await recall(chain, here, journal, plan, customers);
	const player = new Player(chain, plan, journal, customers, onProgress);
	return player.play(here);
}

class Player {
	readonly #chain: Chain;
	readonly #plan: Plan;
	readonly #journal: Journal;
	readonly #customers: Customers;
	readonly #calls: Calls;
	readonly #onProgress: (progress: Progress) => void;
	readonly #shopNonces: number[] = [];
	#pipeline!: Pipeline<Job, Happening[]>;
	#unregistered = new Set<number>();
	/** When what an earlier play issued has matured, and what this one issued for each month. */
	#recalled = 0;
	readonly #matures: number[] = [];
	/** Calls that were made while there was nothing else to do, by action. */
	readonly #made = new Map<number, Call>();
	/** Until when customers agree. */
	#until = 0;
	/** Awards that are being taken back: nothing waits for them but the end. */
	readonly #cancelling: Promise<void>[] = [];
	#month = '';
	/** When positions settle, in milliseconds since 1970, once nothing else is to come. */
	#settles: number | undefined;
	#total = 0;

	constructor(
		chain: Chain,
		plan: Plan,
		journal: Journal,
		customers: Customers,
		onProgress: (progress: Progress) => void,
	) {
		this.#chain = chain;
		this.#plan = plan;
		this.#journal = journal;
		this.#customers = customers;
		this.#calls = new Calls(chain.api, journal, customers);
		this.#onProgress = onProgress;
	}

	async play(here: At): Promise<Sent | undefined> {
		const { steps } = this.#plan;
		const programs = await recallPrograms(here, this.#journal);
		const missing = [...FOUNDERS.keys()].filter((shop) => programs[shop] === undefined);
		const lines = await openLines(here.state, LINES);
		const debut = await Debut.recall(here, programs[NEWCOMER]);
		this.#unregistered = await this.#readUnregistered(here);
		const cancellable = await this.#readCancellable(here);
		this.#total = missing.length + 2 * lines.length + debut.open + steps.reduce((n, step) => n + this.#open(step), 0) + cancellable.length;
		if (this.#total === 0) return undefined;

		await this.#ensureFirstPeriod(here, programs);
		// An earlier play may have issued something right before.
		this.#recalled = here.now + LONGEST_PENDING;
		this.#until = here.now + CONSENT;
		for (const { key } of FOUNDERS) {
			this.#shopNonces.push(await this.#chain.request<number>('system_accountNextIndex', wellKnown(key).address));
		}
		this.#pipeline = await Pipeline.start<Job, Happening[]>(this.#chain, here.block, {
			read: happenings,
			final: (block, outcomes, happened) => this.#note(block, outcomes, happened),
		});
		const ticker = setInterval(() => this.#tick(), 200);
		try {
			for (const batch of cancellable) this.#cancel(batch);
			this.#month = 'programs';
			let goAhead!: () => void;
			const debuted = debut.play(this.#stage(), new Promise((resolve) => (goAhead = resolve)));
			// Whoever plays on meanwhile looks at it at the end.
			debuted.catch(() => {});
			await this.#all([
				...missing.map((shop) => this.#sendAsShop(shop, this.#calls.create(shop), { kind: 'create' })),
				...lines.map((line) => this.#sendAsShop(line.creditor, this.#calls.grant(line), { kind: 'grant' })),
			]);
			// What nobody granted cannot be accepted.
			await this.#all(lines.map((line) => this.#sendAsShop(line.debtor, this.#calls.accept(line), { kind: 'grant' })));
			await this.#notePrograms(missing.length > 0);
			await this.#openEra();
			goAhead();
			this.#month = steps[0]?.month ?? '';
			await this.#all(steps.slice(0, MONTHS_AHEAD).flatMap((_, month) => this.#prepare(month)));
			for (const [month, step] of steps.entries()) {
				this.#month = step.month;
				await this.#untilMatured(month);
				const sent = [...(await this.#act(step)), ...this.#refund(step), ...this.#prepare(month + MONTHS_AHEAD)];
				this.#makeCalls(steps[month + 1]);
				await this.#all(sent);
			}
			await Promise.all(this.#cancelling);
			await this.#pipeline.untilFinal();
			const played = Date.now();
			this.#settles = await this.#endOfCycle();
			await debuted;
			await this.#pipeline.untilFinal();
			await this.#notePrograms(false);
			this.#tick();
			return { transactions: this.#pipeline.finalised, played, over: Date.now() };
		} finally {
			clearInterval(ticker);
			await this.#pipeline.stop();
		}
	}

	#tick(): void {
		const { included, finalised } = this.#pipeline;
		const batches = this.#plan.steps.flatMap((step) => step.batches);
		const purchases = batches.reduce((n, { id, awards }) => n + (this.#journal.batches.has(id) ? awards.length : 0), 0);
		this.#onProgress({ month: this.#month, included, total: this.#total, finalised, purchases, settles: this.#settles });
	}

	/** Waits until all are in a block. A customer's refused action is noted; a shop's ends the play. */
	async #all(sent: Promise<Outcome<Job>>[]): Promise<void> {
		for (const { job, refused } of await Promise.all(sent)) {
			if (refused && job.kind !== 'act') throw new UnexpectedState(`the chain refuses to ${job.kind}: ${refused.message}`);
		}
	}

	async #note(block: At['block'], outcomes: Outcome<Job>[], happened: Happening[]): Promise<void> {
		const idsOf = (kind: 'issue' | 'cancel', wasRefused: boolean) =>
			outcomes.flatMap(({ job, refused }) => (job.kind === kind && (refused !== undefined) === wasRefused ? [job.batch.id] : []));
		const acts = outcomes.flatMap(({ job, refused }) => (job.kind === 'act' ? [{ id: job.action.id, refused }] : []));
		const entry = {
			batches: idsOf('issue', false),
			cancelled: idsOf('cancel', false),
			kept: idsOf('cancel', true),
			actions: acts.map(({ id }) => id),
			refunds: outcomes.flatMap(({ job, refused }) => (job.kind === 'refund' && !refused ? [job.refund.payment] : [])),
			refused: Object.fromEntries(acts.flatMap(({ id, refused }) => (refused ? [[id, refused.message]] : []))),
		};
		const cleared = await clearedIn(this.#chain, block, happened, this.#journal.cycle);
		if (happened.length > 0 || cleared.cycle !== this.#journal.cycle) this.#journal.write(cleared);
		if (outcomes.length > 0) this.#journal.write({ kind: 'final', block, ...entry });
	}

	#sendAsShop(shop: number, call: Call, job: Job): Promise<Outcome<Job>> {
		const nonce = this.#shopNonces[shop] ?? 0;
		this.#shopNonces[shop] = nonce + 1;
		return this.#pipeline.send(wellKnown(shopAt(shop).key), nonce, call, job);
	}

	async #endOfCycle(): Promise<number> {
		const { api } = this.#chain;
		return (await readCycleBegan(api)) + (await readRules(api)).cycle;
	}

	/** What the newcomer's debut needs. */
	#stage(): Stage {
		return {
			chain: this.#chain,
			calls: this.#calls,
			customers: this.#customers,
			journal: this.#journal,
			until: this.#until,
			asShop: (shop, call) => this.#sendAsShop(shop, call, { kind: 'debut' }),
			as: (pair, nonce, call) => this.#pipeline.send(pair, nonce, call, { kind: 'debut' }),
			nextBlock: () => this.#pipeline.nextBlock(),
		};
	}

	/** Those of the founders, before anything is issued, and at the end the newcomer's. */
	async #notePrograms(created: boolean): Promise<void> {
		if (this.#journal.programs?.length === SHOPS.length) return;
		// A number that was given in a block which is never final must not get into the journal.
		if (created) await this.#pipeline.untilFinal();
		const programs = await recallPrograms(await this.#finalNow(), this.#journal);
		const known = programs.filter((program) => program !== undefined);
		if (known.length < FOUNDERS.length) throw new UnexpectedState('the programs that were created are not there');
		if (known.length > (this.#journal.programs?.length ?? 0)) this.#journal.write({ kind: 'programs', programs: known });
	}

	/** The era of the orders to come: that of the first, as long as the chain takes it. */
	async #openEra(): Promise<void> {
		const here = await this.#finalNow();
		const { era } = this.#journal;
		if (era === undefined || !(await takesOrders(era, here))) this.#journal.write({ kind: 'era', era: eraAt(here.now) });
	}

	async #finalNow(): Promise<At> {
		return at(this.#chain, await finalisedHead(this.#chain.api));
	}

	async #readUnregistered({ block }: At): Promise<Set<number>> {
		const { customers } = this.#plan;
		const keys = customers.map((customer) => [this.#customers.address(customer)]);
		const found = await exist(this.#chain, block.hash, 'customers', 'registrations', keys);
		return new Set(customers.filter((_, index) => !found[index]));
	}

	/** What an earlier play issued, was to take back, and still can. */
	async #readCancellable({ state }: At): Promise<Batch[]> {
		const open = this.#plan.steps.flatMap(({ batches }) => batches).filter((batch) => this.#isUncancelled(batch));
		const places = await readPlaces(state, open.map((batch) => servedOrderOf(batch, this.#journal, this.#customers)));
		return open.filter((_, index) => places[index] === 'Pending');
	}

	#isUncancelled({ id, returned }: Batch): boolean {
		const { batches, cancelled, kept } = this.#journal;
		return returned && batches.has(id) && !cancelled.has(id) && !kept.has(id);
	}

	#openBatches = (step: Step) => step.batches.filter(({ id }) => !this.#journal.batches.has(id));
	#openRefunds = (step: Step) =>
		step.refunds.filter(({ payment }) => !this.#journal.refunds.has(payment) && !this.#journal.refused.has(payment));
	#openActions = (step: Step) => step.actions.filter(({ id }) => !this.#journal.actions.has(id));

	/** Registrations that are open, in pieces, by shop. */
	#openRegistrations(step: Step): [shop: number, customers: number[]][] {
		return step.registrations.flatMap((all, shop) => {
			const open = all.filter((customer) => this.#unregistered.has(customer));
			const pieces = Math.ceil(open.length / MAX_REGISTRATIONS);
			const piece = (i: number): [number, number[]] => [shop, open.slice(i * MAX_REGISTRATIONS, (i + 1) * MAX_REGISTRATIONS)];
			return Array.from({ length: pieces }, (_, i) => piece(i));
		});
	}

	/** How many transactions a step still takes. */
	#open(step: Step): number {
		const batches = this.#openBatches(step);
		const cancels = batches.filter(({ returned }) => returned).length;
		return batches.length + cancels + this.#openRegistrations(step).length + this.#openActions(step).length + this.#openRefunds(step).length;
	}

	/** Registers a month's new customers and issues its awards; nothing if there is no such month. */
	#prepare(month: number): Promise<Outcome<Job>>[] {
		const step = this.#plan.steps[month];
		if (!step) return [];
		const registered = this.#openRegistrations(step).map(([shop, customers]) =>
			this.#sendAsShop(shop, this.#calls.register(shop, customers, this.#until), { kind: 'register' }));
		return [...registered, ...this.#openBatches(step).map((batch) => this.#issue(month, batch))];
	}

	async #issue(month: number, batch: Batch): Promise<Outcome<Job>> {
		const issued = this.#sendAsShop(batch.shop, this.#calls.issue(batch), { kind: 'issue', batch });
		// The shop's next transaction: nothing comes between the two, so that no window closes on a slow machine.
		if (batch.returned) this.#cancel(batch);
		const outcome = await issued;
		const matures = maturesIn(outcome.events) ?? 0;
		this.#matures[month] = Math.max(this.#matures[month] ?? 0, matures);
		return outcome;
	}

	/** Takes an award back. If it matured before that, the customer keeps it. */
	#cancel(batch: Batch): void {
		const sent = this.#sendAsShop(batch.shop, this.#calls.cancel(batch), { kind: 'cancel', batch });
		const done = sent.then(({ refused }) => {
			if (refused && refused.reason !== 'points.NotPending') {
				throw new UnexpectedState(`the chain refuses to take an award back: ${refused.message}`);
			}
		});
		// Whoever plays on meanwhile looks at it at the end.
		done.catch(() => {});
		this.#cancelling.push(done);
	}

	/** Waits for the awards that a month's actions need: those of the months before. */
	async #untilMatured(month: number): Promise<void> {
		const needed = Math.max(this.#recalled, ...this.#matures.slice(0, month).filter((matures) => matures));
		for (;;) {
			const [next] = await readPending(this.#chain, 1);
			if (!next || next.matures > needed) return;
			await this.#pipeline.nextBlock();
		}
	}

	/** Takes payments of the month before back, which are in a block by now. */
	#refund(step: Step): Promise<Outcome<Job>>[] {
		return this.#openRefunds(step).map((refund) => {
			// What the journal does not know yet was paid in this play.
			const era = this.#journal.actions.get(refund.payment) ?? this.#journal.era ?? 0;
			return this.#sendAsShop(refund.merchant, this.#calls.refund(refund, era), { kind: 'refund', refund });
		});
	}

	#makeCalls(step: Step | undefined): void {
		for (const action of step ? this.#openActions(step) : []) this.#made.set(action.id, this.#calls.act(action));
	}

	async #act(step: Step): Promise<Promise<Outcome<Job>>[]> {
		const actions = this.#openActions(step);
		// Whoever spends all its points has no account until it gets others, and then begins with another nonce.
		const addresses = actions.map(({ customer }) => this.#customers.address(customer));
		const accounts = await readAccounts(this.#chain.api, addresses);
		return actions.map((action, index) => {
			const nonce = accounts[index]?.nonce ?? 0;
			const call = this.#made.get(action.id) ?? this.#calls.act(action);
			return this.#pipeline.send(this.#customers.pair(action.customer), nonce, call, { kind: 'act', action });
		});
	}

	/** The plan knows one vintage of each program; a play that is taken up too late would need another. */
	async #ensureFirstPeriod({ state, now }: At, programs: (number | undefined)[]): Promise<void> {
		for (const program of programs) {
			if (program === undefined) continue;
			if ((await readTimes(state, program)).periodEnds <= now) {
				const over = `the first period of program ${program} is over`;
				throw new UnexpectedState(`this play began so long ago that ${over}; play into a fresh chain`);
			}
		}
	}
}

/** When what was issued matures, if it is pending. */
function maturesIn(events: Event[]): number | undefined {
	const event = events.find(({ section, method }) => section === 'points' && (method === 'PointsIssued' || method === 'BatchIssued'));
	const matures = (event?.data.toJSON() as unknown[] | undefined)?.[5];
	return typeof matures === 'number' ? matures : undefined;
}
