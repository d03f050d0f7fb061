/** What people do at the pages, in steps that several tests have in common. */
import { type Page, expect } from './expect.ts';
import type { Person } from './browser.ts';
import type { World } from './world.ts';

/** The text of the code that is on the screen. */
export const codeOn = async (page: Page): Promise<string> => {
	const text = await page.locator('svg.code').getAttribute('data-text');
	if (!text) throw new Error('there is no code on the screen');
	return text;
};

/** Types what a camera would see. */
export async function paste(page: Page, text: string): Promise<void> {
	const field = page.locator('input[name=link]');
	for (let attempt = 1; ; attempt++) {
		// What the page hears just then closes it again.
		if (!(await field.isVisible())) await page.locator('summary', { hasText: 'Without a camera' }).click();
		try {
			await field.fill(text, { timeout: 3_000 });
			break;
		} catch (error) {
			if (attempt === 5) throw error;
		}
	}
	await page.getByRole('button', { name: 'Take it' }).click();
}

/** A new wallet with a passkey. */
export async function beginWallet({ page }: Person, world: World): Promise<void> {
	await page.goto(`${world.web}/wallet/`);
	await page.getByRole('button', { name: 'Create my key' }).first().click();
	await page.getByRole('heading', { name: 'No points yet' }).waitFor();
}

/** The link that a customer's code says. */
export async function accountOf({ page }: Person, world: World): Promise<string> {
	await page.goto(`${world.web}/wallet/#code`);
	return codeOn(page);
}

/** The account that such a link names. */
export const accountIn = (link: string): string => new URLSearchParams(link.split('?')[1]).get('a') ?? '';

/** Opens a till. */
export async function openTill({ page }: Person, world: World, key: string): Promise<void> {
	await page.goto(`${world.web}/till/#key=${key}`);
	await page.getByRole('heading', { name: 'New sale' }).waitFor();
	expect(!page.url().includes('hanse_'), 'the key stays in the address');
}

/** A shop registers a customer: three codes, as at the counter. */
export async function register(till: Person, customer: Person, world: World, reference: string): Promise<void> {
	const account = await accountOf(customer, world);
	await till.page.goto(`${world.web}/till/#register`);
	await paste(till.page, account);
	await till.page.getByLabel('Customer number').fill(reference);
	await till.page.getByLabel('Number of the person').fill(`P-${reference}`);
	await till.page.getByRole('button', { name: 'Go on' }).click();
	const consent = await codeOn(till.page);
	await customer.page.goto(`${world.web}/wallet/#${consent}`);
	await customer.page.getByRole('button', { name: 'I agree' }).click();
	const signature = await codeOn(customer.page);
	await till.page.getByRole('button', { name: /scan the answer/ }).click();
	await paste(till.page, signature);
	// A machine that compiles a runtime for another chain meanwhile is slow.
	await till.page.locator('[data-verdict=good]').waitFor({ timeout: 60_000 }).catch(async (error: unknown) => {
		throw new Error(`not registered: ${await till.page.locator('main').innerText()}`, { cause: error });
	});
	await till.page.getByRole('button', { name: 'Another one' }).click();
}

/** Asks for a payment, and answers what the code says. */
export async function askFor({ page }: Person, world: World, points: string, money = ''): Promise<string> {
	await page.goto(`${world.web}/till/#sale`);
	const next = page.getByRole('button', { name: /Next customer|Give up|Go on without points/ });
	if (await next.isVisible()) await next.click();
	await page.getByLabel('To pay with points').fill(points);
	if (money) await page.getByLabel(/Paid with money/).fill(money);
	await page.getByRole('button', { name: 'Go on' }).click();
	return points ? codeOn(page) : '';
}

/** Smallest units of a program that the wallet shows. */
export async function usable({ page }: Person, program: number): Promise<number> {
	const text = await page.locator(`article[data-program="${program}"] [data-test=usable]`).textContent({ timeout: 30_000 });
	return Number((text ?? '').replace(/[^\d.]/g, ''));
}
