/** The purchases file: all of it is right, or none of it is played. */

/** A line of the file that is not a purchase. */
export class MalformedRow extends Error {}

export interface Purchase {
	/** Its line in the file, which stands for the shop's own order number. */
	line: number;
	customer: number;
	/** `YYYY-MM-DD`. */
	date: string;
	/** The amount in settlement micro-units: one settlement unit is taken for one dollar. */
	price: bigint;
}

export interface Purchases {
	purchases: Purchase[];
	/** Rows with a zero amount, which earn nothing. */
	skipped: number;
}

const HEADER = 'customer,date,items,amount_usd';
const MICRO_PER_CENT = 10_000n;

/** Reads `text`; throws [`MalformedRow`] for the first line that is wrong. */
export function parsePurchases(text: string, file: string): Purchases {
	const lines = text.split(/\r?\n/);
	// A file ends with a line break.
	if (lines.at(-1) === '') lines.pop();
	const fail = (line: number, why: string): never => {
		throw new MalformedRow(`${file}, line ${line}: ${why}`);
	};
	if (lines[0] !== HEADER) fail(1, `the header must be "${HEADER}"`);

	const purchases: Purchase[] = [];
	let skipped = 0;
	let lastDate = '';
	for (const [index, row] of lines.entries()) {
		if (index === 0) continue;
		const line = index + 1;
		const fields = row.split(',');
		const [customer = '', date = '', items = '', amount = ''] = fields;
		if (fields.length !== 4) fail(line, `${fields.length} fields instead of 4`);
		if (!/^[1-9]\d{0,8}$/.test(customer)) fail(line, `"${customer}" is no customer number`);
		if (!isDate(date)) fail(line, `"${date}" is no date like 1997-12-31`);
		if (date < lastDate) fail(line, `${date} comes after ${lastDate}; rows must be in order of date`);
		if (!/^[1-9]\d{0,5}$/.test(items)) fail(line, `"${items}" is no number of items`);
		if (!/^\d{1,9}\.\d\d$/.test(amount)) fail(line, `"${amount}" is no amount like 29.33`);
		lastDate = date;

		const price = BigInt(amount.replace('.', '')) * MICRO_PER_CENT;
		if (price === 0n) skipped += 1;
		else purchases.push({ line, customer: Number(customer), date, price });
	}
	return { purchases, skipped };
}

function isDate(text: string): boolean {
	if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
	const date = new Date(`${text}T00:00:00Z`);
	// 30 February is read as 2 March.
	return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
