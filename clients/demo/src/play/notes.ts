/** What the journal is to hear of, once a final block: a line that is on disk takes a while. */
import { clearingEvents, clearingIn } from '../chain/clearing-events.ts';
import type { Chain } from '@hanse/sdk/chain';
import type { EventRecord } from '../chain/pipeline.ts';
import type { BlockId } from '../chain/snapshot.ts';
import type { Final, Journal } from './journal.ts';

/** Something that was done, in that block if it is not known to be final. */
type Note = { block: number } & (
	| { kind: 'batches' | 'cancelled' | 'kept' | 'refunds'; id: number }
	| { kind: 'actions'; id: number; refused: string | undefined }
);

export class Notes {
	readonly #chain: Chain;
	readonly #journal: Journal;
	#notes: Note[] = [];

	constructor(chain: Chain, journal: Journal) {
		this.#chain = chain;
		this.#journal = journal;
	}

	/** Whether the journal knows everything. */
	get isEmpty(): boolean {
		return this.#notes.length === 0;
	}

	batch(id: number): void {
		this.#notes.push({ kind: 'batches', id, block: 0 });
	}

	recall(id: number, inTime: boolean): void {
		this.#notes.push({ kind: inTime ? 'cancelled' : 'kept', id, block: 0 });
	}

	refund(id: number): void {
		this.#notes.push({ kind: 'refunds', id, block: 0 });
	}

	action(id: number, refused: string | undefined, block = 0): void {
		this.#notes.push({ kind: 'actions', id, refused, block });
	}

	/** Writes down what happened in clearing in a final block, and what else is known by then. */
	async keep(block: BlockId, events: EventRecord[]): Promise<void> {
		const clearing = await clearingIn(this.#chain, block, clearingEvents(events), this.#journal.cycle);
		if (clearing.events.length > 0 || clearing.cycle !== this.#journal.cycle) this.#journal.write(clearing);
		const isFinal = (note: Note) => note.block <= block.number;
		const known = this.#notes.filter(isFinal);
		if (known.length === 0) return;
		this.#notes = this.#notes.filter((note) => !isFinal(note));
		this.#journal.write(finalOf(block, known));
	}
}

function finalOf(block: BlockId, known: Note[]): Final {
	const idsOf = (kind: Note['kind']) => known.flatMap((note) => (note.kind === kind ? [note.id] : []));
	const refused = known.flatMap((note) => (note.kind === 'actions' && note.refused !== undefined ? [[note.id, note.refused]] : []));
	return {
		kind: 'final',
		block,
		batches: idsOf('batches'),
		cancelled: idsOf('cancelled'),
		kept: idsOf('kept'),
		actions: idsOf('actions'),
		refunds: idsOf('refunds'),
		refused: Object.fromEntries(refused),
	};
}
