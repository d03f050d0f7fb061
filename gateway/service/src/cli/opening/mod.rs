//! `opening`: points that a shop's customers had before.

mod attest;
mod check;
mod issue;
mod prepare;
mod send;
mod sign;

use super::{Failure, Settings, chain, say};
use crate::{
	config::Config,
	model::Hash,
	opening::{Document, Signatures},
};
use clap::{Args, Subcommand};
use std::{
	fs,
	path::{Path, PathBuf},
};

/// Bring points that customers had before: one document, signed by shop and auditor, issued once
///
/// `prepare` makes the document from a CSV, shop and auditor `sign` its hash, `check` says whether all of it is good and
/// how much is issued, `attest` puts its hash on the chain, and `issue` issues each line once, whatever happens to the database. See docs/institutions.md.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  hanse-gateway opening prepare balances.csv --institution 1 --program 1 --day 2026-11-26
  hanse-gateway opening sign opening.json --as shop --key-file shop.json --passphrase-file passphrase
  hanse-gateway opening check opening.json --csv balances.csv
  HANSE_GATEWAY_KEY=hanse_… hanse-gateway opening issue opening.json")]
pub struct Opening {
	#[command(flatten)]
	settings: Settings,
	#[command(subcommand)]
	command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
	Prepare(prepare::Prepare),
	Sign(sign::Sign),
	Check(check::Check),
	Attest(attest::Attest),
	Issue(issue::Issue),
}

impl Opening {
	pub async fn execute(self) -> Result<(), Failure> {
		match self.command {
			Command::Prepare(command) => command.execute(&self.settings).await,
			Command::Sign(command) => command.execute(),
			Command::Check(command) => command.execute(&self.settings).await,
			Command::Attest(command) => command.execute(&self.settings).await,
			Command::Issue(command) => command.execute(&self.settings).await,
		}
	}
}

/// The configuration; whoever only reads the chain needs none.
fn config(settings: &Settings) -> Result<Config, Failure> {
	match settings.config.exists() {
		true => settings.load(None, None),
		false => Ok(Config {
			node: settings.node.clone().unwrap_or_else(|| Config::default().node),
			..Config::default()
		}),
	}
}

fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
	fs::read(path).map_err(|error| Failure::Usage(format!("{} cannot be read ({error})", path.display())))
}

/// The document in a file, and its hash.
fn document(path: &Path) -> Result<(Document, Hash), Failure> {
	let wrong = |error| Failure::Failed(format!("{}: {error}", path.display()));
	let document = Document::read(&bytes(path)?).map_err(wrong)?;
	let hash = document.hash().map_err(wrong)?;
	Ok((document, hash))
}

/// Where the signatures of a document are: beside it.
fn beside(path: &Path) -> PathBuf {
	path.with_extension("signatures.json")
}

/// The signatures of a document; those of another one are of no use.
fn signatures(path: &Path, document: Hash) -> Result<Signatures, Failure> {
	let path = beside(path);
	if !path.exists() {
		return Ok(Signatures::new(document));
	}
	let found: Signatures = serde_json::from_slice(&bytes(&path)?)
		.map_err(|error| Failure::Failed(format!("{}: {error}", path.display())))?;
	match found.document == document {
		true => Ok(found),
		false => Err(Failure::Failed(format!(
			"{} is for the document {}, and this is {}: sign this one, with {} out of the way",
			path.display(),
			String::from(found.document),
			String::from(document),
			path.display()
		))),
	}
}

/// All of a file or nothing.
fn replace(path: &Path, text: &str) -> Result<(), Failure> {
	let mut new = path.as_os_str().to_owned();
	new.push(".new");
	fs::write(&new, text)
		.and_then(|()| fs::rename(&new, path))
		.map_err(|error| Failure::Failed(format!("{} cannot be written ({error})", path.display())))
}
