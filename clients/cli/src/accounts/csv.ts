/** Comma-separated values as RFC 4180 has them, with the line ends of text files. */

/** A field, in quotes if it needs them. */
export const field = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

export const csv = (rows: string[][]) => rows.map((row) => row.map(field).join(',')).join('\n');

/** `1234567n` with 2 decimals is `12345.67`: without anything between thousands, so that programs read it. */
export function plain(units: bigint, decimals: number): string {
	const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, '0');
	const fraction = decimals > 0 ? `.${digits.slice(-decimals)}` : '';
	return `${units < 0n ? '-' : ''}${digits.slice(0, digits.length - decimals)}${fraction}`;
}
