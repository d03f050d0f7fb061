//! Who signed the hash of a document. Signatures are beside the document, in a file of their own.

use crate::model::Hash;
use hanse_chain::AccountId;
use serde::{Deserialize, Serialize};
use std::fmt;
use subxt_signer::sr25519::{Keypair, PublicKey, Signature, verify};

/// In which part somebody signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Party {
	/// The institution that owes the points.
	Shop,
	/// Who has compared them with the books from before.
	Auditor,
}

impl fmt::Display for Party {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str(match self {
			Self::Shop => "shop",
			Self::Auditor => "auditor",
		})
	}
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signed {
	pub party: Party,
	pub account: AccountId,
	/// 64 bytes of sr25519: 0x and hexadecimal digits.
	pub signature: String,
}

/// The signatures of one document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signatures {
	pub document: Hash,
	pub signatures: Vec<Signed>,
}

/// The text that is signed, as wallets sign text (`signRaw` puts `<Bytes>` around it), so that nobody signs a
/// transaction with it.
pub fn message(document: Hash) -> String {
	format!("Hanse opening balances {}", String::from(document))
}

fn wrapped(document: Hash) -> Vec<u8> {
	format!("<Bytes>{}</Bytes>", message(document)).into_bytes()
}

impl Signatures {
	pub fn new(document: Hash) -> Self {
		Self { document, signatures: Vec::new() }
	}

	/// Signs with a key that is here.
	pub fn sign(&mut self, party: Party, key: &Keypair) -> Result<(), String> {
		let signature = format!("0x{}", hex::encode(key.sign(&wrapped(self.document)).0));
		self.add(party, AccountId(key.public_key().0), signature)
	}

	/// Takes a signature that was made elsewhere, in place of the party's one before.
	pub fn add(&mut self, party: Party, account: AccountId, signature: String) -> Result<(), String> {
		let signed = Signed { party, account, signature };
		signed.check(self.document)?;
		self.signatures.retain(|other| other.party != party);
		self.signatures.push(signed);
		Ok(())
	}

	/// The party's signature, which is good.
	pub fn of(&self, party: Party) -> Result<&Signed, String> {
		let signed = self.signatures.iter().find(|signed| signed.party == party);
		let signed = signed.ok_or_else(|| {
			format!("the {party} has not signed it: `hanse-gateway opening sign --as {party}`")
		})?;
		signed.check(self.document)?;
		Ok(signed)
	}
}

impl Signed {
	fn check(&self, document: Hash) -> Result<(), String> {
		let digits = self.signature.strip_prefix("0x").unwrap_or(&self.signature);
		let mut bytes = [0; 64];
		hex::decode_to_slice(digits, &mut bytes).map_err(|_| {
			format!("the {}'s signature is not 64 bytes of sr25519 in hexadecimal digits", self.party)
		})?;
		match verify(&Signature(bytes), wrapped(document), &PublicKey(self.account.0)) {
			true => Ok(()),
			false => Err(format!(
				"the {}'s signature is not {}'s for this document: sign \"{}\" with that account",
				self.party,
				self.account,
				message(document)
			)),
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use subxt_signer::sr25519::dev;

	#[test]
	fn a_signature_is_good_for_its_document_and_its_account_alone() {
		let mut signatures = Signatures::new(Hash([1; 32]));
		assert!(signatures.of(Party::Shop).unwrap_err().contains("has not signed"));
		signatures.sign(Party::Shop, &dev::alice()).unwrap();
		signatures.sign(Party::Auditor, &dev::two()).unwrap();
		assert_eq!(signatures.of(Party::Shop).unwrap().account, AccountId(dev::alice().public_key().0));
		let of_alice = signatures.of(Party::Shop).unwrap().signature.clone();
		let bob = AccountId(dev::bob().public_key().0);
		assert!(signatures.add(Party::Shop, bob, of_alice.clone()).is_err());
		let other = Signatures { document: Hash([2; 32]), ..signatures.clone() };
		assert!(other.of(Party::Shop).unwrap_err().contains("for this document"));
		assert!(signatures.add(Party::Shop, bob, "0x12".into()).unwrap_err().contains("64 bytes"));
		// A party has one: the last.
		signatures.sign(Party::Shop, &dev::bob()).unwrap();
		assert_eq!((signatures.signatures.len(), signatures.of(Party::Shop).unwrap().account), (2, bob));
	}
}
