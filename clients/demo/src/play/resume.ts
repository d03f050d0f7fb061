/** What was played already: from the journal and, where it was cut short, from the chain's state. */
import type { Chain } from '@hanse/sdk/chain';
import { sum } from '@hanse/sdk/money';
import { noteClearing } from '../chain/clearing-events.ts';
import { takesOrders } from '../chain/eras.ts';
import { UnexpectedState } from '../chain/errors.ts';
import { countSigned } from '../chain/history.ts';
import { type Place, type ServedOrder, readPlaces, readPrograms } from '../chain/programs.ts';
import type { Snapshot } from '../chain/snapshot.ts';
import type { Batch, Plan, Refund } from '../plan/plan.ts';
import { FOUNDERS, shopAt } from '../plan/shops.ts';
import type { Customers } from './customers.ts';
import type { Journal } from './journal.ts';

/** What is looked through. */
interface Search {
	chain: Chain;
	here: Snapshot;
	journal: Journal;
	plan: Plan;
	customers: Customers;
}

/** The shops' programs, if the play got as far as making them. */
export const findPrograms = async ({ api }: Chain, { at }: Snapshot, { allPrograms }: Journal): Promise<(number | undefined)[]> =>
	allPrograms ?? readPrograms(api, at);

/** Notes in the journal what became final without its knowledge. */
export async function resume(chain: Chain, here: Snapshot, journal: Journal, plan: Plan, customers: Customers): Promise<void> {
	await noteClearing(chain, here, journal);
	const search = { chain, here, journal, plan, customers };
	const batches = await findBatches(search);
	const { cancelled, kept } = await findReturns(search, batches);
	const { actions, refused } = await findActions(search);
	const nothing = { batches: [], cancelled: [], kept: [], actions: [], refused: {}, refunds: [] };
	const final = { kind: 'final', block: here.block, ...nothing } as const;
	if ([batches, cancelled, kept, actions].some((list) => list.length > 0)) {
		journal.write({ ...final, batches, cancelled, kept, actions, refused });
	}
	const refunds = await findRefunds(search);
	if (refunds.length > 0) journal.write({ ...final, refunds });
}

const batchesOf = ({ steps }: Plan): Batch[] => steps.flatMap(({ batches }) => batches);

/** Batches that the journal does not know as issued, and the chain does. */
async function findBatches({ chain, here, journal, plan, customers }: Search): Promise<number[]> {
	const { programs, era } = journal;
	if (!programs || era === undefined) return [];
	if (!(await takesOrders(chain.api, era, here))) {
		await ensureAllJournalled(chain, here, journal, plan, programs);
		return [];
	}
	const open = batchesOf(plan).filter(({ id }) => !journal.batches.has(id));
	const places = await readPlaces(chain.api, open.flatMap((batch) => ordersOf(batch, journal, customers)), here.at);
	let next = 0;
	return open.filter((batch) => isServed(batch, places.slice(next, (next += batch.awards.length)))).map(({ id }) => id);
}

/** The orders of a batch. */
export const ordersOf = ({ shop, awards }: Batch, { programs }: Journal, customers: Customers): ServedOrder[] =>
	awards.map(({ order }) => ({ program: programs?.[shop] ?? 0, commitment: customers.commitment(order) }));

/** A batch is served as a whole or not at all. */
function isServed(batch: Batch, places: (Place | undefined)[]): boolean {
	const served = places.filter((place) => place !== undefined).length;
	if (served > 0 && served < places.length) {
		throw new UnexpectedState(`only ${served} of the ${places.length} awards in batch ${batch.id} are on the chain`);
	}
	return served > 0;
}

/** The chain may have forgotten the orders of a past era: then what it issued must be what the journal knows. */
async function ensureAllJournalled({ api }: Chain, { at }: Snapshot, journal: Journal, plan: Plan, programs: number[]): Promise<void> {
	const keys = programs.map((program): [number] => [program]);
	const flows = await api.query.Points.FlowsOf.getValues(keys, at);
	for (const shop of FOUNDERS.keys()) {
		const known = batchesOf(plan).filter((batch) => batch.shop === shop && journal.batches.has(batch.id));
		const expected = sum(known.flatMap(({ awards }) => awards.map(({ points }) => points)));
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
async function findReturns({ chain: { api }, here, journal, plan, customers }: Search, issued: readonly number[]) {
	const open = batchesOf(plan).filter(({ id, returned }) =>
		returned && (journal.batches.has(id) || issued.includes(id)) && !journal.cancelled.has(id) && !journal.kept.has(id));
	const places = await readPlaces(api, open.flatMap((batch) => ordersOf(batch, journal, customers)), here.at);
	if (places.includes(undefined)) {
		throw new UnexpectedState('the chain has forgotten orders whose awards were to be taken back: which were cannot be told any more');
	}
	const at = (place: Place) => open.filter((_, index) => places[index] === place).map(({ id }) => id);
	return { cancelled: at('Cancelled'), kept: at('Minted') };
}

/** Actions that customers signed without the journal's knowledge, and those of them that were refused. */
async function findActions({ chain, here, journal, plan, customers }: Search) {
	const { era } = journal;
	if (era === undefined) return { actions: [], refused: {} };

	const signed = await countSigned(chain, journal.checkpoint ?? journal.start.block, here.block);
	const found = [...plan.actionsOf].flatMap(([customer, own]) => {
		// A customer's key signs nothing but these, one after the other.
		const open = own.filter(({ id }) => !journal.actions.has(id));
		return open.slice(0, signed.get(customers.address(customer)) ?? 0);
	});
	const refused: Record<number, string> = {};
	if (await takesOrders(chain.api, era, here)) {
		const payments = found.filter((action) => action.kind === 'pay');
		const keys = payments.map((payment): [ReceiptKey] => [receiptKeyOf(payment, customers)]);
		const receipts = await chain.api.query.Exchange.Receipts.getValues(keys, here.at);
		payments.forEach(({ id }, index) => {
			if (!receipts[index]) refused[id] = 'there is no receipt of this payment';
		});
	}
	return { actions: found.map(({ id }) => id), refused };
}

/** Of the payments that the journal knows, those that were refunded without its knowledge. */
async function findRefunds({ chain, here, journal, plan, customers }: Search): Promise<number[]> {
	const open = plan.steps.flatMap(({ refunds }) => refunds)
		.filter(({ payment }) => journal.actions.has(payment) && !journal.refunds.has(payment));
	const receipts = await chain.api.query.Exchange.Receipts.getValues(open.map((refund): [ReceiptKey] => [receiptKeyOf(refund, customers)]), here.at);
	return open.filter((_, index) => (receipts[index]?.refunded ?? 0n) > 0n).map(({ payment }) => payment);
}

/** What names the receipt of a payment. */
export const receiptKeyOf = ({ customer, merchant, order }: Pick<Refund, 'customer' | 'merchant' | 'order'>, customers: Customers) => ({
	merchant: shopAt(merchant).institution,
	payer: customers.address(customer),
	commitment: customers.commitment(order),
});

type ReceiptKey = ReturnType<typeof receiptKeyOf>;
