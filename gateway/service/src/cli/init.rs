//! `init`: an institution's keys for this machine, and what its own key has to sign once so that they may act.

use super::{Failure, Settings, chain, keyfile};
use crate::{config::Config, keys, model::Delegation};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use clap::Args;
use hanse_chain::{
	AccountId, InstitutionId, Node, hanse,
	reads::Reads,
	sign::{CallData, all_or_none, call_data},
};
use std::{
	fs,
	os::unix::fs::DirBuilderExt,
	path::{Path, PathBuf},
	time::Duration,
};
use subxt::utils::MultiAddress;
use tokio::time::{Instant, sleep};

const LOOK_EVERY: Duration = Duration::from_secs(2);
const UNIT: u128 = 1_000_000;

/// Make an institution's delegate keys, and wait until it has delegated to them
///
/// Makes what is not there: a key for each delegation, its passphrase, the order key, and the institution's part of the
/// configuration. Then prints the one call that the institution's own key must sign, which never comes to this machine,
/// and waits until the chain has it. Run again at any time: it goes on where it was.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  hanse-gateway init --institution 7 --config /etc/hanse-gateway/gateway.toml
  hanse-gateway init --institution 7 --delegations issue,cashier
  hanse-gateway init --institution 1 --sign-with //Alice          on a development chain

Keep a copy of order.key: with it, orders that were served are known again when the database is lost.")]
pub struct Init {
	#[command(flatten)]
	settings: Settings,
	/// The institution, as the chain counts it
	#[arg(long)]
	institution: InstitutionId,
	/// What the keys are for
	#[arg(long, value_delimiter = ',', value_parser = delegation, default_value = "issue,cashier,registrar,treasury,governance")]
	delegations: Vec<Delegation>,
	/// Where the keys go [default: the folder `keys` beside the configuration]
	#[arg(long)]
	folder: Option<PathBuf>,
	/// What each delegate gets for fees, in whole settlement units
	#[arg(long, default_value_t = 10)]
	balance: u32,
	/// Sign for the institution with this key, on a development chain only
	#[arg(long, value_name = "URI")]
	sign_with: Option<String>,
	/// Print, or send what is signed, and do not wait
	#[arg(long)]
	no_wait: bool,
	/// How many seconds to wait
	#[arg(long, default_value_t = 3_600)]
	patience: u64,
}

fn delegation(name: &str) -> Result<Delegation, String> {
	Delegation::ALL.into_iter().find(|one| one.name() == name).ok_or_else(|| {
		let names = Delegation::ALL.map(Delegation::name).join(", ");
		format!("{name} is no delegation: write one of {names}")
	})
}

/// A delegate's key in its file.
struct Delegate {
	delegation: Delegation,
	account: AccountId,
}

impl Init {
	pub async fn execute(self) -> Result<(), Failure> {
		let beside = self.settings.config.parent().unwrap_or(Path::new("")).to_owned();
		let config = match self.settings.config.exists() {
			true => self.settings.load(None, None)?,
			false => Config {
				node: self.settings.node.clone().unwrap_or_else(|| Config::default().node),
				..Config::default()
			},
		};
		let (node, development) = chain::connect(&config).await?;
		let real = chain::account_of(&Reads::new(node.at_final().await?), self.institution).await?;

		let keys = self.folder.clone().unwrap_or_else(|| beside.join("keys"));
		let folder = keys.join(self.institution.to_string());
		private_folder(&folder)?;
		let delegates = self.make_keys(&folder)?;
		let tag_key = keys.join("tag.key");
		if development {
			// On another chain the members share one, which nobody can make alone.
			make_secret(&tag_key)?;
		}
		self.configure(&config, &beside, &folder, &tag_key)?;

		let missing = self.missing(&node, real, &delegates).await?;
		if !missing.is_empty() {
			let call = batch(&node, &missing, u128::from(self.balance) * UNIT).await?;
			match &self.sign_with {
				Some(uri) => chain::submit(&node, development, real, uri, &call).await?,
				None => self.print(&config, real, &missing, &call),
			}
			if self.no_wait {
				return Ok(());
			}
			self.wait(&node, real, &delegates).await?;
		}
		println!(
			"Institution {} is ready. Next: `hanse-gateway access create --institution {} --role admin --name ME`, then `hanse-gateway run`.",
			self.institution, self.institution
		);
		Ok(())
	}

	fn make_keys(&self, folder: &Path) -> Result<Vec<Delegate>, Failure> {
		make_secret(&folder.join("order.key"))?;
		let passphrase = folder.join("passphrase");
		if !passphrase.exists() {
			keyfile::write(&passphrase, &format!("{}\n", URL_SAFE_NO_PAD.encode(keyfile::random::<24>()?)))?;
		}
		let passphrase = keys::private(&passphrase)?;
		let mut delegates = Vec::new();
		for delegation in &self.delegations {
			let path = folder.join(format!("{}.json", delegation.name()));
			if !path.exists() {
				let name = format!("{} of institution {}", delegation.name(), self.institution);
				let (text, _) = keyfile::new(&name, passphrase.trim_end())?;
				keyfile::write(&path, &text)?;
				println!("made        {}", path.display());
			}
			let account = keyfile::account(&keys::private(&path)?).ok_or_else(|| {
				Failure::Failed(format!("{} is no key as polkadot-js exports it", path.display()))
			})?;
			delegates.push(Delegate { delegation: *delegation, account });
		}
		Ok(delegates)
	}

