/** The newcomer on the chain; see `plan/newcomer.ts`. Each step looks first whether an earlier play did it. */
import { hexOf, utf8 } from '@hanse/sdk/bytes';
import { BEST, type Chain, type Where } from '@hanse/sdk/chain';
import { reasonOf } from '@hanse/sdk/errors';
import { type Key, wellKnown } from '@hanse/sdk/keys';
import { type Motion, type Sender, close, openMotions, propose, vote } from '@hanse/sdk/motions';
import type { Receipt, Tx } from '@hanse/sdk/send';
import { UnexpectedState } from '../chain/errors.ts';
import type { Outcome } from '../chain/pipeline.ts';
import { type Snapshot, snapshotOf } from '../chain/snapshot.ts';
import {
	AT_HOME, DEPOSIT, DRAWN, LOAN, NAME, ON_LINES, type Payment, REFUSED, REGULARS, RESERVE,
} from '../plan/newcomer.ts';
import { LINES_OF_NEWCOMER, NEWCOMER, shopAt } from '../plan/shops.ts';
import type { Calls } from './calls.ts';
import type { Customers } from './customers.ts';
import type { Journal } from './journal.ts';
import { missingLines } from './lines.ts';

/** The first shop lends, and proposes; with it, these are three of four. */
const SPONSOR = 0;
const VOTERS = [0, 1, 2];
/** Transactions that all of it takes, but for motions: close enough for a bar. */
const TRANSACTIONS = 24;
/** Those of it from its deposit on. */
const TRANSACTIONS_TO_PAY = 10;
/** Who has the deposit roles on a development chain. */
const [AGENT, AUDITOR] = [wellKnown('One'), wellKnown('Two')];

const { institution: ID, key: KEY } = shopAt(NEWCOMER);

/** What the newcomer needs of the play. */
export interface Stage {
	chain: Chain;
	calls: Calls;
	customers: Customers;
	journal: Journal;
	/** Until when customers agree to be registered. */
	until: number;
	asShop(shop: number, call: Tx): Promise<Outcome>;
	as(key: Key, call: Tx): Promise<Outcome>;
	nextBlock(): Promise<void>;
}

/** Where the newcomer stands with the others. */
async function readStanding({ api }: Chain, at: Where = BEST) {
	const { Clearing, Institutions } = api.query;
	const [institution, flows, overdue, debts] = await Promise.all([
		Institutions.Institutions.getValue(ID, at), Clearing.ReserveFlowsOf.getValue(ID, at), Clearing.Overdue.getValue(ID, at), Clearing.BondDebts.getValue(ID, at),
	]);
	return {
		status: institution?.status.type,
		toppedUp: flows.topped_up,
		drawnDown: flows.drawn_down,
		isOverdue: overdue !== undefined,
		owes: debts,
	};
}

export class Newcomer {
	/** About how many transactions it still takes. */
	readonly transactions: number;
	#program: number | undefined;
	#closing: Promise<void> = Promise.resolve();
	#stage!: Stage;

	private constructor(transactions: number, program: number | undefined) {
		this.transactions = transactions;
		this.#program = program;
	}

	/** Where an earlier play left it; `program` is the newcomer's, if it has one. */
	static async resume(chain: Chain, { at }: Snapshot, program: number | undefined): Promise<Newcomer> {
		const { toppedUp, isOverdue } = await readStanding(chain, at);
		const paid = isOverdue ? 1 : 0;
		const left = toppedUp < RESERVE ? TRANSACTIONS : toppedUp < RESERVE + DEPOSIT ? TRANSACTIONS_TO_PAY : paid;
		return new Newcomer(left, program);
	}

	/** Plays what is missing, and returns when the newcomer owes nothing and is on time. Orders need `ready`. */
	async play(stage: Stage, ready: Promise<void>): Promise<void> {
		this.#stage = stage;
		if (this.transactions === 0) return;
		await this.#join();
		await ready;
		await this.#issue();
		await this.#overspend();
		await this.#pay();
		await this.#closing;
	}

