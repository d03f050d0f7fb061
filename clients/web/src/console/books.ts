/** What institutions owe for their points, by the month in which they expire. */
import { type Statement, checkStatement, statement } from '@hanse/sdk/books';
import { messageOf } from '@hanse/sdk/chain';
import { chain } from '../shared/chain.ts';

/** What is owed for a program's points that expire in one month. */
export interface Bucket {
	program: number;
	/** The first moment of the month, UTC. */
	month: number;
	points: bigint;
	value: bigint;
}

export interface Books extends Statement {
	institution: number;
	/** Why they do not add up; nothing if they do. */
	trouble: string;
}

/** The statements of all who ever were members. */
export async function allBooks(institutions: Iterable<number>): Promise<Books[]> {
	const { api, client } = await chain();
	const { hash } = await client.getFinalizedBlock();
	const found = await Promise.all([...institutions].map(async (institution) => {
		const one = await statement({ api, at: hash }, institution);
		return one && { ...one, institution, trouble: doubts(one) };
	}));
	return found.filter((one) => one !== undefined);
}

function doubts(one: Statement): string {
	try {
		checkStatement(one);
		return '';
	} catch (error) {
		return messageOf(error);
	}
}

export function byMonth({ programs }: Pick<Statement, 'programs'>): Bucket[] {
	const buckets = new Map<string, Bucket>();
	for (const { program, due } of programs) {
		for (const { expires, points, value } of due) {
			const day = new Date(expires);
			const month = Date.UTC(day.getUTCFullYear(), day.getUTCMonth());
			const key = `${program} ${month}`;
			const bucket = buckets.get(key) ?? { program, month, points: 0n, value: 0n };
			buckets.set(key, { ...bucket, points: bucket.points + points, value: bucket.value + value });
		}
	}
	return [...buckets.values()].sort((a, b) => a.month - b.month || a.program - b.program);
}
