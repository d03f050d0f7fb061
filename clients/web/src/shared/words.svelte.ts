/** Words, amounts and moments in the language of the reader. */
import { FluentBundle, FluentResource, type FluentVariable } from '@fluent/bundle';
import { SETTLEMENT_DECIMALS } from '@hanse/sdk/money';

export const LANGUAGES = { en: 'English', de: 'Deutsch', ar: 'العربية' } as const;
export type Language = keyof typeof LANGUAGES;
const RIGHT_TO_LEFT: Language[] = ['ar'];
const CHOICE = 'hanse.language';

/** The words of one page, by language: each is loaded when it is wanted. */
export type Loader = Record<Language, () => Promise<string>>;

const all = (found: Record<string, () => Promise<unknown>>): Loader =>
	Object.fromEntries(Object.entries(found).map(([path, load]) => [/([a-z]+)\.ftl$/.exec(path)?.[1], load])) as Loader;
const shared = all(import.meta.glob('./words/*.ftl', { query: '?raw', import: 'default' }));

let bundle = $state.raw<FluentBundle | undefined>();
let language = $state<Language>('en');

export const current = (): Language => language;

/** The language that was chosen, else the first that the browser asks for and that is here. */
function preferred(): Language {
	const wanted = [localStorage.getItem(CHOICE), ...navigator.languages].map((tag) => tag?.slice(0, 2));
	return (wanted.find((tag) => tag !== undefined && tag in LANGUAGES) ?? 'en') as Language;
}

/** Takes up a language, before anything is shown. */
export async function speak(page: Record<string, () => Promise<unknown>>, chosen = preferred()): Promise<void> {
	const made = new FluentBundle(chosen, { useIsolating: RIGHT_TO_LEFT.includes(chosen) });
	for (const text of await Promise.all([shared[chosen](), all(page)[chosen]()])) {
		const faults = made.addResource(new FluentResource(text));
		if (faults.length) throw faults[0];
	}
	bundle = made;
	language = chosen;
	document.documentElement.lang = chosen;
	document.documentElement.dir = RIGHT_TO_LEFT.includes(chosen) ? 'rtl' : 'ltr';
}

/** The same from now on. */
export const choose = (chosen: Language) => localStorage.setItem(CHOICE, chosen);

/** A message; its name if there is none, which the tests do not let happen. */
export function t(name: string, values?: Record<string, FluentVariable>): string {
	const message = bundle?.getMessage(name);
	return message?.value ? bundle!.formatPattern(message.value, values ?? null) : name;
}

/** Whether there is a message of this name. */
export const has = (name: string): boolean => bundle?.hasMessage(name) ?? false;

/** Smallest units as a number with decimals, exactly. */
export function amount(units: bigint, decimals: number, least = decimals): string {
	const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, '0');
	const text = `${units < 0n ? '-' : ''}${digits.slice(0, digits.length - decimals)}${decimals ? `.${digits.slice(-decimals)}` : ''}`;
	const format = new Intl.NumberFormat(language, { minimumFractionDigits: least, maximumFractionDigits: decimals });
	return format.format(text as `${number}`);
}

/** Micro-units as money, to the cent, and further if there is more. */
export const money = (micro: bigint): string => amount(micro, SETTLEMENT_DECIMALS, 2);

const MINUTE = 60_000;
const DAY = 86_400_000;

export const date = (at: number): string => new Intl.DateTimeFormat(language, { dateStyle: 'medium' }).format(at);
export const moment = (at: number): string => new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(at);

/** How far away a moment is, in its largest unit. */
export function away(at: number, now = Date.now()): string {
	const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
	const gap = at - now;
	for (const [unit, length] of [['year', 365 * DAY], ['month', 30 * DAY], ['day', DAY], ['hour', 60 * MINUTE], ['minute', MINUTE]] as const) {
		if (Math.abs(gap) >= length) return relative.format(Math.trunc(gap / length), unit);
	}
	return relative.format(Math.trunc(gap / 1_000), 'second');
}

/** What somebody typed as an amount, in smallest units; nothing if it is none. Both decimal marks are understood. */
export function parse(text: string, decimals: number): bigint | undefined {
	const plain = text.trim().replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x660)).replace(/[\s'٬]/g, '').replace('٫', '.');
	const match = /^(\d{1,15})(?:[.,](\d*))?$/.exec(plain);
	const fraction = match?.[2] ?? '';
	if (!match || fraction.length > decimals) return undefined;
	return BigInt(`${match[1]}${fraction.padEnd(decimals, '0')}`);
}