	/** Applies, and is admitted by a vote. */
	async #join(): Promise<void> {
		const { chain, nextBlock } = this.#stage;
		if ((await readStanding(chain)).status === undefined) await this.#apply();
		const { status } = await readStanding(chain);
		if (status === 'Active') return;
		if (status !== 'Applied') throw new UnexpectedState(`institution ${ID} is ${status}, and not an applicant`);
		const motion = await this.#vote();
		// It is a member as soon as that is in a block; the proposer's deposit takes another one.
		let isClosed = false;
		this.#closing = close(chain, this.#by(SPONSOR), motion).then(() => void (isClosed = true));
		this.#closing.catch(() => {});
		for (;;) {
			const wasClosed = isClosed;
			if ((await readStanding(chain)).status === 'Active') return;
			if (wasClosed) throw new UnexpectedState('the newcomer was not admitted');
			await Promise.race([nextBlock(), this.#closing]);
		}
	}

	async #apply(): Promise<void> {
		const { chain: { api }, asShop } = this.#stage;
		const { address } = wellKnown(KEY);
		const { data } = await api.query.System.Account.getValue(address, BEST);
		if (data.free < LOAN) {
			await done(asShop(SPONSOR, api.tx.Balances.transfer_keep_alive({ dest: { type: 'Id', value: address }, value: LOAN })));
		}
		await this.#send(api.tx.Institutions.apply({ profile: { name: utf8(NAME), document: hexOf(new Uint8Array(32)) } }));
	}

