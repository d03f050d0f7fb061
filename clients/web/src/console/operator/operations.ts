/** What was asked of the gateway, and what became of it. */
import { Gateway, type Line, type Operation as Asked } from '@hanse/sdk/gateway';
import { desk } from '../console.svelte.ts';

export interface Operation extends Asked {
	created: number;
	updated: number;
	transaction: string | null;
}

export const gateway = () => new Gateway('', desk.access?.key);

/** A line of a list, with the number of its order. */
export interface Result extends Line {
	order?: string | null;
	reference?: string | null;
}

/** It came to nothing, or nobody knows what became of it. */
export const needsHand = ({ status }: Pick<Asked, 'status'>): boolean => ['failed', 'expired', 'stuck'].includes(status);
