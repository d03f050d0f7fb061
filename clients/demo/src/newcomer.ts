/** The newcomer's debut on the chain; see `debut.ts`. Each step looks first whether an earlier play did it. */
import type { Result } from '@polkadot/types';
import type { DispatchError, EventRecord } from '@polkadot/types/interfaces';
import type { Codec } from '@polkadot/types/types';
import { institutions } from '@hanse/sdk/pjs/alliance';
import { type Call, type Chain, type State, call, read as ask, storage } from '@hanse/sdk/pjs/chain';
import { explain } from '@hanse/sdk/pjs/errors';
import { type KeyringPair, wellKnown } from '@hanse/sdk/pjs/keys';
import { amount } from '@hanse/sdk/money';
import { type Motion, type Sender, close, openMotions, nameOf, propose, vote } from '@hanse/sdk/pjs/motions';
import type { Calls } from './calls.ts';
import type { Customers } from './customers.ts';
import { AT_HOME, DEPOSIT, DRAWN, LOAN, NAME, ON_LINES, type Payment, REFUSED, REGULARS, RESERVE } from './debut.ts';
import type { Journal } from './journal.ts';
import type { Outcome } from './pipeline.ts';
import type { At } from './recall.ts';
import { type Line, LINES_OF_NEWCOMER, NEWCOMER, shopAt } from './shops.ts';
import { UnexpectedState, readNow } from './state.ts';

/** The first shop lends, and proposes; with it, these are three of four. */
const SPONSOR = 0;
const VOTERS = [0, 1, 2];
/** Transactions that a whole debut takes, but for motions: close enough for a bar. */
const TRANSACTIONS = 24;

const { institution: ID, key: KEY } = shopAt(NEWCOMER);

/** What a debut takes place on. */
export interface Stage {
	chain: Chain;
	calls: Calls;
	customers: Customers;
	journal: Journal;
	/** Until when customers agree to be registered. */
	until: number;
	asShop(shop: number, call: Call): Promise<Outcome<unknown>>;
	as(pair: KeyringPair, nonce: number, call: Call): Promise<Outcome<unknown>>;
	nextBlock(): Promise<void>;
}

/** Those of `lines` that are not as they should be. */
export async function openLines(state: State, lines: readonly Line[]): Promise<Line[]> {
	const keys = lines.map(({ creditor, debtor }) => [shopAt(creditor).institution, shopAt(debtor).institution]);
	const found = await storage(state, 'clearing', 'lines').multi(keys);
	const isOpen = ({ limit }: Line, index: number) => {
		const line = found[index]?.toJSON() as { limit: unknown; accepted: unknown } | null;
		return !line || amount(line.limit) !== limit || amount(line.accepted) !== limit;
	};
	return lines.filter(isOpen);
}

async function read(state: State) {
	const deposit = (await storage(state, 'clearing', 'deposits')(ID)).toJSON() as { toppedUp: unknown; drawnDown: unknown };
	return {
		status: (await institutions(state)).find(({ id }) => id === ID)?.status,
		toppedUp: amount(deposit.toppedUp),
		drawnDown: amount(deposit.drawnDown),
		isOverdue: (await storage(state, 'clearing', 'overdue')(ID)).toJSON() !== null,
		owes: amount(((await storage(state, 'clearing', 'debts')(ID)).toJSON() as { owed: unknown }).owed),
	};
}

export class Debut {
	/** About how many transactions it still takes. */
	readonly open: number;
	#program: number | undefined;
	#closing: Promise<void> = Promise.resolve();
	#stage!: Stage;

	private constructor(open: number, program: number | undefined) {
		this.open = open;
		this.#program = program;
	}

	/** Where an earlier play left it; `program` is the newcomer's, if it has one. */
	static async recall({ state }: At, program: number | undefined): Promise<Debut> {
		const { toppedUp, isOverdue } = await read(state);
		const left = toppedUp < RESERVE ? TRANSACTIONS : toppedUp < RESERVE + DEPOSIT ? 10 : isOverdue ? 1 : 0;
		return new Debut(left, program);
	}

	/** Plays what is missing, and returns when the newcomer owes nothing and is on time. Orders need `ready`. */
	async play(stage: Stage, ready: Promise<void>): Promise<void> {
		this.#stage = stage;
		if (this.open === 0) return;
		await this.#join();
		await ready;
		await this.#issue();
		await this.#overspend();
		await this.#pay();
		await this.#closing;
	}

