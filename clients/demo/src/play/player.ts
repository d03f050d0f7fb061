/** Plays what is still to be played, month by month: the shops by the gateway, customers by slips and transactions. */
import type { Hex } from '@hanse/sdk/bytes';
import { BEST, type Chain } from '@hanse/sdk/chain';
import { type Key, wellKnown } from '@hanse/sdk/keys';
import type { Tx } from '@hanse/sdk/send';
import { NotDone } from '@hanse/sdk/gateway';
import { readEras, takesOrders } from '../chain/eras.ts';
import { UnexpectedState } from '../chain/errors.ts';
import { type Outcome, Pipeline } from '../chain/pipeline.ts';
import { readPrograms } from '../chain/programs.ts';
import { type Snapshot, finalSnapshot, hashOfBlock, readClock } from '../chain/snapshot.ts';
import { readAccounts, readCycleTimes } from '../chain/state.ts';
import type { Action, Batch, Plan, Refund, Step } from '../plan/plan.ts';
import { FOUNDERS, type Line, shopAt } from '../plan/shops.ts';
import { Calls } from './calls.ts';
import type { Customers } from './customers.ts';
import { interrupt } from './interruption.ts';
import type { Journal } from './journal.ts';
import type { Newcomer } from './newcomer.ts';
import { Notes } from './notes.ts';
import type { Remaining } from './remaining.ts';
import type { PaymentRequest, Systems } from './systems.ts';

/**
 * Months whose awards are issued before a month's actions: pending ones have matured when their turn comes.
 * Actions take no more points than the plan knows of in their month, so awards of later ones do not touch them.
 */
const MONTHS_AHEAD = 3;
/** Milliseconds for which consents to the newcomer are good, and slips: longer than a play, and shorter than an hour. */
const [CONSENT, SLIP] = [50 * 60 * 1000, 10 * 60 * 1000];

type Payment = Action & { kind: 'pay' };
type Sent = Promise<Outcome>;

export interface Progress {
	month: string;
	/** What is done of what there is to do in this play. */
	done: number;
	total: number;
	/** Purchases on the chain, from earlier plays too. */
	purchases: number;
	/** When all are played: when positions settle next, in milliseconds since 1970. */
	settles: number | undefined;
}

/** Where a play is seen. */
export interface Screen {
	show(progress: Progress): void;
	say(text: string): void;
}

/** What a play took. */
export interface Played {
	/** That the gateway did, and that others signed. */
	operations: number;
	transactions: number;
	/** Requests that were asked again, since there was no answer. */
	repeated: number;
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
export interface Setting {
	chain: Chain;
	/** Where it begins. */
	here: Snapshot;
	plan: Plan;
	journal: Journal;
	customers: Customers;
	systems: Systems;
	/** About how much there is to do. */
	total: number;
	screen: Screen;
}

export class Player {
	readonly #setting: Setting;
	readonly #genesis: Hex;
	readonly #calls: Calls;
	/** Of the founders' next transactions. */
	readonly #nonces: number[];
	readonly #pipeline: Pipeline;
	readonly #notes: Notes;
	readonly #ticker: NodeJS.Timeout;
	/** By month, when all that was issued pending can be used. */
	readonly #matures: number[] = [];
	/** By action. */
	readonly #requests = new Map<number, PaymentRequest>();
	/** Awards that are being taken back: nothing waits for them but the end. */
	readonly #recalls: Promise<void>[] = [];
	#month = 'programs';
	/** Of clearing, once nothing else is to come. */
	#cycle: { ends: number; length: number } | undefined;

	private constructor(setting: Setting, genesis: Hex, nonces: number[], pipeline: Pipeline, notes: Notes) {
		this.#setting = setting;
		this.#genesis = genesis;
		this.#calls = new Calls(setting.chain.api, genesis, setting.journal, setting.customers);
		this.#nonces = nonces;
		this.#pipeline = pipeline;
		this.#notes = notes;
		this.#ticker = setInterval(() => this.#tick(), 200);
	}

	static async start(setting: Setting): Promise<Player> {
		const { chain, here, journal } = setting;
		const genesis = await hashOfBlock(chain, 0);
		const nonces = await Promise.all(FOUNDERS.map(({ key }) => nextNonce(chain, wellKnown(key))));
		const notes = new Notes(chain, journal);
		const pipeline = await Pipeline.start(chain, here.block, (block, events) => notes.keep(block, events));
		return new Player(setting, genesis, nonces, pipeline, notes);
	}

