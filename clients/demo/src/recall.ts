/** What was played already: from the journal and, where it was cut short, from the chain's state. */
import { type BlockId, type Chain, ConnectionLost, type State, finalisedHead, sleep } from '@hanse/sdk/pjs/chain';
import { amount, sum } from '@hanse/sdk/money';
import { INTERCHANGE } from './books.ts';
import type { Customers } from './customers.ts';
import { follow } from './follow.ts';
import { type History, readHistory } from './history.ts';
import { type Journal, JournalError, secretOf } from './journal.ts';
import type { Batch, Plan } from './plan.ts';
import { FOUNDERS, SHOPS, shopAt } from './shops.ts';
import {
	type Place, type ServedOrder, UnexpectedState, countPrograms, exist, readCycle, readDeposits, readIssuance, readNow, readOwed, readPlaces,
	readPrograms, readRefunded, readReserves, readRules, readState, takesOrders,
} from './state.ts';

/** State of the chain at one final block. */
export interface At {
	block: BlockId;
	state: State;
	now: number;
}

/** Blocks for which a node keeps the state, at least. */
const STATES_KEPT = 200;

/**
 * The newest final block, once nothing that an earlier play sent is still on its way. Needs a first
 * block, since at genesis the chain's clock has not started.
 */
export async function settle(chain: Chain, patience = 60_000): Promise<At> {
	const deadline = Date.now() + patience;
	for (;;) {
		const waiting = await chain.request<string[]>('author_pendingExtrinsics');
		const best = await chain.api.rpc.chain.getHeader();
		const block = await finalisedHead(chain.api);
		if (waiting.length === 0 && block.number >= Math.max(best.number.toNumber(), 1)) return at(chain, block);
		if (Date.now() > deadline) {
			const state = `${waiting.length} transactions wait, block ${best.number} is the newest and ${block.number} the newest final`;
			throw new ConnectionLost(`the chain does not come to rest: ${state}`);
		}
		await sleep(100);
	}
}

export async function at(chain: Chain, block: BlockId): Promise<At> {
	const state = await chain.api.at(block.hash);
	return { block, state, now: await readNow(state) };
}

/** Notes where a play of `plan` (a hash) begins, or checks that the journal's play can go on here. */
export async function begin(chain: Chain, { block, state }: At, journal: Journal, plan: string): Promise<void> {
	const { start, checkpoint } = journal;
	const { interchange, admissionBond } = await readRules(state);
	if (BigInt(interchange) !== INTERCHANGE) {
		throw new UnexpectedState(`the interchange of this chain is ${interchange} parts per million, and the books are of ${INTERCHANGE}`);
	}
	if (start) {
		if (start.plan !== plan) {
			throw new JournalError(`${journal.path} is of a play of other purchases; give those, or another journal`);
		}
		if (checkpoint) {
			const hash = await chain.api.rpc.chain.getBlockHash(checkpoint.number);
			if (hash.toHex() !== checkpoint.hash) {
				throw new UnexpectedState(`block ${checkpoint.number}, which was final, is not on this chain: the journal is of another one`);
			}
		}
		return;
	}
	const [programs, owed] = await Promise.all([countPrograms(state), readOwed(state)]);
	if (programs > 0 || owed.some((row) => row.some((value) => value > 0n))) {
		throw new UnexpectedState(
			`this chain has ${programs} programs already, and the journal ${journal.path} knows nothing of them: ` +
				'the books could not be compared. Play into a fresh chain, or give the journal of this one',
		);
	}
	const [reserves, deposits, issuance, cycle] =
		await Promise.all([readReserves(state), readDeposits(state), readIssuance(state), readCycle(state)]);
	journal.write({
		kind: 'start',
		plan,
		block,
		salt: secretOf(16),
		secret: secretOf(32),
		tagKey: secretOf(32),
		reserves: reserves.map(String),
		deposits: deposits.map(({ toppedUp, drawnDown }) => ({ toppedUp: `${toppedUp}`, drawnDown: `${drawnDown}` })),
		bond: `${amount(admissionBond)}`,
		issuance: `${issuance}`,
		cycle,
		firstBlock: block.number < STATES_KEPT ? await firstBlockTime(chain) : null,
	});
}

async function firstBlockTime(chain: Chain): Promise<number> {
	return readNow(await chain.api.at(await chain.api.rpc.chain.getBlockHash(1)));
}

/** The shops' programs, if the play got as far as making them. */
export async function recallPrograms({ state }: At, journal: Journal): Promise<(number | undefined)[]> {
	const { programs } = journal;
	return programs?.length === SHOPS.length ? programs : readPrograms(state);
}

/** Notes in the journal what became final without its knowledge. */
export async function recall(chain: Chain, here: At, journal: Journal, plan: Plan, customers: Customers): Promise<void> {
	const { start, checkpoint } = journal;
	if (!start) return;
	await follow(chain, here.block, journal);
	const history = await readHistory(chain, checkpoint ?? start.block, here.block);
	const search = { chain, here, journal, plan, customers, history };
	const batches = await recallBatches(search);
	const { cancelled, kept } = await recallCancelled(search, batches);
	const { actions, refused } = await recallActions(search);
	const final = { kind: 'final', block: here.block, batches, cancelled, kept, actions, refused } as const;
	if ([batches, cancelled, kept, actions].some((list) => list.length > 0)) journal.write({ ...final, refunds: [] });
	const refunds = await recallRefunds(search);
	const nothing = { batches: [], cancelled: [], kept: [], actions: [], refused: {} };
	if (refunds.length > 0) journal.write({ ...final, ...nothing, refunds });
}

