/** Browsers as people have them: each with its own keys, its own camera and its own network. */
import { type Browser, type BrowserContext, type BrowserContextOptions, type CDPSession, type Page, chromium } from 'playwright-core';

const FLAGS = [
	'--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync', '--disable-component-update', '--no-first-run',
	'--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream',
];
export const CHROMIUM = process.env.HANSE_CHROMIUM ?? '/usr/bin/chromium';

/** A browser; `camera` is the file from which its camera's picture comes. */
export const launch = (camera?: string): Promise<Browser> =>
	chromium.launch({ executablePath: CHROMIUM, args: camera ? [...FLAGS, `--use-file-for-fake-video-capture=${camera}`] : FLAGS });

export interface Person {
	context: BrowserContext;
	page: Page;
	/** What the page complained about: errors, and whatever the policy of its content forbade. */
	complaints: string[];
	cdp: CDPSession;
	authenticator: string;
}

/** Somebody with a device that has passkeys. */
export async function person(browser: Browser, options: BrowserContextOptions = {}): Promise<Person> {
	const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'en-GB', permissions: ['camera', 'clipboard-write', 'clipboard-read'], ...options });
	const page = await context.newPage();
	const complaints: string[] = [];
	page.on('pageerror', (error) => complaints.push(error.message));
	page.on('console', (message) => {
		if (message.type() === 'error' && !/ERR_INTERNET_DISCONNECTED|WebSocket connection/.test(message.text())) complaints.push(message.text());
	});
	const cdp = await context.newCDPSession(page);
	await cdp.send('WebAuthn.enable');
	const { authenticatorId: authenticator } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
		options: {
			protocol: 'ctap2', ctap2Version: 'ctap2_1', transport: 'internal', hasResidentKey: true, hasUserVerification: true,
			isUserVerified: true, hasPrf: true, automaticPresenceSimulation: true,
		},
	});
	return { context, page, complaints, cdp, authenticator };
}
