/** When points expire, as a file that calendars take (iCalendar, RFC 5545), with a reminder 30 and 7 days before. */

export interface Expiry {
	/** What names it: the same again replaces it. */
	id: string;
	/** Milliseconds since 1970: the points expire then. */
	at: number;
	/** As a person reads it. */
	text: string;
}

/** Octets of a line. */
const WIDTH = 75;
const REMIND = [30, 7];

export function calendar(expiries: readonly Expiry[], now: number): string {
	const lines = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Hanse//Wallet//EN', ...expiries.flatMap((one) => event(one, now)), 'END:VCALENDAR'];
	return `${lines.map(folded).join('\r\n')}\r\n`;
}

function event({ id, at, text }: Expiry, now: number): string[] {
	const alarms = REMIND.flatMap((days) => ['BEGIN:VALARM', 'ACTION:DISPLAY', `DESCRIPTION:${escaped(text)}`, `TRIGGER:-P${days}D`, 'END:VALARM']);
	return ['BEGIN:VEVENT', `UID:${id}@hanse`, `DTSTAMP:${stamp(now)}`, `DTSTART:${stamp(at)}`, `SUMMARY:${escaped(text)}`, ...alarms, 'END:VEVENT'];
}

const stamp = (at: number) => new Date(at).toISOString().replace(/[-:]|\.\d+/g, '');
const escaped = (text: string) => text.replace(/[\\;,]/g, (letter) => `\\${letter}`).replace(/\r?\n/g, '\\n');

/** No line is longer than it may be, and none is cut within a letter. */
function folded(line: string): string {
	const [rows, encoder] = [[''], new TextEncoder()];
	let length = 0;
	for (const letter of line) {
		const size = encoder.encode(letter).length;
		if (length + size > WIDTH) (rows.push(' '), (length = 1));
		rows[rows.length - 1] += letter;
		length += size;
	}
	return rows.join('\r\n');
}
