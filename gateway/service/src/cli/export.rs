//! `export`: what the chain says, for analysts.

use super::{Failure, Settings};
use crate::{
	export::{Place, Table, write},
	store::Store,
};
use clap::Args;

/// Write events, blocks, vintages or payments as lines of JSON
///
/// All of it is from final blocks, and there is nothing personal in it. The last field of each line is a cursor: give
/// it as --after to get what came since.
#[derive(Args, Debug)]
#[command(
	after_help = "Examples:\n  hanse-gateway export events > events.ndjson\n  hanse-gateway export payments --after 1200-3 >> payments.ndjson"
)]
pub struct Export {
	#[command(flatten)]
	settings: Settings,
	/// events, blocks, vintages or payments
	table: Table,
	/// The cursor of the last line that you have
	#[arg(long, value_name = "CURSOR")]
	after: Option<Place>,
}

impl Export {
	pub async fn execute(self) -> Result<(), Failure> {
		let config = self.settings.load(None, None)?;
		let store = Store::open(&config.database).await?;
		let after = self.after.unwrap_or(Place::START);
		write(&store, self.table, after, &mut tokio::io::stdout()).await?;
		Ok(())
	}
}
