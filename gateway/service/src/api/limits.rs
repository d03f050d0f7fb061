//! How often a key, or an address without one, may ask.

use super::{App, access, problem::Refusal, proxies};
use axum::{
	extract::{ConnectInfo, Request, State},
	middleware::Next,
	response::{IntoResponse, Response},
};
use governor::{
	DefaultKeyedRateLimiter, Quota, RateLimiter,
	clock::{Clock, DefaultClock},
};
use std::{
	net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
	num::NonZeroU32,
	sync::Arc,
};

/// Requests a second that last; as many at once are twice that.
#[derive(Clone, Copy, Debug)]
pub struct Rates {
	pub per_key: NonZeroU32,
	pub per_address: NonZeroU32,
}

impl Default for Rates {
	fn default() -> Self {
		Self {
			per_key: NonZeroU32::new(1_000).unwrap_or(NonZeroU32::MIN),
			per_address: NonZeroU32::new(20).unwrap_or(NonZeroU32::MIN),
		}
	}
}

#[derive(Clone)]
pub struct Limits {
	keys: Arc<DefaultKeyedRateLimiter<String>>,
	addresses: Arc<DefaultKeyedRateLimiter<IpAddr>>,
}

impl Limits {
	pub fn new(rates: Rates) -> Self {
		let quota = |rate: NonZeroU32| {
			Quota::per_second(rate).allow_burst(rate.saturating_mul(NonZeroU32::MIN.saturating_add(1)))
		};
		Self {
			keys: Arc::new(RateLimiter::keyed(quota(rates.per_key))),
			addresses: Arc::new(RateLimiter::keyed(quota(rates.per_address))),
		}
	}

	fn check<K: std::hash::Hash + Eq + Clone>(
		of: &DefaultKeyedRateLimiter<K>,
		who: &K,
	) -> Result<(), Refusal> {
		of.check_key(who).map_err(|wait| {
			let wait = wait.wait_time_from(DefaultClock::default().now());
			Refusal::too_many(u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).saturating_add(1))
		})
	}

	/// Forgets those who did not ask for long.
	pub fn tidy(&self) {
		self.keys.retain_recent();
		self.addresses.retain_recent();
	}
}

/// Whoever has one address of version 6 has all that begin with the same 64 bits: they count as one.
fn household(address: IpAddr) -> IpAddr {
	match address {
		IpAddr::V4(_) => address,
		IpAddr::V6(one) => Ipv6Addr::from_bits(one.to_bits() >> 64 << 64).into(),
	}
}

/// Finds out who asks, and whether they may ask now. A wrong key counts as none, and is not passed on.
pub async fn identify(State(app): State<App>, request: Request, next: Next) -> Response {
	let (mut parts, body) = request.into_parts();
	let peer = parts
		.extensions
		.get::<ConnectInfo<SocketAddr>>()
		.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(peer)| peer.ip());
	let address = household(proxies::client(peer, &parts.headers, &app.proxies));
	let found = match access::bearer(&parts) {
		Some(secret) => app.access.find(secret).await,
		None if parts.headers.contains_key(axum::http::header::AUTHORIZATION) => Ok(None),
		None => {
			return match Limits::check(&app.limits.addresses, &address) {
				Ok(()) => next.run(Request::from_parts(parts, body)).await,
				Err(refusal) => refusal.into_response(),
			};
		},
	};
	let caller = match found {
		Ok(Some(caller)) => caller,
		Ok(None) => {
			return Limits::check(&app.limits.addresses, &address)
				.err()
				.unwrap_or_else(|| {
					access::unauthorized(
						"The access key is wrong, revoked or too old. Ask for a new one: `hanse-gateway access create`.",
					)
				})
				.into_response();
		},
		Err(error) => return Refusal::from(error).into_response(),
	};
	if let Err(refusal) = Limits::check(&app.limits.keys, &caller.key) {
		return refusal.into_response();
	}
	parts.extensions.insert(Arc::new(caller));
	next.run(Request::from_parts(parts, body)).await
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn who_has_many_addresses_is_one() {
		let of = |text: &str| household(text.parse().unwrap());
		assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:ffff:ffff:ffff"));
		assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
		assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
	}
}
