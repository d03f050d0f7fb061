/** The keys that are no passkey, what brings them back; languages; and reminders for a calendar. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { type Person, launch, person } from '../lib/browser.ts';
import { eventually } from '../lib/expect.ts';
import { install } from '../lib/extension.ts';
import { faults, picture } from '../lib/looks.ts';
import { accountIn, accountOf, askFor, openTill, register, usable } from '../lib/people.ts';
import { type World, open } from '../lib/world.ts';

const run = Date.now();
const PIN = 'correct horse';
/** Milliseconds for which somebody thinks what the PIN was. */
const PONDER = 8_000;
let world: World;
let browser: Browser;
let sky = 0;

/** A form of the first screen, opened. */
async function form(page: Page, summary: string, place = 0) {
	await page.goto(`${world.web}/wallet/`);
	const details = page.locator('details', { hasText: summary });
	await details.locator('summary').click();
	return details.locator('form').nth(place);
}

const arrived = (page: Page) => page.getByRole('heading', { name: 'No points yet' }).waitFor({ timeout: 60_000 });

describe('other keys', () => {
	before(async () => {
		world = await open();
		[sky] = await world.programs();
		browser = await launch();
	});
	after(async () => {
		await browser?.close();
	});

	test('with the key of an extension a customer is registered, pays, and is reminded', async () => {
		const [customer, till] = (await Promise.all([person(browser), person(browser)])) as [Person, Person];
		const { address, signed } = await install(customer, `web-${run}`);
		const { page } = customer;
		await page.goto(`${world.web}/wallet/`);
		await page.locator('summary', { hasText: 'Use a wallet in my browser' }).click();
		await page.getByRole('button', { name: 'stub-wallet' }).click();
		await page.getByRole('button', { name: address }).click();
		await arrived(page);
		assert.equal(accountIn(await accountOf(customer, world)), address);
		await openTill(till, world, await world.access(1, 'till', `T6-${run % 100_000}`));
		await register(till, customer, world, `E-${run}`);
		await world.api('/v1/awards', await world.access(1, 'issuer'), { program: sky, order: `keys-${run}`, to: address, points: '900' });
		await page.goto(`${world.web}/wallet/#${await askFor(till, world, '2.00')}`);
		await page.getByRole('button', { name: 'Pay 2.00' }).click();
		await till.page.locator('[data-verdict=good]').waitFor();
		await page.locator('[data-kind=pay][data-state=final]').waitFor();
		assert.deepEqual(signed, { transactions: 1, texts: 1 });
		await page.goto(`${world.web}/wallet/#points`);
		assert.equal(await eventually('points', () => usable(customer, sky), (units) => units === 700), 700);
		await reminded(page);
		for (const one of [customer, till]) assert.deepEqual(one.complaints, []);
		await Promise.all([customer, till].map(({ context }) => context.close()));
	});

	/** The file for a calendar says when what is on the screen expires, and reminds of it. */
	async function reminded(page: Page): Promise<void> {
		const [download] = await Promise.all([page.waitForEvent('download'), page.locator('[data-test=remind]').click()]);
		assert.equal(download.suggestedFilename(), 'points.ics');
		const lines = readFileSync(await download.path(), 'utf8').replaceAll('\r\n ', '').split('\r\n');
		const [events, values] = [lines.filter((line) => line === 'BEGIN:VEVENT'), new Map(lines.map((line) => [line.split(':')[0], line.slice(line.indexOf(':') + 1)]))];
		assert.equal(events.length, 1);
		assert.deepEqual([lines[0], lines.at(-2)], ['BEGIN:VCALENDAR', 'END:VCALENDAR']);
		const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(values.get('DTSTART') ?? '')?.map(Number) ?? [];
		const at = Date.UTC(year ?? 0, (month ?? 0) - 1, day, hour, minute, second);
		assert.ok(at > run + 30 * 86_400_000 && at < run + 95 * 86_400_000, values.get('DTSTART'));
		const shown = new Intl.DateTimeFormat('en', { dateStyle: 'medium' }).format(at);
		assert.match(values.get('SUMMARY') ?? '', new RegExp(`^700 SKY expire ${shown.replace(',', '\\\\,')}`));
		assert.ok(((await page.locator('article.hero').textContent()) ?? '').includes(`700 SKY expire on ${shown}`));
		assert.deepEqual(lines.filter((line) => line.startsWith('TRIGGER')), ['TRIGGER:-P30D', 'TRIGGER:-P7D']);
	}

	test('a key under a PIN comes back by its file and by its words, and by no others', async () => {
		const [first, second, third] = (await Promise.all([person(browser), person(browser), person(browser)])) as [Person, Person, Person];
		const made = await form(first.page, 'Use a PIN instead');
		await made.getByLabel('PIN or password').fill(PIN);
		await made.getByLabel('The same again').fill(PIN);
		await made.getByRole('button', { name: 'Create my key' }).click();
		await arrived(first.page);
		const account = await accountOf(first, world);
		await first.page.goto(`${world.web}/wallet/#settings`);
		const [download] = await Promise.all([first.page.waitForEvent('download'), first.page.getByRole('button', { name: 'Save the file' }).click()]);
		const file = { name: 'points-key.json', mimeType: 'application/json', buffer: readFileSync(await download.path()) };
		assert.ok(!file.buffer.toString().includes(PIN));
		await first.page.getByRole('button', { name: 'Show the twelve words' }).click();
		const dialog = first.page.locator('dialog');
		await dialog.locator('input').fill(PIN);
		await dialog.getByRole('button', { name: 'Go on' }).click();
		await first.page.locator('[data-test=words] li').first().waitFor({ timeout: 60_000 });
		const words = await first.page.locator('[data-test=words] li').allTextContents();
		assert.equal(words.length, 12);

		const byFile = await form(second.page, 'I have a file or twelve words');
		const field = byFile.locator('input[type=file]');
		await field.setInputFiles({ ...file, buffer: Buffer.from('{"hanse":"something else"}') });
		await second.page.getByText('That is no file with a key.').waitFor();
		await field.setInputFiles(file);
		const open = byFile.getByRole('button', { name: 'Open' });
		await byFile.getByLabel('Its PIN').fill('wrong horse');
		await open.click();
		await second.page.getByText('That was not it.').waitFor({ timeout: 60_000 });
		await byFile.getByLabel('Its PIN').fill(PIN);
		await open.click();
		await arrived(second.page);
		assert.equal(await accountOf(second, world), account);

		const byWords = await form(third.page, 'I have a file or twelve words', 1);
		await byWords.getByLabel('PIN or password').fill('another horse');
		await byWords.getByLabel('The same again').fill('another horse');
		// Each is a word, but together they are none's: one such list in sixteen would be somebody's.
		await byWords.locator('textarea').fill(Array(12).fill('abandon').join(' '));
		await byWords.getByRole('button', { name: 'Open' }).click();
		await third.page.getByText('Those are not twelve right words.').waitFor();
		await byWords.locator('textarea').fill(`  ${words.join('  ').toUpperCase()} `);
		await byWords.getByRole('button', { name: 'Open' }).click();
		await arrived(third.page);
		assert.equal(await accountOf(third, world), account);
		for (const one of [first, second, third]) assert.deepEqual(one.complaints, []);
		await Promise.all([first, second, third].map(({ context }) => context.close()));
	});

	test('whoever takes his time to type the PIN, and a wrong one first, pays all the same', async () => {
		const [customer, till] = (await Promise.all([person(browser), person(browser)])) as [Person, Person];
		const { page } = customer;
		const made = await form(page, 'Use a PIN instead');
		await made.getByLabel('PIN or password').fill(PIN);
		await made.getByLabel('The same again').fill(PIN);
		await made.getByRole('button', { name: 'Create my key' }).click();
		await arrived(page);
		const typed = async (pin: string) => {
			await page.locator('dialog input').fill(pin);
			await page.locator('dialog').getByRole('button', { name: 'Go on' }).click();
		};
		await openTill(till, world, await world.access(1, 'till', `T4-${run % 100_000}`));
		const agreed = register(till, customer, world, `P-${run}`);
		await page.locator('dialog input').waitFor();
		await typed(PIN);
		await agreed;
		const to = accountIn(await accountOf(customer, world));
		await world.api('/v1/awards', await world.access(1, 'issuer'), { program: sky, order: `pin-${run}`, to, points: '900' });
		await page.goto(`${world.web}/wallet/#${await askFor(till, world, '2.00')}`);
		await page.getByRole('button', { name: 'Pay 2.00' }).click();
		await typed('wrong horse');
		await page.locator('dialog', { hasText: 'That was not it.' }).waitFor({ timeout: 60_000 });
		// Longer than a node keeps the block for whoever follows it.
		await page.waitForTimeout(PONDER);
		await typed(PIN);
		await till.page.locator('[data-verdict=good]').waitFor({ timeout: 60_000 });
		await page.locator('[data-kind=pay][data-state=final]').waitFor();
		for (const one of [customer, till]) assert.deepEqual(one.complaints, []);
		await Promise.all([customer, till].map(({ context }) => context.close()));
	});

	test('the language changes at once, from right to left too, and stays', async () => {
		const one = await person(browser, { viewport: { width: 320, height: 640 } });
		const { page } = one;
		const looks = () => page.evaluate(() => [document.documentElement.lang, document.documentElement.dir, document.title]);
		await page.goto(`${world.web}/wallet/`);
		let seen = 0;
		for (const [tag, dir, title, name, heading] of [
			['en', 'ltr', 'My points', 'Language', 'Your points, in your hands'], ['de', 'ltr', 'Meine Punkte', 'Sprache', 'Ihre Punkte, in Ihrer Hand'],
			['ar', 'rtl', 'نقاطي', 'اللغة', 'نقاطك بين يديك'],
		] as const) {
			await page.locator('header select').selectOption(tag);
			await page.getByRole('heading', { level: 1, name: heading }).waitFor();
			assert.deepEqual(await looks(), [tag, dir, title]);
			assert.equal(await page.locator('header select').getAttribute('aria-label'), name);
			assert.deepEqual(await faults(page), [], tag);
			assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 320, tag);
			await page.reload();
			await page.getByRole('heading', { level: 1, name: heading }).waitFor();
			assert.deepEqual(await looks(), [tag, dir, title]);
			seen++;
		}
		assert.equal(seen, 3);
		await picture(page, 'wallet-arabic');
		assert.deepEqual(one.complaints, []);
		await one.context.close();
	});
});