	/** Those who did not yet vote for it; the motion has what it needs then. */
	async #vote(): Promise<Motion> {
		const { chain } = this.#stage;
		const isAdmission = ({ call: { type, value } }: Motion) =>
			type === 'Institutions' && value.type === 'admit' && value.value.institution === ID;
		const motion = (await openMotions(chain.api)).find(isAdmission) ??
			(await propose(chain, this.#by(SPONSOR), chain.api.tx.Institutions.admit({ institution: ID })));
		const left = VOTERS.filter((shop) => !motion.ayes.includes(wellKnown(shopAt(shop).key).address));
		await Promise.all(left.map((shop) => vote(chain, this.#by(shop), motion, true)));
		return motion;
	}

	/** Gets lines, gives its regulars points, and takes out of its reserve what the rules let it. */
	async #issue(): Promise<void> {
		const { chain, calls, asShop } = this.#stage;
		const { api } = chain;
		const lines = await missingLines(api, LINES_OF_NEWCOMER, BEST);
		const granted = Promise.all(lines.map((line) => done(asShop(line.creditor, calls.grantLine(line)))));
		granted.catch(() => {});
		if ((await readStanding(chain)).toppedUp === 0n) await this.#send(api.tx.Clearing.top_up({ amount: RESERVE }));
		const program = (this.#program ??= await this.#createProgram());
		calls.know(NEWCOMER, program);
		await this.#award(program);
		if ((await readStanding(chain)).drawnDown === 0n) await this.#send(api.tx.Clearing.draw_down({ amount: DRAWN }));
		await granted;
		if (lines.length > 0) await this.#send(calls.batch(lines.map((line) => calls.acceptLine(line))));
	}

	async #createProgram(): Promise<number> {
		const { chain: { api }, calls } = this.#stage;
		const { events } = await this.#send(calls.createProgram(NEWCOMER));
		const [created] = api.event.Points.ProgramCreated.filter(events);
		if (!created) throw new UnexpectedState('a program was created without a number');
		return created.payload.program;
	}

	/** Registers its regulars and gives them points. */
	async #award(program: number): Promise<void> {
		const { chain: { api }, calls, customers, until } = this.#stage;
		const numbers = REGULARS.map(({ customer }) => customer);
		const registrations = await api.query.Customers.Registrations.getValues(numbers.map((n): [string] => [customers.address(n)]), BEST);
		if (!registrations.every(Boolean)) await this.#send(calls.register(NEWCOMER, numbers, until));
		const { issued } = await api.query.Points.FlowsOf.getValue(program, BEST);
		if (issued === 0n) await this.#send(calls.issue(NEWCOMER, REGULARS));
	}

	/** Its regulars pay more at partners than it has, and the end of the cycle finds it out. */
	async #overspend(): Promise<void> {
		const { chain, journal, nextBlock } = this.#stage;
		await Promise.all(ON_LINES.map((payment) => this.#payOnce(payment)));
		const isCaught = async () => {
			const { isOverdue, owes, toppedUp } = await readStanding(chain);
			// A bond pays in time what is not paid; then there is nothing to catch any more.
			return isOverdue || owes === 0n || toppedUp > RESERVE;
		};
		while (!(await isCaught())) await nextBlock();
		if ((await readStanding(chain)).isOverdue && !journal.paused) await this.#notePause();
		await this.#payOnce(AT_HOME);
	}

	/** Asks why a payment at a partner would be refused now: nobody pays the fee of one that would be. */
	async #notePause(): Promise<void> {
		const { chain, calls, customers, journal } = this.#stage;
		const [best] = await chain.client.getBestBlocks();
		if (!best) throw new UnexpectedState('there is no block');
		const { block, now, at } = await snapshotOf(chain, best);
		const { merchant, order, price, legs } = calls.paymentOf(REFUSED);
		const quote = await chain.api.apis.HanseApi.quote_pay(customers.address(REFUSED.customer), merchant, order, price, legs, at);
		const reason = quote.success ? undefined : reasonOf(quote.value);
		if (reason !== 'clearing.Overdue') throw new UnexpectedState(`points of an overdue issuer are taken: ${reason}`);
		journal.write({ kind: 'paused', block: block.number, now, reason });
	}

	/** A deposit reaches its reserve, and the end of the next cycle takes what it owes. */
	async #pay(): Promise<void> {
		const { chain, customers, nextBlock } = this.#stage;
		const { query, tx } = chain.api;
		const reference = customers.commitment('deposit 1');
		const deposit = () => query.Clearing.DepositReports.getValue(reference, BEST);
		const report = await deposit();
		if (!report?.confirmed) {
			// What an earlier play had them attest is too old a cycle later.
			const { genesis, minted, burned } = await query.Clearing.IssuanceTotals.getValue(BEST);
			const attest = tx.Clearing.attest_deposits({ total: genesis + minted - burned });
			await Promise.all([this.#as(AGENT, attest), this.#as(AUDITOR, attest)]);
			if (!report) await this.#as(AGENT, tx.Clearing.report_deposit({ institution: ID, amount: DEPOSIT, reference }));
			await this.#as(AUDITOR, tx.Clearing.confirm_deposit({ reference }));
		}
		if ((await readStanding(chain)).toppedUp === RESERVE) await this.#send(tx.Clearing.top_up({ amount: DEPOSIT }));
		const isEven = async () => {
			const { isOverdue, owes } = await readStanding(chain);
			return !isOverdue && owes === 0n;
		};
		while (!(await isEven())) await nextBlock();
	}

	async #payOnce(payment: Payment): Promise<void> {
		const { chain: { api }, customers, calls } = this.#stage;
		const { customer, merchant, order } = payment;
		const paid = { merchant: shopAt(merchant).institution, payer: customers.address(customer), commitment: customers.commitment(order) };
		const receipt = await api.query.Exchange.Receipts.getValue(paid, BEST);
		if (!receipt) await this.#as(customers.key(customer), calls.pay(payment));
	}

	/** Sends as the newcomer. */
	#send(call: Tx): Promise<Outcome> {
		return this.#as(wellKnown(KEY), call);
	}

	#as(key: Key, call: Tx): Promise<Outcome> {
		return done(this.#stage.as(key, call));
	}

	#by(shop: number): Sender {
		return (call): Promise<Receipt> => done(this.#stage.asShop(shop, call));
	}
}

async function done(sent: Promise<Outcome>): Promise<Outcome> {
	const outcome = await sent;
	if (outcome.refused) throw new UnexpectedState(`the chain refuses what the newcomer needs: ${outcome.refused.message}`);
	return outcome;
}
