/** What of a plan is still to be sent. */
import type { Chain } from '@hanse/sdk/chain';
import { readPlaces } from '../chain/programs.ts';
import type { Snapshot } from '../chain/snapshot.ts';
import type { Action, Batch, Plan, Refund, Step } from '../plan/plan.ts';
import type { Customers } from './customers.ts';
import type { Journal } from './journal.ts';
import { ordersOf } from './resume.ts';

/** Registrations in one transaction. */
const MAX_REGISTRATIONS = 100;

export class Remaining {
	/** Batches that an earlier play issued, was to take back, and still can. */
	readonly returns: Batch[];
	readonly #journal: Journal;
	readonly #unregistered: Set<number>;

	private constructor(journal: Journal, unregistered: Set<number>, returns: Batch[]) {
		this.#journal = journal;
		this.#unregistered = unregistered;
		this.returns = returns;
	}

	static async find({ api }: Chain, { at }: Snapshot, plan: Plan, journal: Journal, customers: Customers): Promise<Remaining> {
		const keys = plan.customers.map((customer): [string] => [customers.address(customer)]);
		const registrations = await api.query.Customers.Registrations.getValues(keys, at);
		const unregistered = new Set(plan.customers.filter((_, index) => !registrations[index]));
		const open = plan.steps.flatMap(({ batches }) => batches).filter(({ id, returned }) =>
			returned && journal.batches.has(id) && !journal.cancelled.has(id) && !journal.kept.has(id));
		const places = await readPlaces(api, open.flatMap((batch) => ordersOf(batch, journal, customers)), at);
		return new Remaining(journal, unregistered, open.filter((_, index) => places[index] === 'Pending'));
	}

	batches({ batches }: Step): Batch[] {
		return batches.filter(({ id }) => !this.#journal.batches.has(id));
	}

	actions({ actions }: Step): Action[] {
		return actions.filter(({ id }) => !this.#journal.actions.has(id));
	}

	/** Of payments that are or will be on the chain. */
	refunds({ refunds }: Step): Refund[] {
		return refunds.filter(({ payment }) => !this.#journal.refunds.has(payment) && !this.#journal.refused.has(payment));
	}

	/** Customers to register, in pieces of one transaction each, by shop. */
	registrations({ registrations }: Step): { shop: number; customers: number[] }[] {
		return registrations.flatMap((all, shop) => {
			const open = all.filter((customer) => this.#unregistered.has(customer));
			const pieces = Math.ceil(open.length / MAX_REGISTRATIONS);
			return Array.from({ length: pieces }, (_, i) => ({ shop, customers: open.slice(i * MAX_REGISTRATIONS, (i + 1) * MAX_REGISTRATIONS) }));
		});
	}

	/** How many transactions a step still takes. */
	transactions(step: Step): number {
		const batches = this.batches(step);
		const cancels = batches.filter(({ returned }) => returned).length;
		return batches.length + cancels + this.registrations(step).length + this.actions(step).length + this.refunds(step).length;
	}
}
