//! What stands on the chain for an order, a customer or a person: it tells nothing, and is the same again.

use crate::model::Hash;
use hanse_chain::ProgramId;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// What a commitment is for, so that one number means different things in different places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
	/// An order for which points of a program are awarded.
	Award(ProgramId),
	/// An order that is paid.
	Payment,
	/// An institution's own reference of a customer.
	Customer,
	/// A person, by a key that the members share.
	Tag,
}

impl Scope {
	fn name(self) -> String {
		match self {
			Self::Award(program) => format!("award:{program}"),
			Self::Payment => "payment".into(),
			Self::Customer => "customer".into(),
			Self::Tag => "tag".into(),
		}
	}
}

/// HMAC-SHA-256 of scope and number: nobody without the key can tell which number it is of, and whoever has lost
/// everything but the key gets the same again.
pub fn commitment(key: &[u8; 32], scope: Scope, number: &str) -> Hash {
	// Shorter keys are padded with zeros, by the standard.
	let mut block = [0; 64];
	block[..key.len()].copy_from_slice(key);
	let mut mac = Hmac::<Sha256>::new(&block.into());
	mac.update(scope.name().as_bytes());
	mac.update(&[0]);
	mac.update(number.as_bytes());
	Hash(mac.finalize().into_bytes().into())
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_commitment_is_the_hmac_of_scope_and_number() {
		// By `printf 'payment\0A-1' | openssl dgst -sha256 -mac HMAC -macopt hexkey:0101…`.
		let Hash(bytes) = commitment(&[1; 32], Scope::Payment, "A-1");
		assert_eq!(hex::encode(bytes), "c90275b71e8d8a1004ffabf28e6acf0964dfbff2fde37d26332bde813ac2a076");
	}

	#[test]
	fn scopes_and_numbers_do_not_run_into_each_other() {
		let key = [1; 32];
		assert_ne!(commitment(&key, Scope::Award(1), "1"), commitment(&key, Scope::Award(11), ""));
		assert_ne!(commitment(&key, Scope::Payment, "1"), commitment(&key, Scope::Customer, "1"));
	}
}
