/** What of a plan is still to be asked for. */
import type { Chain } from '@hanse/sdk/chain';
import type { Snapshot } from '../chain/snapshot.ts';
import type { Action, Batch, Plan, Refund, Step } from '../plan/plan.ts';
import type { Customers } from './customers.ts';
import type { Journal } from './journal.ts';

export class Remaining {
	readonly #journal: Journal;
	readonly #unregistered: Set<number>;

	private constructor(journal: Journal, unregistered: Set<number>) {
		this.#journal = journal;
		this.#unregistered = unregistered;
	}

	static async find({ api }: Chain, { at }: Snapshot, plan: Plan, journal: Journal, customers: Customers): Promise<Remaining> {
		const keys = plan.customers.map((customer): [string] => [customers.address(customer)]);
		const registrations = await api.query.Customers.Registrations.getValues(keys, at);
		return new Remaining(journal, new Set(plan.customers.filter((_, index) => !registrations[index])));
	}

	/** Batches that are to be issued, or were and are to be taken back. */
	batches({ batches }: Step): Batch[] {
		return batches.filter((batch) => !this.#journal.batches.has(batch.id) || this.isToReturn(batch));
	}

	isToReturn({ id, returned }: Batch): boolean {
		return returned && !this.#journal.cancelled.has(id) && !this.#journal.kept.has(id);
	}

	actions({ actions }: Step): Action[] {
		return actions.filter(({ id }) => !this.#journal.actions.has(id));
	}

	/** Of payments that are or will be on the chain. */
	refunds({ refunds }: Step): Refund[] {
		return refunds.filter(({ payment }) => !this.#journal.refunds.has(payment) && !this.#journal.refused.has(payment));
	}

	/** Customers to register, by shop. */
	registrations({ registrations }: Step): { shop: number; customers: number[] }[] {
		return registrations.map((all, shop) => ({ shop, customers: all.filter((customer) => this.#unregistered.has(customer)) }))
			.filter(({ customers }) => customers.length > 0);
	}

	/** How many things a step still asks for. */
	size(step: Step): number {
		const registrations = this.registrations(step).reduce((n, { customers }) => n + customers.length, 0);
		const batches = this.batches(step).reduce((n, { awards, returned }) => n + awards.length + Number(returned), 0);
		return registrations + batches + this.actions(step).length + this.refunds(step).length;
	}
}
