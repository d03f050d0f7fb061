/** Sends what is still to be played, month by month. */
import { type Call, type Chain, call, finalisedHead } from '../lib/chain.ts';
import { wellKnown } from '../lib/keys.ts';
import { Customers } from './customers.ts';
import { type Journal, JournalError } from './journal.ts';
import { type Outcome, Pipeline } from './pipeline.ts';
import type { Action, Batch, Plan, Step } from './plan.ts';
import { type At, at, recall, recallPrograms } from './recall.ts';
import { SHOPS, shopAt } from './shops.ts';
import { UnexpectedState, assetOf, eraAt, readAccounts, readTimes, takesOrders } from './state.ts';

/** What a customer gets for the fee of one action until fees are sponsored, in micro-units: about twice that. */
const FEES_PER_ACTION = 10_000n;
/** Transfers in one transaction. */
const MAX_TRANSFERS = 200;

type Job = { kind: 'create' | 'fund' } | { kind: 'batch'; batch: Batch } | { kind: 'action'; action: Action };

export interface Progress {
	month: string;
	/** Transactions of this play that are in a block, of how many, and those in a final block. */
	included: number;
	total: number;
	finalised: number;
	/** Purchases on the chain, from earlier plays too. */
	purchases: number;
}

/** Plays what the journal does not know as done; returns the number of transactions that this took. */
export async function play(
	chain: Chain,
	here: At,
	plan: Plan,
	journal: Journal,
	onProgress: (progress: Progress) => void,
): Promise<number> {
	const { start } = journal;
	if (!start) throw new JournalError(`${journal.path} has no start`);
	const customers = new Customers(start.secret, start.salt);
	await recall(chain, here, journal, plan, customers);
	const player = new Player(chain, plan, journal, customers, onProgress);
	return player.play(here);
}

