//! Whose address a request comes from, when proxies that are known stand in between.

use axum::http::HeaderMap;
use serde::{Deserialize, Deserializer};
use std::{net::IpAddr, str::FromStr};

/// Addresses that begin alike: `10.0.0.0/8`, or one alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
	address: IpAddr,
	bits: u32,
}

impl Network {
	fn has(&self, address: IpAddr) -> bool {
		let (own, other, length) = match (self.address, plain(address)) {
			(IpAddr::V4(own), IpAddr::V4(other)) => (u128::from(own.to_bits()), other.to_bits().into(), 32),
			(IpAddr::V6(own), IpAddr::V6(other)) => (own.to_bits(), other.to_bits(), 128),
			_ => return false,
		};
		// All bits but the first ones may differ.
		(own ^ other).checked_shr(length - self.bits).unwrap_or(0) == 0
	}
}

/// An address of version 4 may be written as one of version 6.
fn plain(address: IpAddr) -> IpAddr {
	address.to_canonical()
}

impl FromStr for Network {
	type Err = String;

	fn from_str(text: &str) -> Result<Self, String> {
		let wrong = || format!("{text} is no network: write it as 10.0.0.0/8, or as an address");
		let (address, bits) = match text.split_once('/') {
			Some((address, bits)) => (address, Some(bits.parse().map_err(|_| wrong())?)),
			None => (text, None),
		};
		let address = plain(address.parse().map_err(|_| wrong())?);
		let length = if address.is_ipv4() { 32 } else { 128 };
		let bits = bits.unwrap_or(length);
		if bits > length { Err(wrong()) } else { Ok(Self { address, bits }) }
	}
}

impl<'de> Deserialize<'de> for Network {
	fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
		String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
	}
}

/// Who asks: the last one on the way that is no known proxy. What stands before that could be written by anybody. Most
/// proxies write one of the two headers and pass the other one on, whoever wrote it: where the two say different things
/// neither is believed, and it was the proxy itself that asked.
pub fn client(peer: IpAddr, headers: &HeaderMap, proxies: &[Network]) -> IpAddr {
	let [standard, usual] = forwarded(headers);
	match (standard, usual) {
		(Some(standard), Some(usual)) => {
			let [standard, usual] = [standard, usual].map(|way| last_stranger(peer, way, proxies));
			if standard == usual { standard } else { plain(peer) }
		},
		(way, None) | (None, way) => last_stranger(peer, way.unwrap_or_default(), proxies),
	}
}

fn last_stranger(peer: IpAddr, way: Vec<Option<IpAddr>>, proxies: &[Network]) -> IpAddr {
	let is_proxy = |address: &IpAddr| proxies.iter().any(|network| network.has(*address));
	let mut found = plain(peer);
	for before in way.into_iter().rev() {
		if !is_proxy(&found) {
			break;
		}
		match before {
			Some(address) => found = plain(address),
			// Hidden or misspelt: it is the proxy's own.
			None => break,
		}
	}
	found
}

/// The addresses that proxies wrote down, each after the one before: of `Forwarded` (RFC 7239), and of
/// `X-Forwarded-For`; of each that is there.
fn forwarded(headers: &HeaderMap) -> [Option<Vec<Option<IpAddr>>>; 2] {
	let all = |name: &str| {
		let values = headers.get_all(name).iter().map(|value| value.to_str().unwrap_or_default().to_owned());
		values
			.flat_map(|value| value.split(',').map(|one| one.trim().to_owned()).collect::<Vec<_>>())
			.collect::<Vec<_>>()
	};
	let is_there = |name: &str| headers.contains_key(name);
	[
		is_there("forwarded").then(|| all("forwarded").iter().map(|hop| node(hop)).collect()),
		is_there("x-forwarded-for").then(|| all("x-forwarded-for").iter().map(|one| read(one)).collect()),
	]
}

fn node(hop: &str) -> Option<IpAddr> {
	let mut pairs = hop.split(';').filter_map(|pair| pair.trim().split_once('='));
	let (_, node) = pairs.find(|(name, _)| name.eq_ignore_ascii_case("for"))?;
	read(node.trim_matches('"'))
}

/// An address, which may have a port.
fn read(text: &str) -> Option<IpAddr> {
	let bare = text.strip_prefix('[').and_then(|rest| rest.split(']').next());
	let bare =
		bare.or_else(|| text.split_once(':').filter(|(_, port)| !port.contains(':')).map(|(host, _)| host));
	bare.unwrap_or(text).parse().ok()
}

#[cfg(test)]
mod tests {
	use super::*;
	use axum::http::{HeaderName, HeaderValue};

	fn client_of(peer: &str, headers: &[(&'static str, &'static str)]) -> String {
		let proxies = ["10.0.0.0/8", "::1"].map(|network| network.parse().unwrap());
		let headers = headers
			.iter()
			.map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
			.collect();
		client(peer.parse().unwrap(), &headers, &proxies).to_string()
	}

	#[test]
	fn what_a_stranger_writes_is_not_believed() {
		assert_eq!(client_of("192.0.2.1", &[("x-forwarded-for", "203.0.113.9")]), "192.0.2.1");
		assert_eq!(client_of("10.1.1.1", &[]), "10.1.1.1");
		assert_eq!(client_of("10.1.1.1", &[("x-forwarded-for", "203.0.113.9")]), "203.0.113.9");
		// The client wrote the first one itself.
		assert_eq!(client_of("::1", &[("x-forwarded-for", "1.2.3.4, 203.0.113.9, 10.2.2.2")]), "203.0.113.9");
		assert_eq!(client_of("::ffff:10.1.1.1", &[("x-forwarded-for", "nonsense")]), "10.1.1.1");
		for forwarded in ["for=203.0.113.9;proto=https", "For=\"203.0.113.9:4711\"", "by=x;for=203.0.113.9"] {
			assert_eq!(client_of("10.1.1.1", &[("forwarded", forwarded)]), "203.0.113.9", "{forwarded}");
		}
		assert_eq!(client_of("10.1.1.1", &[("forwarded", "for=\"[2001:db8::7]:80\"")]), "2001:db8::7");
		assert_eq!(client_of("10.1.1.1", &[("forwarded", "for=_hidden")]), "10.1.1.1");
	}

	/// A proxy that writes one of the headers passes the other one on as the client made it up.
	#[test]
	fn of_two_ways_that_differ_neither_is_believed() {
		let (made_up, written) = (("forwarded", "for=1.2.3.4"), ("x-forwarded-for", "203.0.113.9"));
		assert_eq!(client_of("10.1.1.1", &[made_up, written]), "10.1.1.1");
		let (written, made_up) = (("forwarded", "for=203.0.113.9"), ("x-forwarded-for", "1.2.3.4"));
		assert_eq!(client_of("10.1.1.1", &[made_up, written]), "10.1.1.1");
		let same = ("x-forwarded-for", "1.2.3.4, 203.0.113.9, 10.2.2.2");
		assert_eq!(client_of("10.1.1.1", &[written, same]), "203.0.113.9");
	}

	#[test]
	fn a_network_is_an_address_with_its_first_bits() {
		for wrong in ["10.0.0.0/33", "x", "10.0.0/8", "::/129", "10.0.0.0/-1"] {
			assert!(wrong.parse::<Network>().is_err(), "{wrong}");
		}
		assert!("0.0.0.0/0".parse::<Network>().unwrap().has("203.0.113.9".parse().unwrap()));
		assert!(!"10.0.0.0/9".parse::<Network>().unwrap().has("10.128.0.1".parse().unwrap()));
	}
}
