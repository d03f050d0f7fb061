//! `compare`: a shop's own books against the index, while both run beside each other.

use super::{Failure, Settings, say};
use crate::{
	compare::{Book, compare},
	store::Store,
};
use clap::Args;
use hanse_chain::InstitutionId;
use std::path::PathBuf;

/// Compare a shop's own CSV of balances or daily totals with the chain's final blocks
///
/// Balances have the columns account (or customer, the institution's own reference), program, points. Daily totals have
/// day, program and any of issued, redeemed, redeemed_at_home, redeemed_at_partners, exchanged_in, exchanged_out, expired,
/// cancelled, reinstated, outstanding (at the end of the day); a day that is left out between two others had nothing. All
/// points are whole numbers of smallest units; pending ones count. Prints a table of what differs, and ends with 3 then.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  hanse-gateway compare totals.csv
  hanse-gateway compare balances.csv --institution 1
  hanse-gateway compare totals.csv --ahead 60       days that begin an hour before those of UTC

A file of totals:
  day,program,issued,redeemed
  2026-11-02,1,120500,3000")]
pub struct Compare {
	#[command(flatten)]
	settings: Settings,
	/// The shop's CSV, whose first line names the columns
	file: PathBuf,
	/// Whose references the column `customer` has
	#[arg(long)]
	institution: Option<InstitutionId>,
	/// Minutes by which the shop's days are ahead of UTC
	#[arg(long, default_value_t = 0, allow_negative_numbers = true)]
	ahead: i32,
}

impl Compare {
	pub async fn execute(self) -> Result<(), Failure> {
		let config = self.settings.load(None, None)?;
		let text = std::fs::read(&self.file)
			.map_err(|error| Failure::Usage(format!("{} cannot be read ({error})", self.file.display())))?;
		let book = Book::read(&text, self.ahead)
			.map_err(|error| Failure::Usage(format!("{}: {error}", self.file.display())))?;
		let store = Store::open(&config.database).await?;
		let result = compare(&store, &book, self.institution).await?;
		say(&result)?;
		if result.differences.is_empty() { Ok(()) } else { Err(Failure::Differs) }
	}
}