	/// Writes the institution's part of the configuration, if it is not there.
	fn configure(
		&self,
		config: &Config,
		beside: &Path,
		folder: &Path,
		tag_key: &Path,
	) -> Result<(), Failure> {
		let path = &self.settings.config;
		if let Some(known) = config.institution(self.institution) {
			for delegation in self.delegations.iter().filter(|one| !known.keys.contains_key(one)) {
				println!(
					"{} has no key {} for institution {}: add it",
					path.display(),
					delegation.name(),
					known.id
				);
			}
			return Ok(());
		}
		let relative = |path: &Path| path.strip_prefix(beside).unwrap_or(path).display().to_string();
		let mut text = match path.exists() {
			true => fs::read_to_string(path)?,
			false => format!(
				"# See `hanse-gateway run --help`. Paths are relative to this file.\nnode = {:?}\ndatabase = \"sqlite://gateway.db\"\nlisten = \"127.0.0.1:8080\"\n",
				config.node
			),
		};
		text += &format!(
			"\n[[institutions]]\nid = {}\norder_key = {:?}\n",
			self.institution,
			relative(&folder.join("order.key"))
		);
		match tag_key.exists() {
			true => text += &format!("tag_key = {:?}\n", relative(tag_key)),
			false => {
				text +=
					"# The key that the members share, for tags of customers:\n# tag_key = \"keys/tag.key\"\n"
			},
		}
		for delegation in &self.delegations {
			text += &format!(
				"\n[institutions.keys.{}]\nfile = {:?}\npassphrase_file = {:?}\n",
				delegation.name(),
				relative(&folder.join(format!("{}.json", delegation.name()))),
				relative(&folder.join("passphrase")),
			);
		}
		// All of it or nothing.
		let new = path.with_extension("toml.new");
		fs::write(&new, text)
			.and_then(|()| fs::rename(&new, path))
			.map_err(|error| Failure::Failed(format!("{} cannot be written ({error})", path.display())))?;
		println!("configured  {}", path.display());
		Ok(())
	}

	/// Delegates that cannot act yet: not delegated to, or without money.
	async fn missing<'a>(
		&self,
		node: &Node,
		real: AccountId,
		delegates: &'a [Delegate],
	) -> Result<Vec<(&'a Delegate, bool, bool)>, Failure> {
		let delegated = Reads::new(node.at_final().await?).proxies(real).await?;
		let mut missing = Vec::new();
		for delegate in delegates {
			let no_right = !chain::has(&delegated, delegate.account, delegate.delegation);
			let no_money = self.balance > 0 && node.balance(delegate.account).await? == 0;
			if no_right || no_money {
				missing.push((delegate, no_right, no_money));
			}
		}
		Ok(missing)
	}

	fn print(&self, config: &Config, real: AccountId, missing: &[(&Delegate, bool, bool)], call: &CallData) {
		println!("\nThe key of institution {} ({real}) must sign once:", self.institution);
		for (delegate, no_right, no_money) in missing {
			if *no_right {
				println!(
					"  proxy.add_proxy({}, {:?}, 0)",
					delegate.account,
					chain::proxy_type(delegate.delegation)
				);
			}
			if *no_money {
				println!("  balances.transfer_keep_alive({}, {}.00)", delegate.account, self.balance);
			}
		}
		chain::print_call(&config.node, "All of it is one call, utility.batch_all", call);
	}

	async fn wait(&self, node: &Node, real: AccountId, delegates: &[Delegate]) -> Result<(), Failure> {
		let end = Instant::now() + Duration::from_secs(self.patience);
		println!("Waiting until a final block has it …");
		loop {
			if self.missing(node, real, delegates).await?.is_empty() {
				return Ok(());
			}
			if Instant::now() >= end {
				return Err(Failure::Failed(format!(
					"not signed within {} s: run init again when it is, it changes nothing that is there",
					self.patience
				)));
			}
			sleep(LOOK_EVERY).await;
		}
	}
}

fn private_folder(folder: &Path) -> Result<(), Failure> {
	fs::DirBuilder::new()
		.recursive(true)
		.mode(0o700)
		.create(folder)
		.map_err(|error| Failure::Failed(format!("{} cannot be made ({error})", folder.display())))
}

fn make_secret(path: &Path) -> Result<(), Failure> {
	if path.exists() {
		return Ok(());
	}
	keyfile::write(path, &format!("{}\n", hex::encode(keyfile::random::<32>()?)))?;
	println!("made        {}", path.display());
	Ok(())
}

/// What the institution signs: everything that is missing, or nothing of it.
async fn batch(node: &Node, missing: &[(&Delegate, bool, bool)], balance: u128) -> Result<CallData, Failure> {
	let at = node.at_best().await?;
	let mut calls = Vec::new();
	for (delegate, no_right, no_money) in missing {
		let account = || MultiAddress::Id(delegate.account.into());
		if *no_right {
			let kind = chain::proxy_type(delegate.delegation);
			calls.push(call_data(&at, &hanse::tx().proxy().add_proxy(account(), kind, 0))?);
		}
		if *no_money {
			let transfer = hanse::tx().balances().transfer_keep_alive(account(), balance);
			calls.push(call_data(&at, &transfer)?);
		}
	}
	Ok(all_or_none(&at, calls)?)
}
