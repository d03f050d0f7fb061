//! `keys`: which keys this gateway has, and whether the chain lets them act.

use super::{Failure, Settings, chain};
use crate::keys::Keys;
use clap::Args;
use hanse_chain::reads::Reads;

/// List the keys of this gateway, and whether the chain lets them act
///
/// Opens every key with its passphrase, asks the node whether the institution has delegated to it, and what it has for
/// fees. Nothing secret is printed.
#[derive(Args, Debug)]
#[command(
	after_help = "Examples:\n  hanse-gateway keys\n  hanse-gateway keys --config /etc/hanse-gateway/gateway.toml"
)]
pub struct KeysCommand {
	#[command(flatten)]
	settings: Settings,
}

impl KeysCommand {
	pub async fn execute(self) -> Result<(), Failure> {
		let config = self.settings.load(None, None)?;
		let (node, development) = chain::connect(&config).await?;
		let keys = Keys::open(&config, development).map_err(|error| Failure::Usage(error.to_string()))?;
		let reads = Reads::new(node.at_final().await?);
		let mut missing = 0;
		println!(
			"{:>11}  {:10}  {:48}  {:9}  {:>12}",
			"institution", "may", "account", "delegated", "balance"
		);
		for institution in &config.institutions {
			let real = chain::account_of(&reads, institution.id).await?;
			let delegated = reads.proxies(real).await?;
			for (id, delegation) in keys.lanes().into_iter().filter(|(id, _)| *id == institution.id) {
				let Some(account) = keys.delegate(id, delegation) else { continue };
				let is_delegated = chain::has(&delegated, account, delegation);
				let balance = node.balance(account).await?;
				missing += usize::from(!is_delegated || balance == 0);
				println!(
					"{id:>11}  {:10}  {account:48}  {:9}  {:>12}",
					delegation.name(),
					if is_delegated { "yes" } else { "no" },
					chain::units(balance),
				);
			}
		}
		if missing > 0 {
			return Err(Failure::Failed(format!(
				"{missing} of the keys cannot act: `hanse-gateway init` prints what the institution has to sign"
			)));
		}
		Ok(())
	}
}
