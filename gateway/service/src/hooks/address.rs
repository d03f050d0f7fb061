//! Where a webhook may go: who names its address must not reach what only this machine can reach.

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::{
	net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
	sync::Arc,
};
use url::{Host, Url};

#[derive(Debug, thiserror::Error)]
pub enum AddressError {
	#[error("{0} is no address: write it as https://HOST/PATH")]
	NoUrl(String),
	#[error("{0}: webhooks go by https, so that nobody reads them on the way")]
	NotEncrypted(String),
	#[error("{0}: leave user and password out, the signature says who sends")]
	Password(String),
	#[error("{0} is no public address: the operator can allow it by webhooks.private_addresses")]
	Private(String),
}

/// Checks what can be checked by the words of an address alone.
pub fn check(text: &str, private_addresses: bool) -> Result<Url, AddressError> {
	let url = Url::parse(text).map_err(|_| AddressError::NoUrl(text.to_owned()))?;
	match url.scheme() {
		"https" => {},
		"http" if private_addresses => {},
		"http" => return Err(AddressError::NotEncrypted(text.to_owned())),
		_ => return Err(AddressError::NoUrl(text.to_owned())),
	}
	if !url.username().is_empty() || url.password().is_some() {
		return Err(AddressError::Password(text.to_owned()));
	}
	let public = match url.host() {
		Some(Host::Ipv4(ip)) => is_public(IpAddr::V4(ip)),
		Some(Host::Ipv6(ip)) => is_public(IpAddr::V6(ip)),
		Some(Host::Domain(name)) => name != "localhost" && !name.ends_with(".localhost"),
		None => return Err(AddressError::NoUrl(text.to_owned())),
	};
	if public || private_addresses { Ok(url) } else { Err(AddressError::Private(text.to_owned())) }
}

/// Whether anybody in the world could reach it: not this machine, its networks, or what belongs to nobody.
pub fn is_public(ip: IpAddr) -> bool {
	match ip {
		IpAddr::V4(ip) => is_public_v4(ip),
		IpAddr::V6(ip) => is_public_v6(ip),
	}
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
	let [a, b, c, _] = ip.octets();
	let special = match (a, b, c) {
		// Shared by carriers, protocol assignments, tests of speed, and 6to4 relays.
		(100, 64..=127, _) | (192, 0, 0) | (198, 18..=19, _) | (192, 88, 99) => true,
		(0, _, _) | (224.., _, _) => true,
		_ => false,
	};
	!(special || ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_documentation())
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
	if let Some(inner) = ip.to_ipv4_mapped() {
		return is_public_v4(inner);
	}
	let [a, b, c, d, e, f, high, low] = ip.segments();
	let [h1, h2] = high.to_be_bytes();
	let [l1, l2] = low.to_be_bytes();
	match (a, b) {
		// What is translated to IPv4 is as public as that; beside it are networks' own translations.
		(0x64, 0xff9b) if [c, d, e, f] == [0; 4] => is_public_v4(Ipv4Addr::new(h1, h2, l1, l2)),
		// 6to4, Teredo and documentation are not for this.
		(0x2002, _) | (0x2001, 0 | 0xdb8) => false,
		(0x2000..=0x3fff, _) => true,
		_ => false,
	}
}

/// Finds the addresses of a name, and only those that a webhook may go to: the connection is made to one of them.
#[derive(Clone)]
pub struct Resolver {
	private_addresses: bool,
}

impl Resolver {
	pub fn new(private_addresses: bool) -> Arc<Self> {
		Arc::new(Self { private_addresses })
	}
}

impl Resolve for Resolver {
	fn resolve(&self, name: Name) -> Resolving {
		let private_addresses = self.private_addresses;
		Box::pin(async move {
			let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
			let allowed: Vec<SocketAddr> =
				found.filter(|address| private_addresses || is_public(address.ip())).collect();
			if allowed.is_empty() {
				return Err(AddressError::Private(name.as_str().to_owned()).into());
			}
			Ok(Box::new(allowed.into_iter()) as Addrs)
		})
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn only_what_the_world_can_reach_is_public() {
		for ip in ["8.8.8.8", "193.0.6.139", "2a00:1450:4001::1", "::ffff:8.8.8.8", "64:ff9b::808:808"] {
			assert!(is_public(ip.parse().unwrap()), "{ip}");
		}
		let private = [
			"127.0.0.1",
			"10.1.2.3",
			"172.16.0.1",
			"192.168.1.1",
			"169.254.169.254",
			"100.64.0.1",
			"0.0.0.0",
			"224.0.0.1",
			"255.255.255.255",
			"198.18.0.1",
			"192.0.2.1",
			"::1",
			"::",
			"fe80::1",
			"fd00::1",
			"::ffff:127.0.0.1",
			"::ffff:169.254.169.254",
			"64:ff9b::7f00:1",
			"64:ff9b:1:7f00:0:100:808:808",
			"2002:7f00:1::",
			"::127.0.0.1",
		];
		for ip in private {
			assert!(!is_public(ip.parse().unwrap()), "{ip}");
		}
	}

	#[test]
	fn an_address_is_https_and_public_unless_the_operator_allows_more() {
		assert!(check("https://shop.example/hooks", false).is_ok());
		for (text, part) in [
			("http://shop.example/hooks", "by https"),
			("https://u:p@shop.example/", "leave user and password out"),
			("https://127.0.0.1/", "no public address"),
			("https://[::1]/", "no public address"),
			("https://2130706433/", "no public address"),
			("https://0x7f.1/", "no public address"),
			("https://localhost/", "no public address"),
			("ftp://shop.example/", "no address"),
			("shop.example", "no address"),
		] {
			let error = check(text, false).unwrap_err().to_string();
			assert!(error.contains(part), "{text}: {error}");
		}
		assert!(check("http://127.0.0.1:9000/", true).is_ok());
	}

	#[tokio::test]
	async fn a_public_name_that_leads_home_is_refused() {
		let name = || "localhost".parse::<Name>().unwrap();
		assert!(Resolver::new(false).resolve(name()).await.is_err());
		assert!(Resolver::new(true).resolve(name()).await.is_ok());
	}
}