class Player {
	readonly #chain: Chain;
	readonly #plan: Plan;
	readonly #journal: Journal;
	readonly #customers: Customers;
	readonly #onProgress: (progress: Progress) => void;
	readonly #shopNonces: number[] = [];
	#pipeline!: Pipeline<Job>;
	#month = '';
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
		this.#onProgress = onProgress;
	}

	async play(here: At): Promise<number> {
		const { steps } = this.#plan;
		const programs = await recallPrograms(here, this.#journal);
		const missing = [...SHOPS.keys()].filter((shop) => programs[shop] === undefined);
		const unfunded = this.#journal.nonces ? [] : await this.#unfunded(here);
		const open = steps.reduce((n, step) => n + this.#openBatches(step).length + this.#openActions(step).length, 0);
		this.#total = missing.length + Math.ceil(unfunded.length / MAX_TRANSFERS) + open;
		if (this.#total === 0) return 0;

		await this.#ensureFirstPeriod(here, programs);
		for (const { key } of SHOPS) {
			this.#shopNonces.push(await this.#chain.request<number>('system_accountNextIndex', wellKnown(key).address));
		}
		this.#pipeline = await Pipeline.start(this.#chain, here.block, (block, outcomes) => this.#note(block, outcomes));
		const ticker = setInterval(() => this.#tick(), 200);
		try {
			this.#month = 'programs';
			await this.#all(missing.map((shop) => this.#create(shop)));
			await this.#notePrograms(missing.length > 0);
			await this.#openEra();
			const [first] = steps;
			this.#month = first?.month ?? '';
			await this.#all([...this.#fund(unfunded), ...(first ? this.#award(first) : [])]);
			await this.#noteNonces();
			for (const [index, step] of steps.entries()) {
				this.#month = step.month;
				const next = steps[index + 1];
				// Next month's awards do not touch what this month's actions count on.
				await this.#all([...this.#act(step), ...(next ? this.#award(next) : [])]);
			}
			await this.#pipeline.untilFinal();
			this.#tick();
			return this.#pipeline.finalised;
		} finally {
			clearInterval(ticker);
			await this.#pipeline.stop();
		}
	}

	#tick(): void {
		const { included, finalised } = this.#pipeline;
		const batches = this.#plan.steps.flatMap((step) => step.batches);
		const purchases = batches.reduce((n, { id, awards }) => n + (this.#journal.batches.has(id) ? awards.length : 0), 0);
		this.#onProgress({ month: this.#month, included, total: this.#total, finalised, purchases });
	}

	/** Waits until all are in a block. A customer's refused action is noted; a shop's ends the play. */
	async #all(sent: Promise<Outcome<Job>>[]): Promise<void> {
		for (const { job, refused } of await Promise.all(sent)) {
			if (refused && job.kind !== 'action') throw new UnexpectedState(`the chain refuses to ${job.kind}: ${refused.message}`);
		}
	}

	#note(block: At['block'], outcomes: Outcome<Job>[]): void {
		const batches = outcomes.flatMap(({ job, refused }) => (job.kind === 'batch' && !refused ? [job.batch.id] : []));
		const actions = outcomes.flatMap(({ job }) => (job.kind === 'action' ? [job.action.id] : []));
		const refused: Record<number, string> = {};
		for (const { job, refused: reason } of outcomes) {
			if (reason && job.kind === 'action') refused[job.action.id] = reason.message;
		}
		if (batches.length + actions.length > 0) {
			this.#journal.write({ kind: 'final', block, batches, actions, refused });
		}
	}

	#sendAsShop(shop: number, call: Call, job: Job): Promise<Outcome<Job>> {
		const nonce = this.#shopNonces[shop] ?? 0;
		this.#shopNonces[shop] = nonce + 1;
		return this.#pipeline.send(wellKnown(shopAt(shop).key), nonce, call, job);
	}

	#create(shop: number): Promise<Outcome<Job>> {
		const { program, symbol, faceValue, decimals, period, validity } = shopAt(shop);
		const terms = { faceValue, decimals, period, validity };
		return this.#sendAsShop(shop, call(this.#chain.api, 'points', 'createProgram', program, symbol, terms), { kind: 'create' });
	}

	async #notePrograms(created: boolean): Promise<void> {
		if (this.#journal.programs) return;
		// A number that was given in a block which is never final must not get into the journal.
		if (created) await this.#pipeline.untilFinal();
		const programs = await recallPrograms(await this.#finalNow(), this.#journal);
		const known = programs.filter((program) => program !== undefined);
		if (known.length < SHOPS.length) throw new UnexpectedState('the programs that were created are not there');
		this.#journal.write({ kind: 'programs', programs: known });
	}

	/** The era of the orders to come: that of the first, as long as the chain takes it. */
	async #openEra(): Promise<void> {
		const { now } = await this.#finalNow();
		const { era } = this.#journal;
		if (era === undefined || !takesOrders(era, now)) this.#journal.write({ kind: 'era', era: eraAt(now) });
	}

	async #noteNonces(): Promise<void> {
		if (this.#journal.nonces) return;
		await this.#pipeline.untilFinal();
		const { state } = await this.#finalNow();
		const actors = [...this.#plan.actionsOf.keys()];
		const accounts = await readAccounts(state, actors.map((customer) => this.#customers.address(customer)));
		const nonces = Object.fromEntries(actors.map((customer, index) => [customer, accounts[index]?.nonce ?? 0]));
		this.#journal.write({ kind: 'nonces', nonces });
	}

	async #finalNow(): Promise<At> {
		return at(this.#chain, await finalisedHead(this.#chain.api));
	}

	/** Customers that will act and have nothing to pay fees with. */
	async #unfunded({ state }: At): Promise<number[]> {
		const actors = [...this.#plan.actionsOf.keys()];
		const accounts = await readAccounts(state, actors.map((customer) => this.#customers.address(customer)));
		return actors.filter((_, index) => accounts[index]?.free === 0n);
	}

	#fund(customers: number[]): Promise<Outcome<Job>>[] {
		const sent: Promise<Outcome<Job>>[] = [];
		// An account that holds money keeps this much of it.
		const least = this.#chain.api.consts.balances.existentialDeposit.toBigInt();
		for (let start = 0; start < customers.length; start += MAX_TRANSFERS) {
			const transfers = customers.slice(start, start + MAX_TRANSFERS).map((customer) => {
				const actions = BigInt(this.#plan.actionsOf.get(customer)?.length ?? 0);
				const money = least + FEES_PER_ACTION * actions;
				return call(this.#chain.api, 'balances', 'transferKeepAlive', this.#customers.address(customer), money);
			});
			const batch = call(this.#chain.api, 'utility', 'batchAll', transfers);
			sent.push(this.#sendAsShop(sent.length % SHOPS.length, batch, { kind: 'fund' }));
		}
		return sent;
	}

	#openBatches = (step: Step) => step.batches.filter(({ id }) => !this.#journal.batches.has(id));
	#openActions = (step: Step) => step.actions.filter(({ id }) => !this.#journal.actions.has(id));

	#award(step: Step): Promise<Outcome<Job>>[] {
		return this.#openBatches(step).map((batch) => {
			const awards = batch.awards.map(({ order, customer, points }) => ({
				to: this.#customers.pair(customer).publicKey,
				amount: points,
				order: this.#customers.commitment(order),
			}));
			const issue = call(this.#chain.api, 'points', 'issueBatch', this.#program(batch.shop), this.#journal.era, awards);
			return this.#sendAsShop(batch.shop, issue, { kind: 'batch', batch });
		});
	}

	#act(step: Step): Promise<Outcome<Job>>[] {
		return this.#openActions(step).map((action) => {
			const place = this.#plan.actionsOf.get(action.customer)?.indexOf(action) ?? 0;
			const nonce = (this.#journal.nonces?.get(action.customer) ?? 0) + place;
			return this.#pipeline.send(this.#customers.pair(action.customer), nonce, this.#callOf(action), { kind: 'action', action });
		});
	}

	#callOf(action: Action): Call {
		const { api } = this.#chain;
		switch (action.kind) {
			case 'pay': {
				const order = { era: this.#journal.era, commitment: this.#customers.commitment(action.order) };
				const legs = action.legs.map(({ shop, maxPoints }) => ({ program: this.#program(shop), maxPoints }));
				return call(api, 'exchange', 'pay', shopAt(action.merchant).institution, order, action.price, legs);
			}
			case 'exchange':
				return call(api, 'exchange', 'exchange', this.#program(action.from), action.points, this.#program(action.to), action.out);
			case 'gift': {
				const receiver = this.#customers.address(action.receiver);
				return call(api, 'assets', 'transfer', assetOf(this.#program(action.shop)), receiver, action.points);
			}
		}
	}

	#program(shop: number): number {
		const program = this.#journal.programs?.[shop];
		if (program === undefined) throw new UnexpectedState(`${shopAt(shop).symbol} has no program`);
		return program;
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
