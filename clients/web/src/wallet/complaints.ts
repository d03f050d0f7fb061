/** How complaints stand on the chain. What a shop answers goes to the customer; the chain has the hash of it. */
import { BEST } from '@hanse/sdk/chain';
import { chain } from '../shared/chain.ts';

export interface ComplaintView {
	/** Until the shop answers; until somebody brings it to a vote; until the members have voted; or how it ended. */
	step: 'waiting' | 'answered' | 'case' | 'Answered' | 'ChargedBack' | 'Settled' | 'Upheld';
	until: number;
	/** What was not given back when it was made, in micro-units. */
	price: bigint;
	/** The member that brought it to a vote. */
	by: number | undefined;
	/** The hash of the shop's last answer, if that covers this one. */
	document: string | undefined;
}

/** The complaint about a payment, as long as the chain keeps it. */
export async function complaintOf(payer: string, merchant: number, commitment: string): Promise<ComplaintView | undefined> {
	const { api } = await chain();
	const number = await api.query.Conduct.ComplaintOf.getValue([merchant, payer, commitment], BEST);
	if (number === undefined) return undefined;
	const [shown, stored, docket, brought] = await Promise.all([
		api.view.Conduct.complaint(merchant, number, BEST), api.query.Conduct.Complaints.getValue(merchant, number, BEST),
		api.query.Conduct.Dockets.getValue(merchant, BEST), api.query.Conduct.OpenCases.getValue(merchant, number, BEST),
	]);
	if (!shown || !stored) return undefined;
	const answered = number <= docket.answered_to;
	const rest = { price: shown.price, by: brought?.by, document: answered ? docket.document : undefined };
	if (shown.state.type === 'Closed') return { ...rest, step: shown.state.value.type, until: Number(shown.ends) };
	// Times are stored by the chain's own clock, which stands still now and then; the read has them by that on the wall.
	if (brought) return { ...rest, step: 'case', until: Number(brought.ends + shown.deadline - stored.deadline) };
	return { ...rest, step: answered ? 'answered' : 'waiting', until: Number(answered ? shown.ends : shown.deadline) };
}
