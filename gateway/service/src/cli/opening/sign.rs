//! `opening sign`: the hash of a document, by one of the two who answer for it.

use super::{Failure, beside, document, replace, say, signatures};
use crate::{
	keys,
	opening::{Document, Party, message},
};
use clap::Args;
use hanse_chain::AccountId;
use std::path::{Path, PathBuf};
use subxt_signer::{polkadot_js_compat, sr25519::Keypair};

/// Sign a document as the shop or as its auditor, without any node
///
/// Says what the document says, and puts the signature into a file beside it. With neither a key nor a signature it only
/// says what is to be signed, so that a wallet on another machine can (signRaw, as text).
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  hanse-gateway opening sign opening.json                       what it says, and the text to sign
  hanse-gateway opening sign opening.json --as auditor --key-file auditor.json --passphrase-file passphrase
  hanse-gateway opening sign opening.json --as shop --account 5Grw… --signature 0x…
  hanse-gateway opening sign opening.json --as shop --key //Alice          on a development chain")]
pub struct Sign {
	/// The document
	file: PathBuf,
	/// In which part
	#[arg(long = "as", value_enum)]
	party: Option<Party>,
	/// A key of sr25519, as polkadot-js exports it
	#[arg(long, requires_all = ["party", "passphrase_file"])]
	key_file: Option<PathBuf>,
	/// The file whose first line is its passphrase
	#[arg(long)]
	passphrase_file: Option<PathBuf>,
	/// The name of a key of development chains, which everybody has
	#[arg(long, value_name = "//NAME", requires = "party", conflicts_with = "key_file")]
	key: Option<String>,
	/// A signature that a wallet made
	#[arg(long, value_name = "0x…", requires_all = ["party", "account"], conflicts_with_all = ["key_file", "key"])]
	signature: Option<String>,
	/// Whose that is
	#[arg(long, requires = "signature")]
	account: Option<AccountId>,
}

impl Sign {
	pub fn execute(self) -> Result<(), Failure> {
		let (document, hash) = document(&self.file)?;
		let mut signatures = signatures(&self.file, hash)?;
		tell(&self.file, &document)?;
		say(format_args!("hash     {}", String::from(hash)))?;
		let Some(party) = self.party else {
			return say(format_args!("sign     {}", message(hash)));
		};
		let signed = match (self.signing_key()?, self.signature, self.account) {
			(Some(key), ..) => signatures.sign(party, &key),
			(None, Some(signature), Some(account)) => signatures.add(party, account, signature),
			_ => return say(format_args!("sign     {}", message(hash))),
		};
		signed.map_err(Failure::Failed)?;
		replace(&beside(&self.file), &format!("{}\n", serde_json::to_string_pretty(&signatures)?))?;
		let account = signatures.of(party).map_err(Failure::Failed)?.account;
		say(format_args!("signed   as {party} by {account}, in {}", beside(&self.file).display()))
	}

	fn signing_key(&self) -> Result<Option<Keypair>, Failure> {
		match (&self.key, &self.key_file, &self.passphrase_file) {
			(Some(name), ..) => match keys::from_uri(name).filter(|_| name.starts_with("//")) {
				Some(key) => Ok(Some(key)),
				None => Err(Failure::Usage(format!(
					"{name} is no //NAME: a key that is worth something is in a file, --key-file"
				))),
			},
			(None, Some(path), Some(passphrase)) => {
				let (json, passphrase) = (keys::private(path)?, keys::private(passphrase)?);
				let passphrase = passphrase.lines().next().unwrap_or_default();
				let key = polkadot_js_compat::decrypt_json(&json, passphrase).map_err(|error| {
					Failure::Usage(format!(
						"{} is no key of sr25519, or the passphrase is another: {error}",
						path.display()
					))
				})?;
				Ok(Some(key))
			},
			_ => Ok(None),
		}
	}
}

/// What a document says, for whoever answers for it.
pub fn tell(path: &Path, document: &Document) -> Result<(), Failure> {
	let Document { institution, program, day, balances, .. } = document;
	say(format_args!("{}: {} balances of {day}", path.display(), balances.len()))?;
	let total = document.total();
	say(format_args!(
		"total    {total} smallest units of program {program}, owed by institution {institution}"
	))
}