/** What is looked through. */
interface Search {
	chain: Chain;
	here: At;
	journal: Journal;
	plan: Plan;
	customers: Customers;
	/** What followed upon the journal's end. */
	history: History;
}

async function recallBatches({ chain, here, journal, plan, customers }: Search): Promise<number[]> {
	const { programs, era } = journal;
	if (!programs || era === undefined) return [];
	const open = plan.steps.flatMap(({ batches }) => batches).filter(({ id }) => !journal.batches.has(id));
	if (!(await takesOrders(era, here))) {
		await ensureAllJournalled(here, journal, plan, programs);
		return [];
	}
	const keys = open.flatMap((batch) =>
		batch.awards.map(({ order }) => [programs[batch.shop], customers.commitment(order)]),
	);
	const found = await exist(chain, here.block.hash, 'points', 'awarded', keys);
	let next = 0;
	return open.filter((batch) => everyOrNone(batch, found.slice(next, (next += batch.awards.length)))).map(({ id }) => id);
}

function everyOrNone(batch: Batch, found: boolean[]): boolean {
	const there = found.filter(Boolean).length;
	if (there > 0 && there < found.length) {
		throw new UnexpectedState(`only ${there} of the ${found.length} awards in batch ${batch.id} are on the chain`);
	}
	return there > 0;
}

/** The chain may have forgotten the orders of a past era: then what it issued must be what the journal knows. */
async function ensureAllJournalled({ state }: At, journal: Journal, plan: Plan, programs: number[]): Promise<void> {
	const { flows } = await readState(state, programs);
	for (const shop of FOUNDERS.keys()) {
		const known = plan.steps
			.flatMap(({ batches }) => batches)
			.filter((batch) => batch.shop === shop && journal.batches.has(batch.id))
			.flatMap(({ awards }) => awards);
		const expected = sum(known.map(({ points }) => points));
		const issued = flows[shop]?.issued ?? 0n;
		if (issued !== expected) {
			throw new UnexpectedState(
				`the era of these orders is over, and ${shopAt(shop).symbol} has ${issued} smallest units issued where the ` +
					`journal knows of ${expected}: which orders were served cannot be told any more`,
			);
		}
	}
}

/** Of the batches that were to be taken back, those that were, and those of which it was too late. */
async function recallCancelled({ here, journal, plan, customers }: Search, issued: number[]) {
	const open = plan.steps
		.flatMap(({ batches }) => batches)
		.filter(({ id, returned }) => returned && (journal.batches.has(id) || issued.includes(id)))
		.filter(({ id }) => !journal.cancelled.has(id) && !journal.kept.has(id));
	const places = await readPlaces(here.state, open.map((batch) => servedOrderOf(batch, journal, customers)));
	if (places.includes(undefined)) {
		throw new UnexpectedState('the chain has forgotten orders whose awards were to be taken back: which were cannot be told any more');
	}
	const of = (place: Place) => open.filter((_, index) => places[index] === place).map(({ id }) => id);
	return { cancelled: of('Cancelled'), kept: of('Minted') };
}

/** The one order of a batch that is to be taken back. */
export function servedOrderOf({ shop, awards: [award] }: Batch, { programs }: Journal, customers: Customers): ServedOrder {
	return { program: programs?.[shop] ?? 0, commitment: customers.commitment(award?.order ?? '') };
}

async function recallActions({ chain, here, journal, plan, customers, history: { signed } }: Search) {
	const actions: number[] = [];
	const refused: Record<number, string> = {};
	const { era } = journal;
	if (era === undefined) return { actions, refused };

	const payments: { id: number; key: unknown[] }[] = [];
	for (const [customer, own] of plan.actionsOf) {
		const address = customers.address(customer);
		// A customer's key signs nothing but these, one after the other.
		const open = own.filter(({ id }) => !journal.actions.has(id));
		for (const action of open.slice(0, signed.get(address) ?? 0)) {
			actions.push(action.id);
			if (action.kind !== 'pay') continue;
			const { institution } = shopAt(action.merchant);
			payments.push({ id: action.id, key: [[institution, address, customers.commitment(action.order)]] });
		}
	}
	if (await takesOrders(era, here)) {
		const found = await exist(chain, here.block.hash, 'exchange', 'receipts', payments.map(({ key }) => key));
		payments.forEach(({ id }, index) => {
			if (!found[index]) refused[id] = 'there is no receipt of this payment';
		});
	}
	return { actions, refused };
}

/** Of the payments that the journal knows, those that were refunded without its knowledge. */
async function recallRefunds({ here, journal, plan, customers }: Search): Promise<number[]> {
	const open = plan.steps.flatMap(({ refunds }) => refunds)
		.filter(({ payment }) => journal.actions.has(payment) && !journal.refunds.has(payment));
	const keys = open.map(({ customer, merchant, order }) => {
		const { institution } = shopAt(merchant);
		return [institution, customers.address(customer), customers.commitment(order)];
	});
	const refunded = await readRefunded(here.state, keys);
	return open.filter((_, index) => (refunded[index] ?? 0n) > 0n).map(({ payment }) => payment);
}
