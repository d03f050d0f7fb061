/** Addresses of this page's own scripts, which browsers take from named places alone. */

interface Policies {
	createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): unknown };
}

const own = (url: string): string => {
	if (new URL(url, location.href).origin !== location.origin) throw new Error(`${url} is not from here`);
	return url;
};

const { trustedTypes } = globalThis as { trustedTypes?: Policies };
const policy = trustedTypes?.createPolicy('hanse', { createScriptURL: own });

export const trustedUrl = (url: string): string => (policy ? (policy.createScriptURL(url) as string) : own(url));