	get #api() {
		return this.#stage.chain.api;
	}

	/** Applies, and is admitted by a vote. */
	async #join(): Promise<void> {
		const { chain, asShop, nextBlock } = this.#stage;
		const pair = wellKnown(KEY);
		if ((await read(this.#api)).status === undefined) {
			const { data } = (await storage(this.#api, 'system', 'account')(pair.address)).toJSON() as { data: { free: unknown } };
			if (amount(data.free) < LOAN) {
				await done(asShop(SPONSOR, call(this.#api, 'balances', 'transferKeepAlive', pair.address, LOAN)));
			}
			await this.#send(call(this.#api, 'institutions', 'apply', { name: NAME, document: `0x${'00'.repeat(32)}` }));
		}
		const { status } = await read(this.#api);
		if (status === 'Active') return;
		if (status !== 'Applied') throw new UnexpectedState(`institution ${ID} is ${status}, and not an applicant`);
		const by = (shop: number): Sender => async (call) => receiptOf(await done(asShop(shop, call)));
		const admit = call(this.#api, 'institutions', 'admit', ID);
		const isAdmission = (motion: Motion) => nameOf(motion.call) === 'institutions.admit' && Number(motion.call.args[0]?.toString()) === ID;
		const motion = (await openMotions(this.#api)).find(isAdmission) ?? (await propose(chain, by(SPONSOR), admit));
		const left = VOTERS.filter((shop) => !motion.ayes.includes(wellKnown(shopAt(shop).key).address));
		await Promise.all(left.map((shop) => vote(chain, by(shop), motion, true)));
		// It is a member as soon as that is in a block; the proposer's deposit takes another one.
		let isClosed = false;
		this.#closing = close(chain, by(SPONSOR), motion).then(() => void (isClosed = true));
		this.#closing.catch(() => {});
		for (;;) {
			const wasClosed = isClosed;
			if ((await read(this.#api)).status === 'Active') return;
			if (wasClosed) throw new UnexpectedState('the newcomer was not admitted');
			await Promise.race([nextBlock(), this.#closing]);
		}
	}

	/** Gets lines, gives its regulars points, and takes out of its reserve what the rules let it. */
	async #issue(): Promise<void> {
		const { calls, until, asShop } = this.#stage;
		const lines = await openLines(this.#api, LINES_OF_NEWCOMER);
		const granted = Promise.all(lines.map((line) => done(asShop(line.creditor, calls.grant(line)))));
		granted.catch(() => {});
		if ((await read(this.#api)).toppedUp === 0n) await this.#send(call(this.#api, 'clearing', 'topUp', RESERVE));
		if (this.#program === undefined) {
			const { events } = await this.#send(calls.create(NEWCOMER));
			const created = events.find(({ section, method }) => section === 'points' && method === 'ProgramCreated');
			this.#program = Number(created?.data[1]?.toString());
		}
		calls.know(NEWCOMER, this.#program);
		const numbers = REGULARS.map(({ customer }) => customer);
		if (!(await this.#isRegistered(numbers))) await this.#send(calls.register(NEWCOMER, numbers, until));
		const { issued } = (await storage(this.#api, 'points', 'flowsOf')(this.#program)).toJSON() as { issued: unknown };
		if (amount(issued) === 0n) {
			await this.#send(calls.issue({ id: -1, shop: NEWCOMER, awards: [...REGULARS], returned: false }));
		}
		if ((await read(this.#api)).drawnDown === 0n) await this.#send(call(this.#api, 'clearing', 'drawDown', DRAWN));
		await granted;
		if (lines.length > 0) await this.#send(call(this.#api, 'utility', 'batchAll', lines.map((line) => calls.accept(line))));
	}

	/** Its regulars pay more at partners than it has, and the end of the cycle finds it out. */
	async #overspend(): Promise<void> {
		const { journal, nextBlock } = this.#stage;
		await Promise.all(ON_LINES.map((payment) => this.#payOnce(payment)));
		const isCaught = async () => {
			const { isOverdue, owes, toppedUp } = await read(this.#api);
			// A bond pays in time what is not paid; then there is nothing to catch any more.
			return isOverdue || owes === 0n || toppedUp > RESERVE;
		};
		while (!(await isCaught())) await nextBlock();
		if ((await read(this.#api)).isOverdue && !journal.paused) {
			const { hash, number } = await this.#api.rpc.chain.getHeader();
			const state = await this.#api.at(hash);
			const reason = await this.#refusal(state, REFUSED);
			if (reason !== 'clearing.Overdue') throw new UnexpectedState(`the points of who is overdue are taken: ${reason}`);
			journal.write({ kind: 'paused', block: number.toNumber(), now: await readNow(state), reason });
		}
		await this.#payOnce(AT_HOME);
	}

	/** Why a payment would be refused now. Nobody pays the fee of one that would be, so the chain is asked. */
	async #refusal(state: State, payment: Payment): Promise<string | undefined> {
		const { calls, customers } = this.#stage;
		const args = calls.pay(payment).args;
		const quote = (await ask(state, 'quotePay', customers.address(payment.customer), ...args)) as Result<Codec, DispatchError>;
		return quote.isErr ? explain(this.#api, quote.asErr).reason : undefined;
	}

	/** A deposit reaches its reserve, and the end of the next cycle takes what it owes. */
	async #pay(): Promise<void> {
		const { customers, nextBlock } = this.#stage;
		const [agent, auditor] = ['One', 'Two'].map(wellKnown) as [KeyringPair, KeyringPair];
		const reference = customers.commitment('deposit 1');
		const known = async () =>
			(await storage(this.#api, 'clearing', 'references')(reference)).toJSON() as { confirmed: boolean } | null;
		if (!(await known())) {
			const attest = call(this.#api, 'clearing', 'attestDeposits', 0);
			await Promise.all([this.#as(agent, attest), this.#as(auditor, attest)]);
			await this.#as(agent, call(this.#api, 'clearing', 'fund', ID, DEPOSIT, reference));
		}
		if (!(await known())?.confirmed) await this.#as(auditor, call(this.#api, 'clearing', 'confirm', reference));
		if ((await read(this.#api)).toppedUp === RESERVE) await this.#send(call(this.#api, 'clearing', 'topUp', DEPOSIT));
		const isEven = async () => {
			const { isOverdue, owes } = await read(this.#api);
			return !isOverdue && owes === 0n;
		};
		while (!(await isEven())) await nextBlock();
	}

	async #payOnce(payment: Payment): Promise<void> {
		const { customers, calls } = this.#stage;
		const { institution } = shopAt(payment.merchant);
		const order = customers.commitment(payment.order);
		const key = [institution, customers.address(payment.customer), order];
		if (!(await this.#exists('exchange', 'receipts', key))) await done(this.#send(calls.pay(payment), payment.customer));
	}

	async #isRegistered(numbers: number[]): Promise<boolean> {
		const there = await Promise.all(numbers.map((customer) =>
			this.#exists('customers', 'registrations', this.#stage.customers.address(customer))));
		return there.every(Boolean);
	}

	async #exists(section: string, item: string, ...key: unknown[]): Promise<boolean> {
		const raw = await this.#stage.chain.request<string | null>('state_getStorage', storage(this.#api, section, item).key(...key));
		return raw !== null;
	}

	/** Sends as the newcomer, which must succeed, or as a customer, which need not. */
	async #send(call: Call, customer?: number): Promise<Outcome<unknown>> {
		if (customer === undefined) return this.#as(wellKnown(KEY), call);
		const pair = this.#stage.customers.pair(customer);
		return this.#stage.as(pair, await this.#nonceOf(pair), call);
	}

	async #as(pair: KeyringPair, call: Call): Promise<Outcome<unknown>> {
		return done(this.#stage.as(pair, await this.#nonceOf(pair), call));
	}

	#nonceOf(pair: KeyringPair): Promise<number> {
		return this.#stage.chain.request<number>('system_accountNextIndex', pair.address);
	}
}

async function done(sent: Promise<Outcome<unknown>>): Promise<Outcome<unknown>> {
	const outcome = await sent;
	if (outcome.refused) throw new UnexpectedState(`the chain refuses the newcomer's debut: ${outcome.refused.message}`);
	return outcome;
}

/** As the motions want it. */
const receiptOf = ({ events }: Outcome<unknown>) =>
	({ block: '0x' as const, events: events.map((event) => ({ event })) as unknown as EventRecord[] });
