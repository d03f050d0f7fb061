/* The shell of wallet and till, so that they open without a network. What they ask of the gateway is never kept here. */
const FILES = __FILES__;
const CACHE = `hanse-${hash(__VERSION__)}`;

function hash(text) {
	let sum = 0;
	for (const letter of text) sum = (Math.imul(sum, 31) + letter.codePointAt(0)) >>> 0;
	return sum.toString(36);
}

self.addEventListener('install', (event) => {
	event.waitUntil(
		caches
			.open(CACHE)
			.then((cache) => cache.addAll(FILES.map((file) => `/${file}`)))
			.then(() => self.skipWaiting()),
	);
});

self.addEventListener('activate', (event) => {
	const old = (names) => names.filter((name) => name.startsWith('hanse-') && name !== CACHE);
	event.waitUntil(
		caches
			.keys()
			.then((names) => Promise.all(old(names).map((name) => caches.delete(name))))
			.then(() => self.clients.claim()),
	);
});

self.addEventListener('fetch', (event) => {
	const { request } = event;
	const url = new URL(request.url);
	if (request.method !== 'GET' || url.origin !== self.location.origin) return;
	if (url.pathname.startsWith('/assets/')) {
		// Its name says what is in it.
		event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
	} else if (request.mode === 'navigate' && /^\/(wallet|till)\/$/.test(url.pathname)) {
		event.respondWith(fetch(request).catch(() => caches.match(url.pathname).then((kept) => kept ?? Response.error())));
	}
});
