//! `reconcile`: the index against the chain.

use super::{Failure, Settings, chain};
use crate::{reconcile::reconcile, store::Store};
use clap::Args;

/// Compare the index with the chain at one final block, to the unit
///
/// Holdings, flows, closings, receipts, positions and sponsored fees. Prints what differs, and ends with 3 then. The
/// gateway may run meanwhile, and does the same each hour.
#[derive(Args, Debug)]
#[command(
	after_help = "Examples:\n  hanse-gateway reconcile\n  hanse-gateway reconcile --config /etc/hanse-gateway/gateway.toml || echo 'look at it'"
)]
pub struct Reconcile {
	#[command(flatten)]
	settings: Settings,
}

impl Reconcile {
	pub async fn execute(self) -> Result<(), Failure> {
		let config = self.settings.load(None, None)?;
		let store = Store::open(&config.database).await?;
		let (node, _) = chain::connect(&config).await?;
		let result = reconcile(&store, &chain::blocks(&node)).await?;
		println!("{result}");
		if result.differences.is_empty() { Ok(()) } else { Err(Failure::Differs) }
	}
}