	/** Returns when no block is being read, so that the connection can be closed. */
	async stop(): Promise<void> {
		clearInterval(this.#ticker);
		await this.#pipeline.stop();
	}

	/** Plays all of it, and returns when it is final and the newcomer owes nothing. */
	async play({ withoutProgram, lines, newcomer, remaining }: Todo): Promise<Played> {
		const { plan: { steps }, chain, systems } = this.#setting;
		let goAhead!: () => void;
		const newcomerPaid = newcomer.play(this.#stage(), new Promise((resolve) => (goAhead = resolve)));
		// If it fails, that shows at the end.
		newcomerPaid.catch(() => {});
		await this.#open(withoutProgram, lines);
		goAhead();
		await this.#months(steps, remaining);
		await Promise.all(this.#recalls);
		while (!this.#notes.isEmpty) await this.#pipeline.nextBlock();
		const played = Date.now();
		this.#cycle = await readCycleTimes(chain.api, BEST);
		await newcomerPaid;
		await this.#pipeline.untilFinal();
		await this.#notePrograms();
		this.#tick();
		const { repeated } = systems.requests;
		return { operations: systems.over, transactions: this.#pipeline.finalised, repeated, played, over: Date.now() };
	}

	/** What comes beforehand is prepared while the months before it are played. In the middle the gateway is killed. */
	async #months(steps: Step[], remaining: Remaining): Promise<void> {
		const { systems, screen } = this.#setting;
		const prepared: Promise<void>[] = [];
		for (const [month, step] of steps.entries()) {
			for (let next = prepared.length; next <= Math.min(month + MONTHS_AHEAD, steps.length - 1); next++) {
				prepared.push(this.#prepare(remaining, next, steps[next] as Step));
				// If it fails, that shows when its turn comes.
				prepared[next]?.catch(() => {});
			}
			this.#month = step.month;
			await prepared[month];
			await this.#untilMatured(month);
			const acts = this.#act(remaining.actions(step));
			const refunds = remaining.refunds(step).map((refund) => this.#refund(refund));
			const isMiddle = month === Math.floor(steps.length / 2) && remaining.actions(step).length > 0;
			await Promise.all([acts, ...refunds, ...(isMiddle ? [interrupt(systems, screen)] : [])]);
		}
	}

	#tick(): void {
		const { plan, journal, total, systems, screen } = this.#setting;
		const batches = plan.steps.flatMap((step) => step.batches);
		const purchases = batches.reduce((n, { id, awards }) => n + (journal.batches.has(id) ? awards.length : 0), 0);
		const settles = this.#cycle && nextEnd(this.#cycle, Date.now());
		screen.show({ month: this.#month, done: systems.over + this.#pipeline.finalised, total, purchases, settles });
	}

	#sendAsShop(shop: number, call: Tx): Sent {
		const nonce = this.#nonces[shop] ?? 0;
		this.#nonces[shop] = nonce + 1;
		return this.#pipeline.send(wellKnown(shopAt(shop).key), nonce, call);
	}

	/** What the newcomer needs of the play. */
	#stage() {
		const { chain, customers, journal, here } = this.#setting;
		return {
			chain, customers, journal,
			calls: this.#calls,
			until: here.now + CONSENT,
			asShop: (shop: number, call: Tx) => this.#sendAsShop(shop, call),
			as: async (key: Key, call: Tx) => this.#pipeline.send(key, await nextNonce(chain, key), call),
			nextBlock: () => this.#pipeline.nextBlock(),
		};
	}

	/** The founders' programs and lines, and the era of orders that do not go through the gateway. */
	async #open(withoutProgram: number[], lines: Line[]): Promise<void> {
		const agree = async (sent: Sent[]) => {
			for (const { refused } of await Promise.all(sent)) {
				if (refused) throw new UnexpectedState(`the chain refuses to agree on a line: ${refused.message}`);
			}
		};
		const programs = Promise.all(withoutProgram.map((shop) => this.#setting.systems.createProgram(shop)));
		programs.catch(() => {});
		await agree(lines.map((line) => this.#sendAsShop(line.creditor, this.#calls.grantLine(line))));
		// What nobody granted cannot be accepted.
		await agree(lines.map((line) => this.#sendAsShop(line.debtor, this.#calls.acceptLine(line))));
		await programs;
		await this.#notePrograms();
		await this.#openEra();
	}

	/** Those of the founders, before anything is issued, and at the end the newcomer's. */
	async #notePrograms(): Promise<void> {
		const { chain, journal } = this.#setting;
		if (journal.allPrograms) return;
		const programs = await readPrograms(chain.api, (await finalSnapshot(chain)).at);
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

	/** Registers a month's new customers, then issues its awards; meanwhile its payments are asked for. */
	async #prepare(remaining: Remaining, month: number, step: Step): Promise<void> {
		const { systems, customers } = this.#setting;
		const payments = remaining.actions(step).filter((action) => action.kind === 'pay');
		const requests = Promise.all(payments.map(async ({ id, merchant, order, price }) =>
			void this.#requests.set(id, await systems.request(merchant, order, price))));
		requests.catch(() => {});
		await Promise.all(remaining.registrations(step).map(({ shop, customers: numbers }) =>
			systems.register(shop, numbers.map((number) => ({ number, key: customers.key(number) })))));
		await Promise.all(remaining.batches(step).map((batch) => this.#issue(month, batch, remaining.isToReturn(batch))));
		await requests;
	}

	async #issue(month: number, batch: Batch, isToReturn: boolean): Promise<void> {
		const { systems, customers, journal } = this.#setting;
		const program = this.#calls.program(batch.shop);
		if (!journal.batches.has(batch.id)) {
			const matures = await systems.award(batch, program, (customer) => customers.address(customer));
			this.#notes.batch(batch.id);
			this.#matures[month] = Math.max(matures, this.#matures[month] ?? 0);
		}
		if (!isToReturn) return;
		// If it matured before that, the customer keeps it.
		const recall = systems.recall(batch, program).then((inTime) => this.#notes.recall(batch.id, inTime));
		recall.catch(() => {});
		this.#recalls.push(recall);
	}

	/** Waits for the awards that a month's actions need: those of the months before. */
	async #untilMatured(month: number): Promise<void> {
		const { api } = this.#setting.chain;
		const needed = Math.max(0, ...this.#matures.slice(0, month).map((matures) => matures ?? 0));
		while ((await readClock(api, BEST)) <= needed) await this.#pipeline.nextBlock();
	}

	/** Takes a payment of the month before back. */
	async #refund(refund: Refund): Promise<void> {
		await this.#setting.systems.refund(refund);
		this.#notes.refund(refund.payment);
	}

	async #act(actions: Action[]): Promise<void> {
		const { chain, customers } = this.#setting;
		// Whoever spends all its points has no account until it gets others, and then begins with another nonce.
		const accounts = await readAccounts(chain.api, actions.map(({ customer }) => customers.address(customer)), BEST);
		await Promise.all(actions.map((action, index) => {
			const nonce = accounts[index]?.nonce ?? 0;
			return action.kind === 'pay' ? this.#pay(action, nonce) : this.#move(action, nonce);
		}));
	}

	/** A gift or an exchange, which nobody does twice; an earlier play may have. */
	async #move(action: Exclude<Action, Payment>, nonce: number): Promise<void> {
		const { systems, customers, journal } = this.#setting;
		const key = customers.key(action.customer);
		const kind = action.kind === 'gift' ? 'sent' : 'exchanged_out';
		if (journal.wasBegun && (await systems.history(key.address)).includes(kind)) return this.#notes.action(action.id, undefined);
		const call = action.kind === 'gift' ? this.#calls.give(action) : this.#calls.exchange(action);
		const { refused, block } = await this.#pipeline.send(key, nonce, call);
		this.#notes.action(action.id, refused?.message, block.number);
	}

	async #pay(payment: Payment, nonce: number): Promise<void> {
		const { id, merchant, order, price } = payment;
		const { systems } = this.#setting;
		const request = this.#requests.get(id) ?? (await systems.request(merchant, order, price));
		let why: string | undefined;
		if (request.status !== 'paid') why = await this.#payNow(payment, request, nonce).catch(messageIfNotDone);
		// An earlier play may have sent it.
		if (why !== undefined && (await systems.isPaid(merchant, request))) why = undefined;
		this.#notes.action(id, why);
	}

	/** Half of the customers hand over slips; of the others one half lets the till send what it signed. Says why it is refused. */
	async #payNow(payment: Payment, request: PaymentRequest, nonce: number): Promise<string | undefined> {
		const { systems, customers } = this.#setting;
		const { id, merchant, order, price, legs, customer } = payment;
		const key = customers.key(customer);
		const call = this.#calls.pay(payment, request);
		if (id % 2 === 0) {
			const until = Math.max(request.expires, Date.now() + SLIP);
			const paid = legs.map(({ shop, maxPoints }) => ({ program: this.#calls.program(shop), maxPoints }));
			const slip = { merchant: shopAt(merchant).institution, order: request, price, legs: paid, until };
			await systems.present(merchant, order, key, this.#genesis, slip);
		} else if (id % 4 === 1) {
			await systems.relay(merchant, order, price, await this.#pipeline.sign(key, nonce, call));
		} else {
			const { refused } = await this.#pipeline.send(key, nonce, call);
			if (refused) return refused.message;
			if (!(await systems.isPaid(merchant, request, '?wait=final'))) return 'the till does not hear of it';
		}
		return undefined;
	}
}

/** What the gateway or the chain says of what is not done. */
function messageIfNotDone(error: unknown): string {
	if (error instanceof NotDone) return error.message;
	throw error;
}

/** When the cycle ends that runs at `now`. */
const nextEnd = ({ ends, length }: { ends: number; length: number }, now: number): number =>
	ends + Math.max(0, Math.ceil((now - ends) / length)) * length;

/** Of the next transaction of `key`, with those in the pool counted in. */
const nextNonce = (chain: Chain, { address }: Key): Promise<number> => chain.request<number>('system_accountNextIndex', address);
